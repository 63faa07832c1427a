//! Arguments come in; the parts that this program runs on are picked and go out: steps, store, keys, identity, engine.

use std::sync::Arc;

use anyhow::{Context, Result};
use wayfarer_lang::Catalog;
use wayfarer_step::AnyStep;

use crate::args::Catalogs;
use crate::files;

/// What journeys may use: the forms, the built-in steps, those of the host, and those of catalogue files.
pub(crate) fn catalog(steps: &[Arc<dyn AnyStep>], catalogs: &Catalogs) -> Result<Catalog> {
    let mut catalog = Catalog::forms();
    for step in steps {
        catalog.insert(step.declaration()?)?;
    }
    for path in &catalogs.files {
        let further = Catalog::from_json(&files::catalog(path)?).and_then(|further| catalog.merge(further));
        further.with_context(|| format!("cannot use the catalogue `{}`", path.display()))?;
    }
    Ok(catalog)
}
