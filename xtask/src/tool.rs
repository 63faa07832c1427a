//! The name and version of a cargo tool come in; its program goes out, built if it is not there yet.

use std::path::PathBuf;

use anyhow::Result;

use crate::project::Project;
use crate::run::Job;

/// A tool in the target folder, so that it is built once and never mixed with what the machine has. It runs for a second
/// and is compiled for minutes, so it is compiled the quick way.
pub(crate) fn install(project: &Project, name: &str, version: &str) -> Result<PathBuf> {
    let root = project.target.join("tools").join(format!("{name}-{version}"));
    let program = root.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        Job::cargo(project, &["install", name, "--locked", "--version", version, "--root"])
            .arg(&root)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .pass()?;
    }
    Ok(program)
}
