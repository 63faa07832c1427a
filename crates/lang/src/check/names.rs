//! A journey and the catalogue come in; its names become numbers, and its step types declarations.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use super::library::{Interface, Library, callee};
use crate::catalog::{Catalog, Declaration, Place};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, nearest, quoted};
use crate::expr::Names;
use crate::journey::{Journey, Spanned, StepSource, is_variable_name};
use crate::types::Type;

/// How many names are compared in all to guess what unknown ones meant. A journey of a usual size never gets there; in
/// a hostile one it keeps the check linear.
const COMPARISONS: usize = 20_000;

/// The names of one journey.
pub(super) struct Symbols {
    steps: HashMap<Arc<str>, usize>,
    step_names: Vec<Arc<str>>,
    homes: Vec<Option<usize>>,
    variables: Table,
    /// The declared types of variables, by slot.
    pub(super) variable_types: Vec<Option<Type>>,
    parameters: Table,
    comparisons: Cell<usize>,
}

/// Names by number and numbers by name.
#[derive(Default)]
struct Table {
    names: Vec<Arc<str>>,
    slots: HashMap<Arc<str>, u16>,
}

/// A step with what its type declares.
pub(super) struct Typed<'a> {
    pub(super) source: &'a StepSource,
    /// The declaration; of the type that was probably meant, where the name is unknown.
    pub(super) declaration: Option<&'a Declaration>,
    /// The journey that it invokes.
    pub(super) callee: Option<&'a Interface>,
    /// Its number.
    pub(super) index: usize,
    /// The loop in whose body it stands.
    pub(super) home: Option<usize>,
    /// The number behind the last step of its own body.
    pub(super) end: usize,
}

/// Finds the declaration of each step. The steps of a body follow their loop at once.
pub(super) fn typed<'a>(
    journey: &'a Journey,
    catalog: &'a Catalog,
    library: &'a Library,
    findings: &mut Findings,
) -> Vec<Typed<'a>> {
    let left = Cell::new(COMPARISONS);
    let names: Vec<&str> = catalog.iter().map(|declaration| &*declaration.name).collect();
    let declaration = |source: &'a StepSource| {
        let name = source.type_name.as_ref()?;
        if let Some(declaration) = catalog.get(&name.value) {
            return Some(declaration);
        }
        let guess = guess(&left, &name.value, names.iter().copied());
        let message = format!("there is no step type {}", quoted(&name.value));
        let help = || "`wayfarer steps` lists the types; steps of your own need their catalogue".to_owned();
        findings.push(Diagnostic::error(Code::UNKNOWN_STEP_TYPE, name.span, message).guess_or(guess, help));
        catalog.get(guess?)
    };
    let mut declaration = declaration;
    let mut steps = Vec::new();
    flatten(&journey.steps, None, &mut declaration, &mut steps);
    for step in &mut steps {
        step.callee = callee(step.source).and_then(|id| library.get(&id.value));
    }
    steps
}

/// Numbers steps and the bodies in them. A file is only so deep, and this with it.
fn flatten<'a>(
    sources: &'a [StepSource],
    home: Option<usize>,
    declaration: &mut impl FnMut(&'a StepSource) -> Option<&'a Declaration>,
    steps: &mut Vec<Typed<'a>>,
) {
    for source in sources {
        let index = steps.len();
        steps.push(Typed { source, declaration: declaration(source), callee: None, index, home, end: index + 1 });
        if let Some(body) = &source.body {
            flatten(&body.value, Some(index), declaration, steps);
            let end = steps.len();
            if let Some(step) = steps.get_mut(index) {
                step.end = end;
            }
        }
    }
}

