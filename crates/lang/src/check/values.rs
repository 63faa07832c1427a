//! What stands under a step's `with` comes in; compiled values, and what they read and set, come out.

use std::sync::Arc;

use super::assigned::{PlacedUse, Use};
use super::calls;
use super::fit::fit;
use super::links::LOOP;
use super::names::{Symbols, Typed};
use super::settings;
use crate::catalog::{Declaration, Origin, Parameter, Place};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};
use crate::expr::{Expression, Mode, Reads, Template, compile_node};
use crate::journey::{Journey, WithEntry};
use crate::text::Span;
use crate::types::Type;
use crate::yaml::Node;

/// How many cases of a step are compared with each other: beyond it the check would not be linear.
pub(super) const COMPARED_CASES: usize = 256;

/// The values of one step.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// The parameters, in the order of the file.
    pub(super) entries: Vec<Value>,
    /// The expression that steers a form.
    pub(super) test: Option<Expression>,
    /// What is assigned to variables, in the order of the file.
    pub(super) assignments: Vec<Assignment>,
    /// What a visit reads and sets, in its order.
    pub(super) uses: Vec<PlacedUse>,
}

/// A compiled parameter.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) name: Arc<str>,
    /// Whether the parameter may take a secret.
    pub(super) sink: bool,
    pub(super) template: Template,
}

/// A compiled assignment.
#[derive(Debug)]
pub(super) struct Assignment {
    pub(super) slot: u16,
    /// The variable's name.
    pub(super) span: Span,
    pub(super) template: Template,
}

/// Compiles the values of a step and holds them against what its type declares.
pub(super) fn compile(
    step: &Typed<'_>,
    journey: &Journey,
    symbols: &Symbols,
    text: &str,
    findings: &mut Findings,
) -> Values {
    let mut compiler = Compiler { step, journey, symbols, findings, values: Values::default() };
    for entry in &step.source.with {
        match step.declaration {
            Some(declaration) => compiler.declared(entry, declaration),
            // What is read and broken in there still counts, even if the step's type is unknown.
            None => compiler.value(&entry.name.value, &entry.value, Place::Value, true),
        }
    }
    if let Some(declaration) = step.declaration {
        compiler.missing(declaration);
        let params = step.source.with.iter().find(|entry| is(declaration, entry, Place::Arguments));
        calls::missing(step, params.map(|entry| &entry.value), symbols, compiler.findings);
        settings::check(step, declaration, symbols, text, compiler.findings);
    }
    compiler.outputs();
    compiler.values
}

struct Compiler<'a, 'f> {
    step: &'a Typed<'a>,
    journey: &'a Journey,
    symbols: &'a Symbols,
    findings: &'f mut Findings,
    values: Values,
}

impl Compiler<'_, '_> {
    fn declared(&mut self, entry: &WithEntry, declaration: &Declaration) {
        let name = &entry.name.value;
        let Some(parameter) = declaration.parameter(name) else {
            self.unknown(entry, declaration);
            return self.value(name, &entry.value, Place::Value, true);
        };
        match parameter.place {
            Place::Assignments => self.assignments(name, &entry.value),
            Place::Fields => {
                super::fields::check(name, &entry.value, self.symbols, self.findings);
                self.value(name, &entry.value, Place::Value, parameter.secret);
            }
            Place::Cases => self.cases(name, &entry.value),
            // Named and looked up already.
            Place::Journey => {
                fit(name, &entry.value, &parameter.ty, self.symbols, self.findings);
            }
            Place::Arguments => self.arguments(name, &entry.value),
            Place::Expression if declaration.origin == Origin::Form => self.test(&entry.value),
            Place::Expression => self.value(name, &entry.value, Place::Expression, parameter.secret),
            Place::Value => {
                fit(name, &entry.value, &parameter.ty, self.symbols, self.findings);
                if &*declaration.name == "complete_journey" && &**name == "data" {
                    self.promised(&entry.value);
                }
                if &*declaration.name == LOOP {
                    self.written(name, &entry.value);
                }
                self.value(name, &entry.value, Place::Value, parameter.secret);
            }
        }
    }

