//! Every journey of the project can be laid out and says the same then; those that people start from are laid out.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use wayfarer::lang::format::format;
use wayfarer_tests::hostile;

/// Folders that hold nothing of ours.
const FOREIGN: [&str; 3] = ["target", "node_modules", ".git"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The files of the project with that extension.
fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !FOREIGN.iter().any(|foreign| path.ends_with(foreign)) {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
}

/// The journeys in files of their own.
fn journeys() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    files(root(), "yaml", &mut found);
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The journeys, and mistakes, in pages.
fn fences() -> Vec<(PathBuf, String)> {
    let mut pages = Vec::new();
    files(root(), "md", &mut pages);
    let mut found = Vec::new();
    for path in pages {
        let page = fs::read_to_string(&path).unwrap();
        let parts = page.split("```yaml").skip(1).filter_map(|part| part.split_once('\n'));
        let fences = parts.filter_map(|(_, part)| part.split_once("```"));
        found.extend(fences.map(|(fence, _)| (path.clone(), fence.to_owned())));
    }
    found
}

#[test]
fn every_journey_says_the_same_when_it_is_laid_out() {
    let all: Vec<_> = journeys().into_iter().chain(fences()).collect();
    assert!(all.len() > 200, "only {} journeys", all.len());
    let broken = all.iter().filter(|(_, text)| catch_unwind(|| hostile::hold("format", text.as_bytes())).is_err());
    assert_eq!(broken.map(|(path, _)| path).collect::<Vec<_>>(), Vec::<&PathBuf>::new());
}

#[test]
fn the_journeys_of_the_project_are_laid_out() {
    let loose = |(path, text): (PathBuf, String)| (format(text.as_bytes()).unwrap() != text).then_some(path);
    let loose: Vec<_> = journeys().into_iter().filter_map(loose).collect();
    assert_eq!(loose, Vec::<PathBuf>::new(), "`wayfarer fmt` lays them out");
}
