//! The path of a journey file comes in; its source, its findings and, if there are no errors, its program go out.

use std::path::Path;

use anyhow::Result;
use wayfarer_lang::{Catalog, Checked};

use crate::files;

/// Reads and checks one file.
pub(crate) fn check(path: &Path, catalog: &Catalog) -> Result<Checked> {
    Ok(wayfarer_lang::check(&path.display().to_string(), &files::journey(path)?, catalog))
}
