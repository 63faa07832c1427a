//! The fuzzers: targets and seconds come in; how much was tried goes out, or the input that broke something, made small
//! and kept as a regression.

mod seed;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::project::Project;
use crate::run::{Finished, Job};
use crate::tool;

#[cfg(test)]
mod tests;

const VERSION: &str = "0.13.1";
/// How long each target runs if nothing else is said.
const MINUTE: u64 = 60;
/// One input that takes longer than this is a finding (seconds).
const LONGEST: u64 = 10;
/// A target that takes more memory than this is one too (MiB).
const LARGEST: u64 = 1024;
/// How long a finding is made smaller (seconds).
const MINIMISED: u64 = 60;

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
                    let outcome = fuzz(project, &programs, target, seconds);
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

/// Runs one target for so long; gives the number of inputs that were tried.
fn fuzz(project: &Project, programs: &Path, target: &str, seconds: u64) -> Result<u64> {
    let work = project.target.join("fuzz");
    let (corpus, artifacts) = (work.join("corpus").join(target), work.join("artifacts").join(target));
    fs::create_dir_all(&corpus)?;
    // What an earlier run left here was kept as a regression, if it was worth it.
    drop(fs::remove_dir_all(&artifacts));
    fs::create_dir_all(&artifacts)?;
    let mut job = Job::program(project, &programs.join(target), &["-print_final_stats=1"])
        .quietly()
        // What broke is said by the message; the way there is in the input.
        .env("RUST_BACKTRACE", "0")
        .within(Duration::from_secs(seconds + 120))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={LONGEST}"))
        .arg(format!("-rss_limit_mb={LARGEST}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()));
    let words = home(project).join("words").join(format!("{target}.dict"));
    if words.is_file() {
        job = job.arg(format!("-dict={}", words.display()));
    }
    let kept = [seeds(project).join(target), home(project).join("seeds").join(target), regressions(project, target)];
    // The first folder takes what is new, the others are only read.
    let job = kept.iter().filter(|folder| folder.is_dir()).fold(job.arg(&corpus), Job::arg);
    let finished = job.finish()?;
    if finished.status.success() {
        return tried(&finished.said).context("libFuzzer does not say how much it tried");
    }
    let said = tail(&finished);
    match newest(&artifacts)? {
        Some(found) => {
            let kept = keep(project, programs, target, &found)?;
            bail!("{said}\nkept as {}", kept.display())
        }
        None => bail!("{said}\nand no input was left behind"),
    }
}

/// Makes a finding small and puts it among the regressions.
fn keep(project: &Project, programs: &Path, target: &str, found: &Path) -> Result<PathBuf> {
    let name = found.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let small = found.with_file_name("small");
    if name.starts_with("crash-") {
        // It ends badly by its nature: what counts is what it leaves behind.
        Job::program(project, &programs.join(target), &["-minimize_crash=1"])
            .quietly()
            .within(Duration::from_secs(2 * MINIMISED))
            .arg(format!("-max_total_time={MINIMISED}"))
            .arg(format!("-exact_artifact_path={}", small.display()))
            .arg(found)
            .finish()?;
    }
    let folder = regressions(project, target);
    fs::create_dir_all(&folder)?;
    // The sort and the first digits of the hash name it well enough.
    let kept = folder.join(name.chars().take(18).collect::<String>());
    fs::copy(if small.is_file() { &small } else { found }, &kept)?;
    Ok(kept)
}

fn newest(folder: &Path) -> Result<Option<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    // A slow unit is a remark, not a finding.
    let found = entries.iter().map(fs::DirEntry::path).filter(|path| !path.to_string_lossy().contains("slow-unit"));
    Ok(found.max_by_key(|path| path.metadata().and_then(|metadata| metadata.modified()).ok()))
}

fn tried(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    line?.trim().parse().ok()
}

/// The end of what a fuzzer said: what broke stands there.
fn tail(finished: &Finished) -> String {
    let lines: Vec<&str> = finished.said.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(30)).copied().collect::<Vec<_>>().join("\n")
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
