//! The tree: the project's files come in, what lies or reads wrong goes out.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::project::Project;

#[cfg(test)]
mod tests;

/// All that may lie at the top.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".editorconfig",
    ".gitattributes",
    ".github",
    ".gitignore",
    ".rustfmt.toml",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "crates",
    "docs",
    "examples",
    "journeys",
    "sdk",
    "tests",
    "xtask",
];

/// What no file may hold, and why. Each is written in two halves, so that this file does not hold it either.
const WORDS: &[(&str, &str)] = &[
    (concat!("/ho", "me/"), "a path of one machine"),
    (concat!("/ro", "ot/"), "a path of one machine"),
    (concat!("/Use", "rs/"), "a path of one machine"),
    (concat!("/wo", "rk/"), "a path of one machine"),
    (concat!("C:", "\\Users"), "a path of one machine"),
    (concat!("TO", "DO"), "an open end"),
    (concat!("FIX", "ME"), "an open end"),
    (concat!("db", "g!("), "a left-over of debugging"),
    (concat!("<<<<", "<<< "), "a left-over of a merge"),
    (concat!(">>>>", ">>> "), "a left-over of a merge"),
    (concat!("shared", "/facts"), "a page that is not in this project"),
    (concat!("issue", " #"), "a tracker's number"),
];

/// Made by tools, or the text of others.
const FOREIGN: &[&str] = &["Cargo.lock", "LICENSE"];

pub(crate) fn check(project: &Project) -> Result<String> {
    let files = project.files()?;
    let mut faults = misplaced(&files);
    for file in &files {
        if FOREIGN.iter().any(|foreign| file == Path::new(foreign)) {
            continue;
        }
        // What is not text has no words.
        let Ok(text) = std::fs::read_to_string(project.root.join(file)) else { continue };
        let name = file.display().to_string();
        faults.extend(words(&name, &text));
        if file.extension().is_some_and(|extension| extension == "md") {
            let folder = project.root.join(file.parent().unwrap_or_else(|| Path::new("")));
            faults.extend(links(&name, &text, |target| folder.join(target).exists()));
        }
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(format!("{} files", files.len()))
}

fn misplaced(files: &[PathBuf]) -> Vec<String> {
    let mut tops: Vec<String> = files
        .iter()
        .filter_map(|file| file.components().next())
        .map(|top| top.as_os_str().to_string_lossy().into_owned())
        .collect();
    tops.dedup();
    tops.retain(|top| !TOP.contains(&top.as_str()));
    tops.into_iter().map(|top| format!("{top}: does not belong at the top of the project")).collect()
}

fn words(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (word, what) in WORDS {
            if line.contains(word) {
                faults.push(format!("{name}:{}: `{word}` is {what}", number + 1));
            }
        }
    }
    faults
}

/// The links of a page that lead to files which are not there; those to other sites are not followed.
fn links(name: &str, text: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for after in line.split("](").skip(1) {
            let Some((link, _)) = after.split_once(')') else { continue };
            let path = link.split('#').next().unwrap_or_default();
            if !path.is_empty() && !link.contains(':') && !exists(path) {
                faults.push(format!("{name}:{}: the link `{link}` leads nowhere", number + 1));
            }
        }
    }
    faults
}