    fn unknown(&mut self, entry: &WithEntry, declaration: &Declaration) {
        let name = &entry.name.value;
        let known = declaration.parameters.iter().map(|parameter| &*parameter.name);
        let guess = self.symbols.nearest(name, known.clone());
        let help = || match declaration.parameters.as_slice() {
            [] => "it takes none: delete this".to_owned(),
            _ => format!("its parameters are `{}`", known.collect::<Vec<_>>().join("`, `")),
        };
        let message = format!("{} has no parameter {}", quoted(&declaration.name), quoted(name));
        let finding = Diagnostic::error(Code::UNKNOWN_PARAMETER, entry.name.span, message);
        self.findings.push(finding.guess_or(guess, help));
    }

    fn missing(&mut self, declaration: &Declaration) {
        let source = self.step.source;
        let has = |parameter: &Parameter| {
            let meant = |entry: &WithEntry| {
                // A slip in the name is one mistake, not two.
                entry.name.value == parameter.name
                    || declaration.parameter(&entry.name.value).is_none()
                        && self.symbols.nearest(&entry.name.value, std::iter::once(&*parameter.name)).is_some()
            };
            source.with.iter().any(meant)
        };
        let required = declaration.parameters.iter().filter(|parameter| parameter.required && !has(parameter));
        let promises = &*declaration.name == "complete_journey"
            && !source.with.iter().any(|entry| &*entry.name.value == "data")
            && self.journey.outputs.iter().flatten().any(|output| output.ty.is_required());
        if promises {
            let place = source.with_key.unwrap_or(source.id.span);
            let message = "`outputs` promises data, and this step hands out none";
            let finding = Diagnostic::error(Code::MISSING_PARAMETER, place, message);
            self.findings.push(finding.help("add `data: ` under `with`, with a field for each output"));
        }
        for parameter in required.collect::<Vec<_>>() {
            let place = source.with_key.unwrap_or(source.id.span);
            let message = format!("{} needs the parameter {}", quoted(&declaration.name), quoted(&parameter.name));
            let help = match parameter.doc.trim() {
                "" => format!("add `{}: ` under `with`", parameter.name),
                doc => format!("add `{}: ` under `with`: {}", parameter.name, clause(doc)),
            };
            self.findings.push(Diagnostic::error(Code::MISSING_PARAMETER, place, message).help(help));
        }
    }

    fn value(&mut self, name: &Arc<str>, node: &Node, place: Place, sink: bool) {
        let mode = if place == Place::Expression { Mode::Expression } else { Mode::Value };
        if let Some(template) = self.template(node, mode) {
            self.values.entries.push(Value { name: Arc::clone(name), sink, template });
        }
    }

    fn template(&mut self, node: &Node, mode: Mode) -> Option<Template> {
        let template = self.compiled(Template::compile(node, self.symbols, mode))?;
        self.reads(template.reads());
        Some(template)
    }

    fn test(&mut self, node: &Node) {
        self.values.test = self.compiled(compile_node(node, self.symbols));
        if let Some(test) = &self.values.test {
            let reads = test.reads().clone();
            self.reads(&reads);
        }
    }

    fn compiled<T>(&mut self, compiled: Result<T, Vec<Diagnostic>>) -> Option<T> {
        compiled.map_err(|mistakes| self.findings.extend(mistakes)).ok()
    }

    fn reads(&mut self, reads: &Reads) {
        let reads = reads.variables.iter().map(|(slot, span)| PlacedUse { what: Use::Read(*slot), span: *span });
        self.values.uses.extend(reads);
    }

    /// The bound of a loop must be known before any run.
    fn written(&mut self, name: &str, node: &Node) {
        if node.as_text().is_some_and(|text| text.starts_with('@') || text.contains("${")) {
            let message = format!("{} cannot be an expression", quoted(name));
            let finding = Diagnostic::error(Code::WRONG_TYPE, node.span, message);
            self.findings.push(finding.help("write a number: a loop has its bound before any run begins"));
        }
    }

