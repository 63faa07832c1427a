//! The bytes of a journey file and the catalogue come in; a [`Program`], or every mistake in the file, comes out.
//!
//! The stages are `read`, `lower`, names, values, flow, secrets. Each goes on over what an earlier one could not make
//! sense of, so that one mistake never hides another; where a name was probably a slip, the later stages take the name
//! that was meant, so that one slip is one finding.

mod assigned;
mod build;
mod fields;
mod fit;
mod flow;
mod graph;
mod links;
mod names;
mod reasons;
mod secrets;
mod values;

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::diagnostic::Findings;
use crate::journey::{self, Journey};
use crate::program::Program;
use crate::text::Source;
use crate::yaml::{self, Budget};

/// How many findings of one file are kept.
const MOST_FINDINGS: usize = 1000;

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The text, for showing the findings.
    pub source: Source,
    /// The journey as it was written, as far as it could be read.
    pub journey: Option<Journey>,
    /// The program; none if one of the findings is an error.
    pub program: Option<Program>,
    /// All findings, in the order of the text.
    pub findings: Findings,
}

/// Checks a journey file against the step types of `catalog`. The `name` is what people see in front of a place.
///
/// ```
/// use wayfarer_lang::{Catalog, check};
///
/// let text = b"journey: hello\nsteps:\n  done: { type: complete_journey }\n";
/// let checked = check("hello.yaml", text, &Catalog::forms());
/// assert!(checked.findings.is_empty());
/// assert_eq!(&**checked.program.unwrap().id(), "hello");
/// ```
pub fn check(name: &str, bytes: &[u8], catalog: &Catalog) -> Checked {
    let source = Source::from_bytes(name, bytes);
    let (document, mut findings) = yaml::read(bytes, &Budget::default());
    let Some(document) = document else {
        return Checked { source, journey: None, program: None, findings };
    };
    let (journey, lowered) = journey::lower(&document);
    findings.extend(lowered);
    let program = check_journey(&journey, source.text(), catalog, &mut findings);
    findings.limit(MOST_FINDINGS);
    Checked { program: program.filter(|_| !findings.has_errors()), source, journey: Some(journey), findings }
}

fn check_journey(journey: &Journey, text: &Arc<str>, catalog: &Catalog, findings: &mut Findings) -> Option<Program> {
    let typed = names::typed(journey, catalog, findings);
    let symbols = names::Symbols::new(journey, &typed, findings);
    let start = flow::start(journey, &symbols, findings);
    let links = links::resolve_all(&typed, &symbols, findings);
    let values: Vec<_> = typed.iter().map(|step| values::compile(step, journey, &symbols, findings)).collect();
    secrets::check(journey, &symbols, &typed, &values, findings);
    reasons::check(journey, &symbols, &typed, &values, findings);
    if let Some(start) = start {
        flow::check(journey, &symbols, &typed, &links, &values, start, findings);
    }
    if findings.has_errors() {
        return None;
    }
    build::program(journey, &symbols, typed, links, values, start?, text)
}

#[cfg(test)]
mod tests;
