//! The path of a journey file comes in; its source, its findings and, if there are no errors, its program go out.

use std::path::Path;
use std::str;

use anyhow::Result;
use wayfarer_lang::journey::lower;
use wayfarer_lang::text::Source;
use wayfarer_lang::yaml::{self, Budget};
use wayfarer_lang::{Catalog, Findings, Program};

use crate::files;

/// One file, checked.
pub(crate) struct Checked {
    pub(crate) source: Source,
    pub(crate) program: Option<Program>,
    pub(crate) findings: Findings,
}

/// Reads and checks one file.
pub(crate) fn check(path: &Path, catalog: &Catalog) -> Result<Checked> {
    let bytes = files::journey(path)?;
    let name = path.display().to_string();
    Ok(match str::from_utf8(&bytes) {
        Ok(text) => check_text(Source::new(name, text), catalog),
        // Without text there is nothing to check beyond this one finding.
        Err(_) => {
            let (_, findings) = yaml::read(&bytes, &Budget::default());
            Checked { source: Source::from_bytes(name, &bytes), program: None, findings }
        }
    })
}

fn check_text(source: Source, _catalog: &Catalog) -> Checked {
    let (document, mut findings) = yaml::read(source.text().as_bytes(), &Budget::default());
    if let Some(document) = document {
        findings.extend(lower(&document).1);
    }
    findings.sort();
    Checked { source, program: None, findings }
}