    /// The entries of a parameter that must be a mapping of `what`.
    fn mapping<'n>(&mut self, name: &str, node: &'n Node, what: &str) -> Option<&'n [(Node, Node)]> {
        let entries = node.as_mapping();
        if entries.is_none() && !node.is_refused() {
            let message = format!("{} must be a mapping of {what}, and this is {}", quoted(name), node.describe());
            self.findings.push(Diagnostic::error(Code::WRONG_SHAPE, node.span, message));
        }
        entries
    }

    /// Exits and the values that lead to them. A value that stands twice would make the second case dead.
    fn cases(&mut self, name: &str, node: &Node) {
        let Some(entries) = self.mapping(name, node, "exits and values") else { return };
        if entries.is_empty() {
            let finding = Diagnostic::error(Code::NO_CASES, node.span, "there is no case to match");
            self.findings.push(finding.help("add a line for each case: the exit, and the value that leads to it"));
        }
        let mut seen: Vec<(crate::Value, Span)> = Vec::new();
        for (key, value) in entries {
            let Some(exit) = key.as_text() else { continue };
            let Some(template) = self.template(value, Mode::Value) else { continue };
            if let Some(constant) = template.constant().filter(|_| seen.len() < COMPARED_CASES) {
                match seen.iter().find(|(known, _)| known == constant) {
                    Some((_, first)) => {
                        let message = format!("the case {} has the value of another, and is never taken", quoted(exit));
                        let finding = Diagnostic::error(Code::CASE_TWICE, value.span, message);
                        self.findings.push(
                            finding.help("give it a value of its own, or delete it").label(*first, "the same value"),
                        );
                    }
                    None => seen.push((constant.clone(), value.span)),
                }
            }
            self.values.entries.push(Value { name: Arc::clone(exit), sink: false, template });
        }
    }

    /// Parameters of the journey that is invoked, and what they take.
    fn arguments(&mut self, name: &str, node: &Node) {
        if self.mapping(name, node, "parameters and values").is_none() {
            return;
        }
        let Some(callee) = self.step.callee else {
            // What is read and broken in there still counts, even if the journey is unknown.
            return self.value(&Arc::from(name), node, Place::Value, true);
        };
        for (parameter, sink, value) in calls::arguments(node, callee, self.symbols, self.findings) {
            self.value(&parameter, value, Place::Value, sink);
        }
    }

    /// Variables and the values that they take, one after the other.
    fn assignments(&mut self, name: &str, node: &Node) {
        let Some(entries) = self.mapping(name, node, "variables and values") else { return };
        for (key, value) in entries {
            let Some(slot) = key.as_text().and_then(|variable| self.symbols.slot(variable)) else { continue };
            if let Some(ty) = self.symbols.variable_type(slot) {
                fit(self.symbols.variable_name(slot), value, ty, self.symbols, self.findings);
            }
            if let Some(template) = self.template(value, Mode::Value) {
                self.values.assignments.push(Assignment { slot, span: key.span, template });
            }
            self.values.uses.push(PlacedUse { what: Use::Set(slot), span: key.span });
        }
    }

    /// The journey's `data` against the types that `outputs` promises.
    fn promised(&mut self, data: &Node) {
        if let Some(outputs) = outputs(self.journey) {
            fit("data", data, &outputs, self.symbols, self.findings);
        }
    }

    fn outputs(&mut self) {
        for name in [&self.step.source.output, &self.step.source.error_output].into_iter().flatten() {
            if let Some(slot) = self.symbols.slot(&name.value) {
                self.values.uses.push(PlacedUse { what: Use::Set(slot), span: name.span });
            }
        }
    }
}

/// Whether an entry stands for a parameter of this sort.
fn is(declaration: &Declaration, entry: &WithEntry, place: Place) -> bool {
    declaration.parameter(&entry.name.value).is_some_and(|parameter| parameter.place == place)
}

/// The type of what `complete_journey` hands out.
pub(super) fn outputs(journey: &Journey) -> Option<Type> {
    let fields = journey.outputs.as_ref()?;
    Some(Type::object_of(fields.iter().map(|field| (Arc::clone(&field.name.value), field.ty.clone()))))
}

/// The first sentence of a doc, to stand after a colon.
fn clause(doc: &str) -> String {
    let sentence = doc.split(['.', '\n']).next().unwrap_or(doc);
    let mut characters = sentence.chars();
    characters.next().into_iter().flat_map(char::to_lowercase).chain(characters).collect()
}
