//! Runs checks in order and keeps the score: checks come in, a table and an exit code go out.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::checks::Check;
use crate::project::Project;

struct Score {
    name: &'static str,
    passed: bool,
    note: String,
    took: Duration,
}

/// Runs all of them, whatever fails on the way, so that one run shows every fault.
pub(crate) fn run(project: &Project, checks: &[Check]) -> ExitCode {
    let begun = Instant::now();
    let mut scores = Vec::with_capacity(checks.len());
    for (position, check) in checks.iter().enumerate() {
        eprintln!("[{}/{}] {}: {}", position + 1, checks.len(), check.name, check.about);
        let started = Instant::now();
        let outcome = (check.run)(project);
        let took = started.elapsed();
        let (passed, note) = match outcome {
            Ok(note) => (true, note),
            Err(error) => {
                eprintln!("\n{error:#}\n");
                (false, String::new())
            }
        };
        eprintln!("      {} after {}", if passed { "passed" } else { "FAILED" }, seconds(took));
        scores.push(Score { name: check.name, passed, note, took });
    }
    let failed = scores.iter().filter(|score| !score.passed).count();
    println!("\n{}", table(&scores, begun.elapsed()));
    println!("{} passed, {failed} failed", scores.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn table(scores: &[Score], whole: Duration) -> String {
    let mut text = String::new();
    for score in scores {
        let word = if score.passed { "passed" } else { "FAILED" };
        let line = format!("{:<10} {word}  {:>9}  {}", score.name, seconds(score.took), score.note);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push_str(&format!("{:<10}         {:>9}", "in all", seconds(whole)));
    text
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}
