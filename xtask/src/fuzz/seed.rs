//! The journeys and the spec of the project come in; a file for each example in them goes out, for the fuzzers to begin with.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::project::Project;

/// Writes the seeds anew.
pub(super) fn plant(project: &Project, folder: &Path) -> Result<()> {
    drop(fs::remove_dir_all(folder));
    let read = |path: &Path| {
        let path = project.root.join(path);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let mut journeys = Vec::new();
    for file in project.files()? {
        let holds = file.parent().is_some_and(|folder| folder.ends_with("journeys"));
        if holds && file.extension().is_some_and(|extension| extension == "yaml") {
            journeys.push(read(&file)?);
        }
    }
    journeys.extend(fences(&read(Path::new("tests/spec/findings.md"))?));
    let mut expressions = Vec::new();
    for file in project.files()? {
        let is_chapter =
            file.starts_with("docs/language") && file.extension().is_some_and(|extension| extension == "md");
        if is_chapter {
            expressions.extend(first_cells(&read(&file)?));
        }
    }
    for (target, seeds) in [
        ("yaml", &journeys),
        ("journey", &journeys),
        ("format", &journeys),
        ("expression", &expressions),
        ("evaluation", &expressions),
    ] {
        let folder = folder.join(target);
        fs::create_dir_all(&folder)?;
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("{number:04}")), seed)?;
        }
    }
    Ok(())
}

/// What stands in the fences for YAML.
pub(super) fn fences(page: &str) -> Vec<String> {
    let parts = page.split("```yaml\n").skip(1);
    parts.filter_map(|part| part.split_once("```")).map(|(fence, _)| fence.to_owned()).collect()
}

/// The code in the first cell of each row. A bar within it is written `\|`.
pub(super) fn first_cells(page: &str) -> Vec<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let cell = |row: &str| {
        let row = row.replace("\\|", "\u{0}");
        let (cell, _) = row.split_once(" | ")?;
        Some(cell.trim().trim_matches('`').trim().replace('\u{0}', "|"))
    };
    rows.filter_map(cell).filter(|cell| !cell.is_empty()).collect()
}
