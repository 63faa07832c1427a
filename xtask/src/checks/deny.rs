//! The dependencies: Cargo.lock and `.cargo/deny.toml` come in, what breaks the rules goes out.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use crate::project::Project;
use crate::run::Job;

const VERSION: &str = "0.20.2";
/// A network that swallows packets must not hold the checks up.
const PATIENCE: Duration = Duration::from_secs(120);

/// Bans, licences and sources always; advisories where their database can be reached.
pub(crate) fn check(project: &Project) -> Result<String> {
    let program = install(project)?;
    Job::program(project, &program, &["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]).pass()?;

    let fetched = Job::program(project, &program, &["fetch", "db"]).within(PATIENCE).finish()?;
    if !fetched.status.success() {
        eprintln!("      the advisory database cannot be reached: NO advisory was looked up");
        return Ok("advisories NOT looked up: their database cannot be reached".into());
    }
    Job::program(project, &program, &["check", "--disable-fetch", "--hide-inclusion-graph", "advisories"]).pass()?;
    Ok("advisories looked up".into())
}

/// cargo-deny in the target folder, so that it is built once and never mixed with what the machine has. It runs for a
/// second and is compiled for minutes, so it is compiled the quick way.
fn install(project: &Project) -> Result<PathBuf> {
    let root = project.target.join("tools").join(format!("cargo-deny-{VERSION}"));
    let program = root.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        Job::cargo(project, &["install", "cargo-deny", "--locked", "--version", VERSION, "--root"])
            .arg(&root)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .pass()?;
    }
    Ok(program)
}
