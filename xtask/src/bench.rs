//! The benches: names of measures come in; one table goes out, of what we take beside what others take for the same work.

mod measures;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use self::measures::{Goal, MEASURES, Measure, Row, Sample};
use crate::project::Project;
use crate::run::Job;

#[cfg(test)]
mod tests;

/// The measure of the program as it is released.
const RELEASED: &str = "rest";

/// A row with its numbers.
struct Measured {
    row: &'static Row,
    /// In the unit of the row, ours first.
    ours: f64,
    beside: Option<f64>,
}

/// `cargo xtask bench [NAME…] [--quick] [--format json]`.
pub(crate) fn chore(project: &Project, arguments: &[&str]) -> Result<String> {
    let (mut chosen, mut quick, mut json) = (Vec::new(), false, false);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match *word {
            "--quick" => quick = true,
            "--format" => match words.next() {
                Some(&"json") => json = true,
                _ => bail!("`--format` takes `json`"),
            },
            name => match MEASURES.iter().find(|measure| measure.name == name) {
                Some(measure) => chosen.push(measure),
                None => {
                    let names: Vec<_> = MEASURES.iter().map(|measure| measure.name).collect();
                    bail!("there is no measure `{name}`, but {}", names.join(", "));
                }
            },
        }
    }
    let chosen = if chosen.is_empty() { MEASURES.iter().collect() } else { chosen };
    let measured = run(project, &chosen, quick)?;
    Ok(if json { serde_json::to_string_pretty(&table::as_json(&measured))? } else { table::drawn(&measured) })
}

/// One process for each measure, so that none finds the memory that another left behind.
fn run(project: &Project, chosen: &[&Measure], quick: bool) -> Result<Vec<Measured>> {
    let peers = build(project)?;
    if chosen.iter().any(|measure| measure.name == RELEASED) {
        Job::cargo(project, &["build", "--release", "--package", "wayfarer-cli"]).pass()?;
    }
    let released = project.target.join("release").join(format!("wayfarer{}", std::env::consts::EXE_SUFFIX));
    let estimates = project.target.join("peers").join("criterion");
    // Estimates of an earlier run must not stand in for one that is not made.
    drop(fs::remove_dir_all(&estimates));
    let mut measured = Vec::new();
    for (position, measure) in chosen.iter().enumerate() {
        eprintln!("[{}/{}] {}: {}", position + 1, chosen.len(), measure.name, measure.about);
        let job = Job::program(project, &peers, &[measure.name])
            .env("CRITERION_HOME", &estimates.to_string_lossy())
            .env("WAYFARER_PROGRAM", &released.to_string_lossy());
        if quick { job.arg("--quick") } else { job }.pass()?;
        for row in measure.rows {
            let ours = read(&estimates, &row.ours)?;
            let beside = row.beside.as_ref().map(|(_, sample)| read(&estimates, sample)).transpose()?;
            measured.push(Measured { row, ours, beside });
        }
    }
    Ok(measured)
}

/// Builds the peers in a corner of the target folder of their own: what they need is not what the project needs.
fn build(project: &Project) -> Result<PathBuf> {
    let target = project.target.join("peers");
    Job::cargo(project, &["build", "--release", "--manifest-path"])
        .arg(home(project).join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .pass()
        .context("the benches cannot be built here")?;
    Ok(target.join("release").join(format!("wayfarer-peers{}", std::env::consts::EXE_SUFFIX)))
}

/// The median that was left behind, for each part of the sample.
fn read(estimates: &Path, sample: &Sample) -> Result<f64> {
    let file = estimates.join(sample.id).join("new").join("estimates.json");
    let text = fs::read_to_string(&file).with_context(|| format!("nothing was measured for `{}`", sample.id))?;
    Ok(median(&text).with_context(|| format!("no median for `{}`", sample.id))? / sample.per)
}

fn median(estimates: &str) -> Option<f64> {
    serde_json::from_str::<Value>(estimates).ok()?.pointer("/median/point_estimate")?.as_f64()
}

/// The benches' own workspace.
pub(crate) fn home(project: &Project) -> PathBuf {
    project.root.join("xtask").join("peers")
}
