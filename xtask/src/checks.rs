//! The checks of `cargo xtask test`: the project comes in, a note or a fault goes out.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::project::Project;
use crate::run::Job;
use crate::{fuzz, readme, reference, schemathesis, tree};

mod browser;
mod deny;
mod editor;
#[cfg(test)]
mod tests;

/// One thing that holds for the whole project.
#[derive(Clone, Copy)]
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn(&Project) -> Result<String>,
}

/// All of them: the quick ones first, so that a slip shows at once.
pub(crate) const ALL: &[Check] = &[
    Check { name: "tree", about: "the files are in their places and speak of the project alone", run: tree::check },
    Check { name: "fmt", about: "the code is laid out by rustfmt", run: fmt },
    Check { name: "clippy", about: "no lint fires anywhere", run: clippy },
    Check { name: "build", about: "libraries, programs, tests and examples compile", run: build },
    Check { name: "tests", about: "every test passes, those in the docs included", run: tests },
    Check { name: "journeys", about: "the journeys that are handed out have no mistake", run: journeys },
    Check { name: "demo", about: "the demonstration ends as it should", run: demo },
    Check { name: "browser", about: "the official Web SDK plays journeys in a browser", run: browser::check },
    Check { name: "readme", about: "what the README shows is what happens", run: readme::check },
    Check { name: "reference", about: "the reference pages are those that the code tells", run: reference::check },
    Check {
        name: "editor",
        about: "the YAML language server completes, explains and checks journeys",
        run: editor::check,
    },
    Check { name: "docs", about: "the code's documentation builds without a warning", run: docs },
    Check { name: "deny", about: "the dependencies are those we allow", run: deny::check },
    Check {
        name: "schemathesis",
        about: "the server does what its OpenAPI document says, whatever is sent to it",
        run: schemathesis::check,
    },
    Check { name: "fuzz", about: "a minute of hostile bytes breaks none of the ways in", run: fuzz::check },
];

/// The check of that name.
pub(crate) fn find(name: &str) -> Result<Check> {
    ALL.iter().copied().find(|check| check.name == name).with_context(|| {
        let names: Vec<&str> = ALL.iter().map(|check| check.name).collect();
        format!("there is no check `{name}`, but {}", names.join(", "))
    })
}

fn fmt(project: &Project) -> Result<String> {
    Job::cargo(project, &["fmt", "--all", "--check"]).pass()?;
    for own in ["fuzz", "peers"] {
        let manifest = project.root.join("xtask").join(own).join("Cargo.toml");
        Job::cargo(project, &["fmt", "--check", "--manifest-path"]).arg(manifest).pass()?;
    }
    Ok(String::new())
}

fn clippy(project: &Project) -> Result<String> {
    Job::cargo(project, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).pass()?;
    Ok(String::new())
}

/// All targets at once, so that the tests and the programs share one set of features and nothing is built twice.
pub(crate) fn build(project: &Project) -> Result<String> {
    Job::cargo(project, &["build", "--workspace", "--all-targets"]).pass()?;
    Ok(String::new())
}

fn tests(project: &Project) -> Result<String> {
    let said = Job::cargo(project, &["test", "--workspace", "--no-fail-fast"]).pass()?;
    let count = passed(&said);
    ensure!(count > 0, "no test ran");
    Ok(format!("{count} tests"))
}

/// How many tests the harness says have passed.
fn passed(said: &str) -> u64 {
    said.lines()
        .filter_map(|line| line.trim_start().strip_prefix("test result: ok. "))
        .filter_map(|rest| rest.split_once(" passed"))
        .filter_map(|(number, _)| number.parse::<u64>().ok())
        .sum()
}

fn docs(project: &Project) -> Result<String> {
    Job::cargo(project, &["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").pass()?;
    Ok(String::new())
}

fn demo(project: &Project) -> Result<String> {
    build(project)?;
    Job::program(project, &project.program("wayfarer"), &["demo"]).pass()?;
    Ok(String::new())
}

/// The journeys at the top are for every `wayfarer`. Those of an example need its own steps, so they are checked
/// twice: by the example's program, and by the plain one that knows only the example's catalogue.
fn journeys(project: &Project) -> Result<String> {
    build(project)?;
    let wayfarer = project.program("wayfarer");
    let files = yaml_in(&project.root.join("journeys"))?;
    ensure!(!files.is_empty(), "the folder `journeys` holds no journey");
    check_files(Job::program(project, &wayfarer, &["check"]), &files)?;
    let mut count = files.len();

    for example in folders_in(&project.root.join("examples"))? {
        let files = yaml_in(&example.join("journeys"))?;
        if files.is_empty() {
            continue;
        }
        let name = example.file_name().context("an example without a name")?.to_string_lossy().into_owned();
        let own = project.program(&format!("wayfarer-example-{name}"));
        check_files(Job::program(project, &own, &["check"]), &files)?;

        let catalog = project.scratch().join(format!("{name}.catalog.json"));
        let said = std::process::Command::new(&own)
            .args(["steps", "--format", "json"])
            .output()
            .with_context(|| format!("the example `{name}` does not start"))?;
        ensure!(said.status.success(), "the example `{name}` gives no catalogue: {}", said.status);
        std::fs::write(&catalog, said.stdout)?;
        check_files(Job::program(project, &wayfarer, &["check", "--catalog"]).arg(&catalog), &files)?;
        count += files.len();
    }
    Ok(format!("{count} journeys"))
}

fn check_files(job: Job, files: &[PathBuf]) -> Result<()> {
    files.iter().fold(job, |job, file| job.arg(file)).pass()?;
    Ok(())
}

/// The YAML files in a folder, in order; none where there is no folder.
fn yaml_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = entries_in(folder)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    Ok(files)
}

fn folders_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = entries_in(folder)?;
    folders.retain(|entry| entry.is_dir());
    Ok(folders)
}

fn entries_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => bail!("cannot read {}: {error}", folder.display()),
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
