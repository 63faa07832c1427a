//! The calls of the document come in, in parts that are attacked side by side, each on a server of its own; how much was tried goes out.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;
use std::{env, thread};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{ATTACKS, Attack, FEW, Server, Side, World, document, install};
use crate::checks;
use crate::project::Project;

/// Cases for an operation.
const MANY: &str = "5000";

/// Calls that are attacked together, because one leads to another.
struct Part {
    attack: Attack,
    paths: Vec<String>,
    /// Whether the document says which of them leads to which; else there is no way to follow.
    linked: bool,
}

/// `cargo xtask soak [PATH…]`: all calls, or those whose paths begin so.
pub(crate) fn chore(project: &Project, paths: &[&str]) -> Result<String> {
    checks::build(project)?;
    let tool = install(project)?;
    let parts = parts(&document(project)?, paths);
    ensure!(!parts.is_empty(), "nothing that is attacked begins so");
    let (count, begun) = (parts.len(), Instant::now());
    let queue = Mutex::new(parts.into_iter());
    let failed = Mutex::new(Vec::new());
    let lanes = thread::available_parallelism().map_or(1, usize::from).min(count);
    thread::scope(|scope| {
        for lane in 0..lanes {
            let (queue, failed, tool) = (&queue, &failed, &tool);
            scope.spawn(move || {
                // The lock is held only while the next part is taken.
                while let Some(part) = queue.lock().ok().and_then(|mut queue| queue.next()) {
                    let begun = Instant::now();
                    let said = part.run(project, tool, lane);
                    let (name, seconds) = (part.name(), begun.elapsed().as_secs());
                    match &said {
                        Ok(said) => eprintln!("      {name}: {said} in {seconds} s, nothing found"),
                        Err(_) => eprintln!("      {name}: FOUND something"),
                    }
                    if let (Err(error), Ok(mut failed)) = (said, failed.lock()) {
                        failed.push(format!("{name}: {error:#}"));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_default();
    if !failed.is_empty() {
        bail!("{}", failed.join("\n\n"));
    }
    Ok(format!("{count} parts with {MANY} cases a call in {} minutes, nothing found", begun.elapsed().as_secs() / 60))
}

/// All calls of the document in parts, of those whose paths begin so: those of applications as they belong together, those of
/// operators by what they look after.
fn parts(document: &Value, wanted: &[&str]) -> Vec<Part> {
    let paths = document.get("paths").and_then(Value::as_object);
    let paths: Vec<&String> = paths.into_iter().flat_map(|paths| paths.keys()).collect();
    let is_wanted = |path: &str| wanted.is_empty() || wanted.iter().any(|beginning| path.starts_with(beginning));
    let mut parts = Vec::new();
    for attack in ATTACKS {
        let begins = |path: &&&String| attack.paths.iter().any(|beginning| path.starts_with(beginning));
        let mut together = BTreeMap::<&str, Vec<String>>::new();
        for path in paths.iter().filter(begins).filter(|path| is_wanted(path)) {
            let name = match attack.side {
                Side::Public => attack.name,
                Side::Operators => looked_after(path),
            };
            together.entry(name).or_default().push((*path).clone());
        }
        parts.extend(together.into_values().map(|paths| {
            let linked = paths.iter().any(|path| leads_on(document, path));
            let paths = paths.into_iter().map(|path| format!("{path}$")).collect();
            Part { attack, paths, linked }
        }));
    }
    parts
}

/// Whether an answer to a call has links to others. They lead to calls of the same part.
fn leads_on(document: &Value, path: &str) -> bool {
    let calls = document.get("paths").and_then(|paths| paths.get(path)).and_then(Value::as_object);
    let answers =
        calls.into_iter().flat_map(|calls| calls.values()).filter_map(|call| call.get("responses")?.as_object());
    answers.flat_map(|answers| answers.values()).any(|answer| answer.get("links").is_some())
}

/// What a call of operators is about: `keys` of `/admin/v1/keys/{kid}`.
fn looked_after(path: &str) -> &str {
    path.split('/').nth(3).unwrap_or(path)
}

impl Part {
    fn name(&self) -> String {
        let first = self.paths.first().map_or("", |path| path.trim_end_matches('$'));
        format!("{}, {} calls from {first}", self.attack.name, self.paths.len())
    }

    /// The store lies where temporary files do: most of the time would be spent waiting for a disk otherwise.
    fn run(&self, project: &Project, tool: &Path, lane: usize) -> Result<String> {
        let folder = env::temp_dir().join(format!("wayfarer-soak-{}-{lane}", std::process::id()));
        let world = World::new(project, &folder)?;
        let mut server = Server::start(project, &world, &[])?;
        let job = |attack: Attack, paths: &[String], cases: &str| {
            let job = attack.job(project, tool, (&world, &server), paths, cases)?;
            anyhow::Ok(job.named(&format!("soak-{lane}")).quietly())
        };
        if let (Side::Operators, [pages, ..]) = (self.attack.side, ATTACKS) {
            // So that there are runs to look at.
            let paths: Vec<_> = pages.paths.iter().map(|path| (*path).to_owned()).collect();
            pages.run(job(pages, &paths, FEW)?)?;
        }
        let job = job(self.attack, &self.paths, MANY)?;
        let job = if self.linked { job } else { job.arg("--phases").arg("examples,coverage,fuzzing") };
        let said = self.attack.run(job)?;
        ensure!(server.lives()?, "the server has ended by itself; see {}", world.log().display());
        drop(server);
        std::fs::remove_dir_all(&folder).context("cannot clear up")?;
        Ok(said)
    }
}

#[cfg(test)]
mod tests;
