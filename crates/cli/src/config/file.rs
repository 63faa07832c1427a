//! The path of a configuration comes in, or none; what the file says goes out, or all its mistakes.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use wayfarer_lang::{Findings, Source};

use super::{Config, Profile};
use crate::files;

/// A file that cannot be used, and everything that is wrong in it.
#[derive(Debug, thiserror::Error)]
#[error("the configuration `{}` has mistakes", text.name())]
pub(crate) struct Mistakes {
    pub(crate) text: Box<Source>,
    pub(crate) findings: Findings,
}

/// Reads the file that is named, or the one in this folder. `profile` leads over the one in the file.
pub(crate) fn load(named: Option<&Path>, profile: Option<Profile>) -> Result<Config> {
    let here = Path::new(files::CONFIGURATION);
    let path = match named {
        Some(path) => path,
        None if files::exists(here) => here,
        None => return Ok(Config::of(profile.unwrap_or_default())),
    };
    let bytes = files::configuration(path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let (mut config, findings) = Config::read(&bytes, folder, profile);
    let text = Source::from_bytes(path.display().to_string(), &bytes);
    if findings.has_errors() {
        return Err(Mistakes { text: Box::new(text), findings }.into());
    }
    config.rules.source = Some(Arc::new(text));
    Ok(config)
}
