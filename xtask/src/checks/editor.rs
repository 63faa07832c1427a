//! The editor: the committed schema of journeys comes in, what the YAML language server makes of it goes out.

use std::path::Path;

use anyhow::{Result, ensure};

use super::browser::{needs_node, passed};
use crate::project::Project;
use crate::run::Job;

/// Fetches what `package-lock.json` pins, and runs the tests under `tests/editor`.
pub(crate) fn check(project: &Project) -> Result<String> {
    needs_node()?;
    let folder = project.root.join("tests").join("editor");
    let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"];
    Job::program(project, Path::new("npm"), &words).arg(&folder).pass()?;
    let words = ["--test", "--test-concurrency=1"];
    let said = Job::program(project, Path::new("node"), &words).arg(folder.join("cases")).pass()?;
    let count = passed(&said);
    ensure!(count > 0, "no test ran");
    Ok(format!("{count} tests"))
}
