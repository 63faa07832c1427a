//! What counts as a fault of the tree.

use std::path::PathBuf;

use super::{links, misplaced, words};

#[test]
fn a_stray_file_at_the_top_is_told_once() {
    let files: Vec<PathBuf> =
        ["Cargo.toml", "crates/lang/src/lib.rs", "notes/a", "notes/b", "stray"].iter().map(PathBuf::from).collect();
    assert_eq!(
        misplaced(&files),
        ["notes: does not belong at the top of the project", "stray: does not belong at the top of the project"]
    );
}

#[test]
fn a_path_of_a_machine_is_told_with_its_line() {
    let text = format!("fine\nsee {}/ann/notes\n", concat!("/ho", "me"));
    let faults = words("docs/a.md", &text);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults.iter().all(|fault| fault.starts_with("docs/a.md:2: ")), "{faults:?}");
}

#[test]
fn only_links_into_the_project_are_followed() {
    let text = "[a](there.md) [b](gone.md#part) [c](https://example.com/x) [d](#here)\n```\n[e](gone.md)\n```\n";
    assert_eq!(
        links("docs/a.md", text, |target| target == "there.md"),
        ["docs/a.md:1: the link `gone.md#part` leads nowhere"]
    );
}
