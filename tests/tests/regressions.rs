//! What the fuzzers have found, and what they begin with, is held here on every machine, without a fuzzer: no input of
//! `tests/regressions` or `xtask/fuzz/seeds` breaks anything.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use wayfarer_tests::hostile;

#[test]
fn nothing_that_was_found_breaks_again() {
    let mut broken = Vec::new();
    for folder in [tests().join("regressions"), fuzzers().join("seeds")] {
        for name in names(&folder) {
            for file in names(&folder.join(&name)).iter().map(|file| folder.join(&name).join(file)) {
                let bytes = fs::read(&file).unwrap();
                if catch_unwind(|| hostile::hold(&name, &bytes)).is_err() {
                    broken.push(file);
                }
            }
        }
    }
    assert_eq!(broken, Vec::<PathBuf>::new());
}

#[test]
fn every_target_has_its_fuzzer() {
    let files: BTreeSet<String> =
        names(&fuzzers().join("targets")).iter().map(|file| file.trim_end_matches(".rs").to_owned()).collect();
    let targets: BTreeSet<String> = hostile::ALL.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(files, targets);
}

#[test]
fn what_does_not_hold_is_seen() {
    assert!(catch_unwind(|| hostile::hold("nowhere", b"")).is_err());
}

fn tests() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fuzzers() -> PathBuf {
    tests().with_file_name("xtask").join("fuzz")
}

/// The names in a folder, in order; none where there is no folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
