//! The bytes of journey files and the catalogue come in; a [`Program`] each, or every mistake in the files, comes out.
//!
//! The stages are `read`, `lower`, names, values, flow, secrets, proofs. Each goes on over what an earlier one could not make
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
mod proofs;
mod reasons;
mod secrets;
mod settings;
mod types;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::{Catalog, Origin, Verifies};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, Severity, quoted};
use crate::graph::Graph;
use crate::journey::{self, Journey};
use crate::program::{Parts, Program};
use crate::rules::Rules;
use crate::text::Source;
use crate::yaml::{self, Budget};
use library::{Learnt, Library};

// What the schema says of a step, too.
pub(crate) use links::{FAILURE, LOOP, TIMEOUT};
pub(crate) use proofs::COMPLETE;
pub(crate) use settings::refuses_retry;

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
    /// The picture of a journey whose only errors are about what its ways prove, with those ways: it is whole, but no program.
    pub unproven: Option<Graph>,
    /// All findings, in the order of the text.
    pub findings: Findings,
    /// What the findings take for granted of the registered steps that the journey uses, by their names.
    pub assumed: Vec<Assumed>,
}

/// What the checker knows of a step from its declaration alone, and takes for granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// The step type.
    pub step: Arc<str>,
    /// The version of its declaration.
    pub version: u32,
    /// The method that it verifies, and the exit that proves it; none: it proves nothing.
    pub verifies: Option<Verifies>,
    /// Whether it may name another user.
    pub identifies: bool,
}

impl Checked {
    /// The journey's id, as it is written.
    pub fn id(&self) -> Option<&Arc<str>> {
        self.journey.as_ref()?.id.as_ref().map(|id| &id.value)
    }

    /// The picture of the journey; none if it has errors besides those about what its ways prove.
    pub fn graph(&self) -> Option<Graph> {
        self.program.as_ref().map(Graph::of).or_else(|| self.unproven.clone())
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
    read.checked(catalog, &library, &Rules::default()).0
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
    check_all_with(files, catalog, &Rules::default())
}

/// The same under the rules of a project.
pub fn check_all_with<N: AsRef<str>, B: AsRef<[u8]>>(
    files: impl IntoIterator<Item = (N, B)>,
    catalog: &Catalog,
    rules: &Rules,
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
        let (file, learnt) = read.checked(catalog, &library, rules);
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

    fn checked(self, catalog: &Catalog, library: &Library, rules: &Rules) -> (Checked, Learnt) {
        let Self { source, journey, mut findings } = self;
        let Some(journey) = journey else {
            let (program, unproven, assumed) = (None, None, Vec::new());
            return (Checked { source, journey: None, program, unproven, findings, assumed }, Learnt::default());
        };
        let known = Known { catalog, library, rules };
        let (parts, learnt, assumed) = check_journey(&journey, source.text(), known, &mut findings);
        findings.limit(MOST_FINDINGS);
        let (program, unproven) = match parts {
            Some(parts) if findings.has_errors() => (None, Some(Graph::new(&parts).with_ways(errors(&findings)))),
            Some(parts) => (Some(Program::new(parts)), None),
            None => (None, None),
        };
        (Checked { program, unproven, source, journey: Some(journey), findings, assumed }, learnt)
    }
}

fn errors(findings: &Findings) -> impl Iterator<Item = &Diagnostic> {
    findings.iter().filter(|finding| finding.severity == Severity::Error)
}

/// What is known besides the journey itself.
#[derive(Clone, Copy)]
struct Known<'a> {
    catalog: &'a Catalog,
    library: &'a Library,
    rules: &'a Rules,
}

/// What is taken for granted of the registered steps in a journey, each once.
fn assumed(typed: &[names::Typed<'_>]) -> Vec<Assumed> {
    let steps = typed.iter().filter_map(|step| step.declaration).filter(|it| it.origin == Origin::Step);
    let by_name: BTreeMap<_, _> = steps.map(|declaration| (&declaration.name, declaration)).collect();
    let assumed = by_name.into_values().map(|declaration| Assumed {
        step: Arc::clone(&declaration.name),
        version: declaration.version,
        verifies: declaration.verifies.clone(),
        identifies: declaration.identifies,
    });
    assumed.collect()
}

/// What the journey is made of comes out if it is whole, with errors about what its ways prove or without.
fn check_journey(
    journey: &Journey,
    text: &Arc<str>,
    known: Known<'_>,
    findings: &mut Findings,
) -> (Option<Parts>, Learnt, Vec<Assumed>) {
    let Known { catalog, library, rules } = known;
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
    let proofs = start.map(|start| proofs::check(journey, &typed, &links, &values, start, rules, findings));
    let proofs = proofs.unwrap_or_default();
    let callees = typed.iter().filter_map(|step| step.callee);
    let depth = 1 + callees.map(|callee| callee.learnt.depth).max().unwrap_or_default();
    let learnt = Learnt { waits, asks, reasons, depth, proofs };
    let assumed = assumed(&typed);
    if !errors(findings).all(|finding| finding.code.is_proof()) {
        return (None, learnt, assumed);
    }
    let parts = start.and_then(|start| build::parts(journey, &symbols, typed, links, values, start, text));
    (parts, learnt, assumed)
}

#[cfg(test)]
mod tests;
