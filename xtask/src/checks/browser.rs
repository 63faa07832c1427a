//! The tests in a browser: the built programs come in, how the official Web SDK fares with them goes out.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::build;
use crate::project::Project;
use crate::run::Job;

/// Where Debian puts it.
const BROWSER: &str = "/usr/bin/chromium";

/// Fetches what `package-lock.json` pins, and runs the tests under `tests/browser`.
pub(crate) fn check(project: &Project) -> Result<String> {
    needs_node()?;
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| BROWSER.to_owned());
    if !Path::new(&browser).is_file() {
        bail!("there is no browser at `{browser}`: install the package `chromium`, or name one by CHROMIUM");
    }
    build(project)?;
    let folder = project.root.join("tests").join("browser");
    let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"];
    Job::program(project, Path::new("npm"), &words).arg(&folder).pass()?;
    let programs = project.target.join("debug");
    let said = Job::program(project, Path::new("node"), &["--test", "--test-concurrency=1"])
        .arg(folder.join("cases"))
        .env("CHROMIUM", &browser)
        .env("WAYFARER_PROGRAMS", programs.to_str().context("the target folder has an odd name")?)
        .pass()?;
    let count = passed(&said);
    ensure!(count > 0, "no test ran");
    Ok(format!("{count} tests"))
}

/// Fails with a cure where there is no Node.
pub(super) fn needs_node() -> Result<()> {
    for (name, cure) in [("node", "install Node 20 or newer"), ("npm", "install it with Node")] {
        ensure!(is_there(name), "`{name}` is missing: {cure}");
    }
    Ok(())
}

fn is_there(program: &str) -> bool {
    std::process::Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// How many tests the runner says have passed.
pub(super) fn passed(said: &str) -> u64 {
    let lines = said.lines().filter_map(|line| line.trim_start_matches(['#', 'ℹ', ' ']).strip_prefix("pass "));
    lines.filter_map(|number| number.trim().parse::<u64>().ok()).sum()
}

#[cfg(test)]
mod tests;
