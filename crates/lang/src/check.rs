//! The bytes of journey files and the catalogue come in; a [`Program`] each, or every mistake in the files, comes out.
//!
//! The stages are `read`, `lower`, names, values, flow, secrets. Each goes on over what an earlier one could not make
//! sense of, so that one mistake never hides another; where a name was probably a slip, the later stages take the name
//! that was meant, so that one slip is one finding.

mod assigned;
mod backend;
mod build;
mod calls;
mod fields;
mod fit;
mod flow;
mod graph;
mod library;
mod links;
mod names;
mod reasons;
mod secrets;
mod settings;
mod types;
mod values;

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};
use crate::journey::{self, Journey};
use crate::program::Program;
use crate::text::Source;
use crate::yaml::{self, Budget};
use library::{Learnt, Library};

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

impl Checked {
    /// The journey's id, as it is written.
    pub fn id(&self) -> Option<&Arc<str>> {
        self.journey.as_ref()?.id.as_ref().map(|id| &id.value)
    }

    /// The ids of the journeys that it invokes, as they are written, each once.
    pub fn callees(&self) -> Vec<Arc<str>> {
        self.journey.as_ref().map(library::callees).unwrap_or_default()
    }
}

/// Checks a journey file against the step types of `catalog`. The `name` is what people see in front of a place. The only
/// journey that it knows is the file's own: see [`check_all`] for those that invoke others.
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
    check_within(name, bytes, catalog, &Budget::default())
}

/// The same within bounds of the caller's choice: benches look at how checking grows.
pub fn check_within(name: &str, bytes: &[u8], catalog: &Catalog, budget: &Budget) -> Checked {
    let read = Read::new(name, bytes, budget);
    let (library, _) = Library::new(&[read.journey.as_ref()]);
    read.checked(catalog, &library).0
}

/// Checks journey files that may invoke one another, each given by its name and its bytes. What comes out is in the order
/// of what came in.
///
/// ```
/// use wayfarer_lang::{Catalog, check_all};
///
/// let main = "journey: main\nsteps:\n  call:\n    type: invoke_sub_journey\n    with: { journey: part }\n    branches: { completed: done, rejected: abort }\n  done: { type: complete_journey }\n";
/// let part = "journey: part\nkind: sub\nsteps:\n  done: { type: complete_journey }\n";
/// let checked = check_all([("main.yaml", main), ("part.yaml", part)], &Catalog::forms());
/// assert!(checked.iter().all(|file| file.program.is_some()));
/// ```
pub fn check_all<N: AsRef<str>, B: AsRef<[u8]>>(
    files: impl IntoIterator<Item = (N, B)>,
    catalog: &Catalog,
) -> Vec<Checked> {
    let budget = Budget::default();
    let read = |(name, bytes): (N, B)| Read::new(name.as_ref(), bytes.as_ref(), &budget);
    let mut read: Vec<_> = files.into_iter().map(read).collect();
    let journeys: Vec<_> = read.iter().map(|read| read.journey.as_ref()).collect();
    let (mut library, order) = Library::new(&journeys);
    twice(&mut read, &library);
    let mut read: Vec<_> = read.into_iter().map(Some).collect();
    let mut checked: Vec<Option<Checked>> = read.iter().map(|_| None).collect();
    for place in order {
        let Some((read, slot)) = read.get_mut(place).and_then(Option::take).zip(checked.get_mut(place)) else {
            continue;
        };
        let (file, learnt) = read.checked(catalog, &library);
        library.learn(place, learnt);
        *slot = Some(file);
    }
    checked.into_iter().flatten().collect()
}

/// Reports the files whose journey's id is that of a file before them.
fn twice(read: &mut [Read], library: &Library) {
    let sources: Vec<_> = read.iter().map(|read| read.source.clone()).collect();
    for (place, read) in read.iter_mut().enumerate() {
        let Some(id) = read.journey.as_ref().and_then(|journey| journey.id.as_ref()) else { continue };
        let first = library.place(&id.value).filter(|first| *first != place);
        if let Some(other) = first.and_then(|first| sources.get(first)) {
            let message = format!("there is another journey {}, in {}", quoted(&id.value), quoted(other.name()));
            let finding = Diagnostic::error(Code::JOURNEY_TWICE, id.span, message);
            read.findings.push(finding.help("give one of them another id"));
        }
    }
}

/// A file that was read and is still to be checked.
struct Read {
    source: Source,
    journey: Option<Journey>,
    findings: Findings,
}

impl Read {
    fn new(name: &str, bytes: &[u8], budget: &Budget) -> Self {
        let source = Source::from_bytes(name, bytes);
        let (document, mut findings) = yaml::read(bytes, budget);
        let journey = document.map(|document| {
            let (journey, lowered) = journey::lower(&document);
            findings.extend(lowered);
            journey
        });
        Self { source, journey, findings }
    }

    fn checked(self, catalog: &Catalog, library: &Library) -> (Checked, Learnt) {
        let Self { source, journey, mut findings } = self;
        let Some(journey) = journey else {
            return (Checked { source, journey: None, program: None, findings }, Learnt::default());
        };
        let (program, learnt) = check_journey(&journey, source.text(), catalog, library, &mut findings);
        findings.limit(MOST_FINDINGS);
        let program = program.filter(|_| !findings.has_errors());
        (Checked { program, source, journey: Some(journey), findings }, learnt)
    }
}

fn check_journey(
    journey: &Journey,
    text: &Arc<str>,
    catalog: &Catalog,
    library: &Library,
    findings: &mut Findings,
) -> (Option<Program>, Learnt) {
    let typed = names::typed(journey, catalog, library, findings);
    let symbols = names::Symbols::new(journey, &typed, findings);
    let start = flow::start(journey, &symbols, findings);
    let links = links::resolve_all(&typed, &symbols, findings);
    calls::check(journey, &symbols, &typed, library, findings);
    let values: Vec<_> = typed.iter().map(|step| values::compile(step, journey, &symbols, text, findings)).collect();
    secrets::check(journey, &symbols, &typed, &values, findings);
    let reasons = reasons::check(journey, &symbols, &typed, &values, findings);
    let asks = backend::check(journey, &typed, findings);
    let waits = start.is_none_or(|start| flow::check(journey, &symbols, &typed, &links, &values, start, findings));
    if let Some(start) = start {
        types::check(journey, &symbols, &typed, &links, &values, start, findings);
    }
    let callees = typed.iter().filter_map(|step| step.callee);
    let depth = 1 + callees.map(|callee| callee.learnt.depth).max().unwrap_or_default();
    let learnt = Learnt { waits, asks, reasons, depth };
    if findings.has_errors() {
        return (None, learnt);
    }
    let program = start.and_then(|start| build::program(journey, &symbols, typed, links, values, start, text));
    (program, learnt)
}

#[cfg(test)]
mod tests;
