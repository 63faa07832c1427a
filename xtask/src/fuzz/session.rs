//! One target and its time come in; the number of inputs that it tried goes out, or what broke it, made small and kept as a
//! regression.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use super::{home, regressions, seeds};
use crate::project::Project;
use crate::run::{Finished, Job};

/// One input that takes longer than this is a finding (seconds).
const LONGEST: u64 = 10;
/// A target that takes more memory than this is one too (MiB).
const LARGEST: u64 = 1024;
/// How long a finding is made smaller (seconds).
const MINIMISED: u64 = 60;
/// What a fuzzer is given on top of its time, to begin and to end.
const MARGIN: Duration = Duration::from_secs(120);

/// One target and where its things are.
pub(super) struct Session<'a> {
    project: &'a Project,
    target: &'a str,
    program: PathBuf,
    /// What it learns.
    corpus: PathBuf,
    /// What it finds.
    artifacts: PathBuf,
}

impl<'a> Session<'a> {
    pub(super) fn new(project: &'a Project, programs: &Path, target: &'a str) -> Session<'a> {
        let folder = |name: &str| project.target.join("fuzz").join(name).join(target);
        Session {
            project,
            target,
            program: programs.join(target),
            corpus: folder("corpus"),
            artifacts: folder("artifacts"),
        }
    }

    /// Runs it for so long; gives the number of inputs that were tried.
    pub(super) fn run(&self, time: Duration) -> Result<u64> {
        fs::create_dir_all(&self.corpus)?;
        let begun = Instant::now();
        let mut count = 0;
        loop {
            let left = time.saturating_sub(begun.elapsed()).as_secs().max(1);
            // What an earlier run left here was kept as a regression, if it was worth it.
            drop(fs::remove_dir_all(&self.artifacts));
            fs::create_dir_all(&self.artifacts)?;
            let finished = self.go(left)?;
            count += tried(&finished.said).unwrap_or_default();
            if finished.status.success() {
                ensure!(count > 0, "libFuzzer does not say how much it tried");
                return Ok(count);
            }
            let said = tail(&finished);
            let Some(found) = newest(&self.artifacts)? else { bail!("{said}\nand no input was left behind") };
            if !self.is_starved(&found)? {
                bail!("{said}\nkept as {}", self.keep(&found)?.display());
            }
            eprintln!("      {}: the machine was too busy for an input that takes no time by itself", self.target);
            if begun.elapsed() >= time {
                return Ok(count);
            }
        }
    }

    fn go(&self, seconds: u64) -> Result<Finished> {
        let mut job = self
            .job(&["-print_final_stats=1"])
            .within(Duration::from_secs(seconds) + MARGIN)
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-artifact_prefix={}/", self.artifacts.display()));
        let words = home(self.project).join("words").join(format!("{}.dict", self.target));
        if words.is_file() {
            job = job.arg(format!("-dict={}", words.display()));
        }
        let kept = [
            seeds(self.project).join(self.target),
            home(self.project).join("seeds").join(self.target),
            regressions(self.project, self.target),
        ];
        // The first folder takes what is new, the others are only read.
        kept.iter().filter(|folder| folder.is_dir()).fold(job.arg(&self.corpus), Job::arg).finish()
    }

    fn job(&self, arguments: &[&str]) -> Job {
        Job::program(self.project, &self.program, arguments)
            .quietly()
            // What broke is said by the message; the way there is in the input.
            .env("RUST_BACKTRACE", "0")
            .arg(format!("-timeout={LONGEST}"))
            .arg(format!("-rss_limit_mb={LARGEST}"))
    }

    /// Whether it was the machine that took so long, not the input: libFuzzer looks at the clock on the wall, and others
    /// may want the processor too. What takes long by itself does so again.
    fn is_starved(&self, found: &Path) -> Result<bool> {
        Ok(name(found).starts_with("timeout-") && self.job(&[]).within(MARGIN).arg(found).finish()?.status.success())
    }

    /// Makes a finding small and puts it among the regressions.
    fn keep(&self, found: &Path) -> Result<PathBuf> {
        let small = found.with_file_name("small");
        if name(found).starts_with("crash-") {
            // It ends badly by its nature: what counts is what it leaves behind.
            self.job(&["-minimize_crash=1"])
                .within(Duration::from_secs(2 * MINIMISED))
                .arg(format!("-max_total_time={MINIMISED}"))
                .arg(format!("-exact_artifact_path={}", small.display()))
                .arg(found)
                .finish()?;
        }
        let folder = regressions(self.project, self.target);
        fs::create_dir_all(&folder)?;
        // The sort and the first digits of the hash name it well enough.
        let kept = folder.join(name(found).chars().take(18).collect::<String>());
        fs::copy(if small.is_file() { &small } else { found }, &kept)?;
        Ok(kept)
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn newest(folder: &Path) -> Result<Option<PathBuf>> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    // A slow unit is a remark, not a finding.
    let found = entries.iter().map(fs::DirEntry::path).filter(|path| !name(path).starts_with("slow-unit"));
    Ok(found.max_by_key(|path| path.metadata().and_then(|metadata| metadata.modified()).ok()))
}

pub(super) fn tried(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    line?.trim().parse().ok()
}

/// The end of what a fuzzer said: what broke stands there.
fn tail(finished: &Finished) -> String {
    let lines: Vec<&str> = finished.said.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(30)).copied().collect::<Vec<_>>().join("\n")
}
