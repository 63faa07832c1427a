//! The dependencies: Cargo.lock and `.cargo/deny.toml` come in, what breaks the rules goes out.

use std::time::Duration;

use anyhow::Result;

use crate::project::Project;
use crate::run::Job;
use crate::tool;

const VERSION: &str = "0.20.2";
/// A network that swallows packets must not hold the checks up.
const PATIENCE: Duration = Duration::from_secs(120);

/// Bans, licences and sources always; advisories where their database can be reached.
pub(crate) fn check(project: &Project) -> Result<String> {
    let program = tool::install(project, "cargo-deny", VERSION)?;
    Job::program(project, &program, &["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]).pass()?;

    let fetched = Job::program(project, &program, &["fetch", "db"]).within(PATIENCE).finish()?;
    if !fetched.status.success() {
        eprintln!("      the advisory database cannot be reached: NO advisory was looked up");
        return Ok("advisories NOT looked up: their database cannot be reached".into());
    }
    Job::program(project, &program, &["check", "--disable-fetch", "--hide-inclusion-graph", "advisories"]).pass()?;
    Ok("advisories looked up".into())
}
