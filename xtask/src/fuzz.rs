//! The fuzzers: targets and seconds come in; how much was tried goes out, or the inputs that broke something.

mod seed;
mod session;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::project::Project;
use crate::run::Job;
use crate::tool;
use session::Session;

#[cfg(test)]
mod tests;

const VERSION: &str = "0.13.1";
/// How long each target runs if nothing else is said.
const MINUTE: u64 = 60;

/// Each target for a minute.
pub(crate) fn check(project: &Project) -> Result<String> {
    run(project, &targets(project)?, MINUTE)
}

/// `cargo xtask fuzz [TARGET…] [--seconds N]`.
pub(crate) fn chore(project: &Project, arguments: &[&str]) -> Result<String> {
    let known = targets(project)?;
    let (mut chosen, mut seconds) = (Vec::new(), MINUTE);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if *word == "--seconds" {
            let number = words.next().context("`--seconds` takes a number")?;
            seconds = number.parse().with_context(|| format!("`{number}` is no number of seconds"))?;
        } else if known.iter().any(|target| target == word) {
            chosen.push((*word).to_owned());
        } else {
            bail!("there is no target `{word}`, but {}", known.join(", "));
        }
    }
    run(project, if chosen.is_empty() { &known } else { &chosen }, seconds)
}

/// The targets are the files of one folder.
fn targets(project: &Project) -> Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(home(project).join("targets"))?
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// As many targets at once as there are cores: each takes one.
fn run(project: &Project, targets: &[String], seconds: u64) -> Result<String> {
    let programs = build(project)?;
    seed::plant(project, &seeds(project))?;
    let lanes = thread::available_parallelism().map_or(1, usize::from).min(targets.len());
    let queue = Mutex::new(targets.iter());
    let outcomes = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| {
                // The lock is held only while the next target is taken.
                while let Some(target) = queue.lock().ok().and_then(|mut queue| queue.next()) {
                    let outcome = Session::new(project, &programs, target).run(Duration::from_secs(seconds));
                    match &outcome {
                        Ok(tried) => eprintln!("      {target}: {tried} inputs tried, nothing found"),
                        Err(_) => eprintln!("      {target}: FOUND something"),
                    }
                    if let Ok(mut outcomes) = outcomes.lock() {
                        outcomes.push(outcome.with_context(|| format!("target `{target}`")));
                    }
                }
            });
        }
    });
    let outcomes = outcomes.into_inner().unwrap_or_default();
    ensure!(outcomes.len() == targets.len(), "a target did not come to its end");
    let (tried, found): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    let found: Vec<String> = found.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    ensure!(found.is_empty(), "{}", found.join("\n\n"));
    let tried: u64 = tried.into_iter().filter_map(Result::ok).sum();
    Ok(format!("{} targets, {tried} inputs", targets.len()))
}

/// Builds all targets; gives the folder that their programs are in.
fn build(project: &Project) -> Result<PathBuf> {
    let tool = tool::install(project, "cargo-fuzz", VERSION)?;
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".into());
    let found = Command::new(&compiler).arg("--version").output().is_ok_and(|output| output.status.success());
    ensure!(found, "libFuzzer cannot be built here: it needs a compiler for C++, and `{compiler}` does not start");
    let host = host()?;
    // What a sanitizer would find, safe Rust has not got; without one no unstable flag of the compiler is needed.
    let arguments = ["build", "--sanitizer", "none", "--codegen-units", "16", "--target", &host, "--fuzz-dir"];
    Job::program(project, &tool, &arguments)
        .arg(home(project))
        .arg("--target-dir")
        .arg(project.target.join("fuzz"))
        .pass()
        .context("the fuzzers cannot be built here")?;
    Ok(project.target.join("fuzz").join(host).join("release"))
}

fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc does not start")?;
    let said = String::from_utf8(output.stdout)?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not name its host")?.to_owned())
}

/// The fuzzers' own workspace.
fn home(project: &Project) -> PathBuf {
    project.root.join("xtask").join("fuzz")
}

/// Where the seeds are written that are made from the project's own pages and journeys.
fn seeds(project: &Project) -> PathBuf {
    project.target.join("fuzz").join("seeds")
}

/// The kept findings of a target. The test `regressions` holds them without a fuzzer.
fn regressions(project: &Project, target: &str) -> PathBuf {
    project.root.join("tests").join("regressions").join(target)
}