impl Symbols {
    /// Numbers the steps, the start parameters, and the variables: first the declared ones, then those that steps set.
    pub(super) fn new(journey: &Journey, steps: &[Typed<'_>], findings: &mut Findings) -> Self {
        let mut symbols = Self {
            steps: HashMap::with_capacity(steps.len()),
            step_names: steps.iter().map(|step| Arc::clone(&step.source.id.value)).collect(),
            homes: steps.iter().map(|step| step.home).collect(),
            variables: Table::default(),
            variable_types: Vec::new(),
            parameters: Table::default(),
            comparisons: Cell::new(COMPARISONS),
        };
        // Where an id stands twice, the outer step bears it.
        let outer = steps.iter().filter(|step| step.home.is_none());
        for step in outer.chain(steps.iter().filter(|step| step.home.is_some())) {
            let id = &step.source.id;
            let first = *symbols.steps.entry(Arc::clone(&id.value)).or_insert(step.index);
            // Twice in one mapping is the reader's finding.
            if let Some(first) = steps.get(first).filter(|first| first.index != step.index && first.home != step.home) {
                let message = format!("there is another step {}", quoted(&id.value));
                let finding = Diagnostic::error(Code::STEP_TWICE, id.span, message);
                let finding = finding.help("an id stands for one step of the file, the bodies of loops included");
                findings.push(finding.label(first.source.id.span, "the other one"));
            }
        }
        for parameter in &journey.parameters {
            symbols.parameters.add(&parameter.name.value);
        }
        for variable in &journey.variables {
            symbols.variables.add(&variable.name.value);
            symbols.variable_types.push(Some(variable.ty.clone()));
        }
        for step in steps {
            for name in assigned(step) {
                if !is_variable_name(&name.value) {
                    let message = format!("a variable cannot be called {}", quoted(&name.value));
                    let help = "begin with a letter or `_`; then letters, digits and `_`, 64 characters at most";
                    findings.push(Diagnostic::error(Code::BAD_ID, name.span, message).help(help));
                }
                symbols.variables.add(&name.value);
            }
            for name in [&step.source.output, &step.source.error_output].into_iter().flatten() {
                symbols.variables.add(&name.value);
            }
        }
        symbols.variable_types.resize(symbols.variables.names.len(), None);
        symbols
    }

    pub(super) fn step(&self, id: &str) -> Option<usize> {
        self.steps.get(id).copied()
    }

    /// The loop in whose body a step stands.
    pub(super) fn home(&self, step: usize) -> Option<usize> {
        self.homes.get(step).copied().flatten()
    }

    /// Whether a step may be named from within the loop `from`: it stands in that body, or outside.
    pub(super) fn visible(&self, step: usize, from: Option<usize>) -> bool {
        let home = self.home(step);
        let mut at = from;
        loop {
            match at {
                _ if at == home => return true,
                None => return false,
                // A body comes after its loop, so this goes on to smaller numbers.
                Some(inner) => at = self.home(inner),
            }
        }
    }

    pub(super) fn slot(&self, variable: &str) -> Option<u16> {
        self.variables.slots.get(variable).copied()
    }

    pub(super) fn variable_name(&self, slot: u16) -> &str {
        self.variables.names.get(usize::from(slot)).map_or("", |name| name)
    }

    pub(super) fn variable_names(&self) -> &[Arc<str>] {
        &self.variables.names
    }

    pub(super) fn variable_type(&self, slot: u16) -> Option<&Type> {
        self.variable_types.get(usize::from(slot))?.as_ref()
    }

    /// The step id that `name` probably meant.
    pub(super) fn nearest_step(&self, name: &str) -> Option<&str> {
        guess(&self.comparisons, name, self.step_names.iter().map(|name| &**name))
    }

    /// The one of `candidates` that `name` probably meant.
    pub(super) fn nearest<'a>(
        &self,
        name: &str,
        candidates: impl ExactSizeIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        guess(&self.comparisons, name, candidates)
    }
}

impl Names for Symbols {
    fn variable(&self, name: &str) -> Option<u16> {
        self.slot(name)
    }

    fn parameter(&self, name: &str) -> Option<u16> {
        self.parameters.slots.get(name).copied()
    }

    fn variables(&self) -> Vec<&str> {
        self.variables.to_compare(&self.comparisons)
    }

    fn parameters(&self) -> Vec<&str> {
        self.parameters.to_compare(&self.comparisons)
    }
}

impl Table {
    /// Numbers a name, once. What exceeds the numbers there are stays unknown; a file within the reader's budget has
    /// fewer values than that.
    fn add(&mut self, name: &Arc<str>) {
        if let Ok(slot) = u16::try_from(self.names.len())
            && !self.slots.contains_key(name)
        {
            self.slots.insert(Arc::clone(name), slot);
            self.names.push(Arc::clone(name));
        }
    }

    fn to_compare(&self, left: &Cell<usize>) -> Vec<&str> {
        if spend(left, self.names.len()) { self.names.iter().map(|name| &**name).collect() } else { Vec::new() }
    }
}

/// The names under the parameters of a step that assign variables.
fn assigned<'a>(step: &'a Typed<'_>) -> impl Iterator<Item = Spanned<Arc<str>>> + 'a {
    let assigns = |entry: &&crate::journey::WithEntry| {
        let parameter = step.declaration.and_then(|declaration| declaration.parameter(&entry.name.value));
        parameter.is_some_and(|parameter| parameter.place == Place::Assignments)
    };
    let entries = step.source.with.iter().filter(assigns).filter_map(|entry| entry.value.as_mapping()).flatten();
    entries.filter_map(|(key, _)| Some(Spanned::new(Arc::clone(key.as_text()?), key.span)))
}

fn guess<'a>(left: &Cell<usize>, name: &str, candidates: impl ExactSizeIterator<Item = &'a str>) -> Option<&'a str> {
    spend(left, candidates.len()).then(|| nearest(name, candidates)).flatten()
}

fn spend(left: &Cell<usize>, count: usize) -> bool {
    let rest = left.get().checked_sub(count);
    left.set(rest.unwrap_or_default());
    rest.is_some()
}
