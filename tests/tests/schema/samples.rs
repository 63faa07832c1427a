//! The journeys of the project are accepted; of each mistake of the pages, `spec/schema.md` says where it is refused, or that it is not.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use wayfarer::lang::{Code, check_all};
use wayfarer_tests::known::{built_in, with_own};
use wayfarer_tests::pages::groups;

use crate::{refused, root, validator, value};

/// Folders that hold nothing of ours.
const FOREIGN: [&str; 3] = ["target", "node_modules", ".git"];

/// Codes whose every mistake is within one place of the file, and the type of a step. Others may be refused, too.
const ALWAYS: [&str; 2] = ["J01", "J0201"];

/// But for this one: whether a type's limits contradict each other takes two of its keys.
const COMPARED: &str = "J0109";

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

fn found(extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    files(root(), extension, &mut found);
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// Where journeys that check are refused all the same; how many there are is counted.
fn wrongly_refused(journeys: &[(String, Vec<String>)]) -> (usize, String) {
    let (catalog, mut count, mut wrong) = (with_own(), 0, String::new());
    let validator = validator(&catalog);
    for (place, texts) in journeys {
        let checked = check_all(texts.iter().map(|text| (place, text)), &catalog);
        for (text, file) in texts.iter().zip(checked) {
            if file.program.is_none() {
                continue;
            }
            count += 1;
            let refused = refused(&validator, &value(text).unwrap());
            if !refused.is_empty() {
                writeln!(wrong, "{place}: refused at {}", refused.join(", ")).unwrap();
            }
        }
    }
    (count, wrong)
}

#[test]
fn every_journey_of_the_project_is_accepted() {
    let journeys: Vec<_> = found("yaml").into_iter().map(|(path, text)| (path.display().to_string(), text)).collect();
    let (starter, journeys): (Vec<_>, Vec<_>) = journeys.into_iter().partition(|(path, _)| path.contains("starter"));
    // A journey is checked with those beside it, which it may invoke.
    let folder = |path: &str| Path::new(path).parent().unwrap().display().to_string();
    let mut together: Vec<(String, Vec<String>)> = Vec::new();
    for (path, text) in journeys {
        match together.iter_mut().find(|(known, _)| *known == folder(&path)) {
            Some((_, texts)) => texts.push(text),
            None => together.push((folder(&path), vec![text])),
        }
    }
    together.extend(starter.into_iter().map(|(path, text)| (path, vec![text.replace("NAME", "name")])));
    let (count, wrong) = wrongly_refused(&together);
    assert_eq!(wrong, "", "\n{wrong}");
    assert!(count >= 12, "{count} journeys");
}

#[test]
fn every_journey_of_a_page_that_checks_is_accepted() {
    let mut journeys = Vec::new();
    for (path, page) in found("md") {
        for group in groups(&page) {
            let texts: Vec<_> = group
                .iter()
                .filter(|fence| fence.language.starts_with("yaml"))
                .map(|fence| fence.text.clone())
                .collect();
            let line = group.first().map_or(0, |fence| fence.line);
            journeys.push((format!("{}:{line}", path.display()), texts));
        }
    }
    let (count, wrong) = wrongly_refused(&journeys);
    assert_eq!(wrong, "", "\n{wrong}");
    assert!(count > 150, "{count} journeys");
}

/// A place in the file, by its JSON pointer.
fn named(place: &str) -> String {
    if place.is_empty() { "the file itself".to_owned() } else { format!("`{place}`") }
}

/// A row for each wrong journey of the pages of the codes.
fn table() -> String {
    let validator = validator(&built_in());
    let mut table = String::from("| code | what is wrong | the schema |\n|---|---|---|\n");
    for code in Code::all().filter(|code| !code.id().starts_with("J06") && code.id() != "J0806") {
        let groups = groups(code.page()).into_iter();
        for group in
            groups.filter(|group| group.first().is_some_and(|it| it.heading == "Wrong" && it.language == "yaml"))
        {
            let said: Vec<_> = group
                .iter()
                .map(|fence| match value(&fence.text) {
                    None => "is not asked: this is no YAML of journeys".to_owned(),
                    Some(value) => match refused(&validator, &value) {
                        places if places.is_empty() => "accepts it".to_owned(),
                        places => format!(
                            "refuses {}",
                            places.iter().map(|place| named(place)).collect::<Vec<_>>().join(", ")
                        ),
                    },
                })
                .collect();
            let alike = said.iter().all(|other| other == &said[0]);
            let said = if alike { said[0].clone() } else { said.join("; the other file: ") };
            writeln!(table, "| {code} | {} | {said} |", code.title()).unwrap();
        }
    }
    table
}

#[test]
fn the_page_says_which_mistakes_are_refused_and_where() {
    let page = fs::read_to_string(root().join("tests/spec/schema.md")).unwrap();
    let table = table();
    assert!(page.ends_with(&table), "the table of tests/spec/schema.md should be\n\n{table}");
}

#[test]
fn what_is_wrong_in_one_place_is_always_refused() {
    let catalog = built_in();
    let validator = validator(&catalog);
    let (mut count, mut wrong) = (0, String::new());
    for (path, page) in found("md") {
        for group in groups(&page).into_iter().filter(|group| group.iter().all(|it| it.language.starts_with("yaml"))) {
            let checked = check_all(group.iter().map(|fence| ("journey.yaml", &fence.text)), &catalog);
            for (fence, file) in group.iter().zip(checked) {
                let Some(value) = value(&fence.text) else { continue };
                // Not a journey at all, but another file of YAML.
                if value.get("journey").is_none() {
                    continue;
                }
                let codes: Vec<_> = file.findings.iter().map(|finding| finding.code.id()).collect();
                let one = |code: &&&str| **code != COMPARED && ALWAYS.iter().any(|begins| code.starts_with(begins));
                let Some(code) = codes.iter().find(one) else { continue };
                count += 1;
                if refused(&validator, &value).is_empty() {
                    writeln!(wrong, "{}:{}: {code} is accepted", path.display(), fence.line).unwrap();
                }
            }
        }
    }
    assert_eq!(wrong, "", "\n{wrong}");
    assert!(count > 40, "{count} mistakes");
}
