//! The tree of a file comes in; the [`Journey`] and a finding for each thing that has the wrong shape come out.

use std::sync::Arc;

use super::model::{
    Journey, LinkSource, ParameterSource, RESERVED, Requirement, RetrySource, Routes, Spanned, StepSource, WithEntry,
    is_identifier, is_variable_name,
};
use super::{duration, types};
use crate::code::Code;
use crate::diagnostic::{Certainty, Diagnostic, Findings, Fix, nearest, quoted};
use crate::program::Kind;
use crate::text::Span;
use crate::yaml::{Document, Node, NodeKind};

/// The keys of a journey, in their usual order.
pub(crate) const JOURNEY_ORDER: [&str; 10] =
    ["journey", "title", "description", "kind", "requires", "params", "vars", "outputs", "start", "steps"];
/// The keys of a step, in their usual order: what it is, what it takes and gives, how it is tried, where it leads.
pub(crate) const STEP_ORDER: [&str; 11] = [
    "type",
    "note",
    "with",
    "output",
    "error_output",
    "timeout",
    "retry",
    "steps",
    "unauthenticated",
    "branches",
    "next",
];
/// The keys under `retry`.
pub(crate) const RETRY_KEYS: [&str; 2] = ["times", "delay"];
/// The kinds of journeys by their words.
pub(crate) const KINDS: [(&str, Kind); 3] = [("client", Kind::Client), ("backend", Kind::Backend), ("sub", Kind::Sub)];

/// The most often that a step is tried again.
pub(crate) const MOST_RETRIES: u32 = 9;

/// The only thing that a journey may require.
pub(crate) const REQUIRED: &str = "authentication";

/// Reads the tree as a journey. Parts that cannot be read are left out, each with a finding; the rest is kept, so that
/// one mistake never hides another.
pub fn lower(document: &Document) -> (Journey, Findings) {
    let mut lowering = Lowering::default();
    let journey = lowering.journey(document.root());
    (journey, lowering.findings)
}

#[derive(Default)]
struct Lowering {
    findings: Findings,
}

/// How a name must look.
#[derive(Clone, Copy)]
enum Form {
    Identifier,
    Variable,
}

impl Lowering {
    fn journey(&mut self, root: &Node) -> Journey {
        let mut journey = Journey {
            span: root.span,
            id: None,
            title: None,
            description: None,
            kind: None,
            requires: None,
            parameters: Vec::new(),
            variables: Vec::new(),
            outputs: None,
            start: None,
            steps: Vec::new(),
        };
        let entries = root.as_mapping().unwrap_or_default();
        for (key, value) in entries {
            match key.as_text().map_or("", |name| name) {
                "journey" => journey.id = self.name("journey", value, Form::Identifier),
                "title" => journey.title = self.text("title", value),
                "description" => journey.description = self.text("description", value),
                "kind" => journey.kind = self.kind(value),
                "requires" => journey.requires = self.requires(value),
                "params" => journey.parameters = self.declarations("params", value),
                "vars" => journey.variables = self.declarations("vars", value),
                "outputs" => journey.outputs = Some(self.declarations("outputs", value)),
                "start" => journey.start = self.text("start", value),
                "steps" => journey.steps = self.steps("the journey", key, value),
                _ => self.unknown_key(key, "a journey", &JOURNEY_ORDER),
            }
        }
        let place = entries.first().map_or(root.span, |(key, _)| key.span);
        if lacks(root, "journey", &JOURNEY_ORDER) {
            self.missing("journey", place, "begin the file with `journey: ` and the id of the journey");
        }
        if lacks(root, "steps", &JOURNEY_ORDER) {
            self.missing("steps", place, "add `steps:` and at least one step");
        }
        journey
    }

    fn steps(&mut self, what: &str, key: &Node, value: &Node) -> Vec<StepSource> {
        if matches!(value.kind, NodeKind::Null) || value.as_mapping().is_some_and(<[_]>::is_empty) {
            let finding = Diagnostic::error(Code::NO_STEPS, key.span, format!("{what} has no steps"));
            self.findings.push(finding.help("add a step; the last one of a way is `type: complete_journey`"));
            return Vec::new();
        }
        let Some(entries) = self.mapping("steps", value) else { return Vec::new() };
        entries.iter().map(|(key, value)| self.step(key, value)).collect()
    }

    fn step(&mut self, key: &Node, value: &Node) -> StepSource {
        let id = self.key_name("a step id", key, Form::Identifier);
        if RESERVED.contains(&&*id.value) {
            let message = format!("{} is reserved and cannot be the id of a step", quoted(&id.value));
            let finding = Diagnostic::error(Code::RESERVED_ID, id.span, message);
            self.findings.push(finding.help("it has a meaning of its own as a target; give the step another id"));
        }
        let mut step = StepSource {
            id,
            type_name: None,
            with_key: None,
            with: Vec::new(),
            output: None,
            error_output: None,
            routes: Routes::default(),
            body: None,
            note: None,
            timeout: None,
            retry: None,
            entries: Vec::new(),
            unauthenticated: None,
        };
        let Some(entries) = self.mapping("a step", value) else { return step };
        step.entries = entries.iter().map(|(key, value)| (key.span, value.span)).collect();
        for (key, value) in entries {
            match key.as_text().map_or("", |name| name) {
                "type" => step.type_name = self.text("type", value),
                "with" => {
                    step.with_key = Some(key.span);
                    step.with = self.with(value);
                }
                "output" => step.output = self.name("output", value, Form::Variable),
                "error_output" => step.error_output = self.name("error_output", value, Form::Variable),
                "branches" => {
                    step.routes.branches_key = Some(key.span);
                    step.routes.unreadable = value.as_mapping().is_none();
                    step.routes.branches = self.branches(value);
                }
                "next" => {
                    step.routes.next_key = Some(key.span);
                    step.routes.next = self.text("next", value);
                }
                "note" => step.note = self.text("note", value),
                "timeout" => step.timeout = self.timeout(key, value),
                "retry" => step.retry = self.retry(key, value),
                "unauthenticated" => step.unauthenticated = self.flag(key, value),
                // A file is only so deep, and with it the bodies in bodies.
                "steps" => step.body = Some(Spanned::new(self.steps("the body", key, value), key.span)),
                _ => self.unknown_key(key, "a step", &STEP_ORDER),
            }
        }
        if lacks(value, "type", &STEP_ORDER) {
            self.missing("type", step.id.span, "say what the step does: `type: complete_journey`, for example");
        }
        if let (Some(branches), Some(next)) = (step.routes.branches_key, step.routes.next_key) {
            let finding = Diagnostic::error(Code::BRANCHES_AND_NEXT, next, "a step has either `branches` or `next`");
            self.findings
                .push(finding.help("keep the one that fits the step's exits").label(branches, "`branches` here"));
        }
        step
    }

    fn with(&mut self, value: &Node) -> Vec<WithEntry> {
        let entries = self.mapping("with", value).unwrap_or_default();
        let entry = |(key, value): &(Node, Node)| {
            let name = Spanned::new(Arc::clone(key.as_text()?), key.span);
            Some(WithEntry { name, value: value.clone() })
        };
        entries.iter().filter_map(entry).collect()
    }

    fn branches(&mut self, value: &Node) -> Vec<LinkSource> {
        let entries = self.mapping("branches", value).unwrap_or_default();
        let links = entries.iter().filter_map(|(key, value)| {
            let exit = Spanned::new(Arc::clone(key.as_text()?), key.span);
            Some(LinkSource { target: self.text_of(&quoted(&exit.value), value), exit })
        });
        links.collect()
    }

    fn kind(&mut self, value: &Node) -> Option<Spanned<Kind>> {
        let word = self.text("kind", value)?;
        if let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == &*word.value) {
            return Some(Spanned::new(*kind, word.span));
        }
        let names = KINDS.map(|(name, _)| name);
        let help = || "the kinds are `client`, `backend` and `sub`".to_owned();
        let message = format!("there is no kind of journey {}", quoted(&word.value));
        let finding = Diagnostic::error(Code::UNKNOWN_KIND, word.span, message);
        self.findings.push(finding.guess_or(nearest(&word.value, names), help));
        None
    }

    fn requires(&mut self, value: &Node) -> Option<Spanned<Requirement>> {
        let word = self.text("requires", value)?;
        if &*word.value == REQUIRED {
            return Some(Spanned::new(Requirement::Authentication, word.span));
        }
        let message = format!("`requires` can only be `{REQUIRED}`, and not {}", quoted(&word.value));
        let finding = Diagnostic::error(Code::WRONG_SHAPE, word.span, message);
        self.findings.push(finding.guess_or(nearest(&word.value, [REQUIRED]), || "delete it".to_owned()));
        None
    }

    fn flag(&mut self, key: &Node, value: &Node) -> Option<Spanned<bool>> {
        if let NodeKind::Bool(flag) = value.kind {
            return Some(Spanned::new(flag, key.span));
        }
        let subject = super::types::subject(key.as_text().map_or("", |name| name));
        self.findings.extend(super::types::wrong_shape(&subject, "`true` or `false`", value, None));
        None
    }

    fn declarations(&mut self, what: &str, value: &Node) -> Vec<ParameterSource> {
        let entries = self.mapping(what, value).unwrap_or_default();
        let declarations = entries.iter().map(|(key, value)| ParameterSource {
            name: self.key_name("a name", key, Form::Variable),
            ty: types::lower(value, &mut self.findings),
        });
        declarations.collect()
    }

    fn timeout(&mut self, key: &Node, value: &Node) -> Option<Spanned<jiff::SignedDuration>> {
        let duration = self.duration("timeout", value)?;
        if duration.is_zero() {
            let finding = Diagnostic::error(Code::BAD_DURATION, value.span, "a timeout of no length leaves no time");
            self.findings.push(finding.help("write how long the step may last, such as `30s`"));
            return None;
        }
        Some(Spanned::new(duration, key.span))
    }

    fn duration(&mut self, what: &str, value: &Node) -> Option<jiff::SignedDuration> {
        if value.is_refused() {
            return None;
        }
        let duration = value.as_text().and_then(|text| duration::parse(text));
        if duration.is_none() {
            let finding = Diagnostic::error(Code::BAD_DURATION, value.span, format!("`{what}` must be a duration"));
            let seconds = matches!(value.kind, NodeKind::Int(1..)).then_some(Span::at(value.span.end));
            let fix = seconds.map(|end| Fix::replace(Certainty::Likely, end, "s"));
            let help = "write whole numbers with units, such as `30s`, `5m` or `1h30m`; at most `30d`";
            self.findings.push(finding.help(help).fix(fix));
        }
        duration
    }

    fn retry(&mut self, key: &Node, value: &Node) -> Option<Spanned<RetrySource>> {
        let entries = self.mapping("retry", value)?;
        let (mut times, mut delay) = (None, Some(jiff::SignedDuration::ZERO));
        for (key, value) in entries {
            match key.as_text().map_or("", |name| name) {
                "times" => times = self.times(value),
                "delay" => delay = self.duration("delay", value),
                _ => self.unknown_key(key, "`retry`", &RETRY_KEYS),
            }
        }
        if lacks(value, "times", &RETRY_KEYS) {
            self.missing("times", key.span, "say how often the step is tried again: `retry: { times: 2, delay: 1s }`");
        }
        Some(Spanned::new(RetrySource { times: times?, delay: delay? }, key.span))
    }

    fn times(&mut self, value: &Node) -> Option<u32> {
        if value.is_refused() {
            return None;
        }
        let times = match value.kind {
            NodeKind::Int(times) => u32::try_from(times).ok().filter(|times| (1..=MOST_RETRIES).contains(times)),
            _ => None,
        };
        if times.is_none() {
            let message = format!("`times` must be a whole number from 1 to {MOST_RETRIES}");
            self.findings.push(Diagnostic::error(Code::BAD_RETRY, value.span, message));
        }
        times
    }

    /// A text that must look like a name.
    fn name(&mut self, what: &str, value: &Node, form: Form) -> Option<Spanned<Arc<str>>> {
        let text = self.text(what, value)?;
        self.check_name(&format!("`{what}`"), &text, form).then_some(text)
    }

    /// A key that is a name.
    fn key_name(&mut self, what: &str, key: &Node, form: Form) -> Spanned<Arc<str>> {
        let name = Spanned::new(key.as_text().map_or_else(|| Arc::from(""), Arc::clone), key.span);
        self.check_name(what, &name, form);
        name
    }

    fn check_name(&mut self, what: &str, name: &Spanned<Arc<str>>, form: Form) -> bool {
        let (fits, help) = match form {
            Form::Identifier => (
                is_identifier(&name.value),
                "begin with a letter or `_`; then letters, digits, `_` and `-`, 64 characters at most",
            ),
            Form::Variable => (
                is_variable_name(&name.value),
                "begin with a letter or `_`; then letters, digits and `_`, 64 characters at most",
            ),
        };
        if !fits {
            let message = format!("{what} cannot be {}", quoted(&name.value));
            self.findings.push(Diagnostic::error(Code::BAD_ID, name.span, message).help(help));
        }
        fits
    }

    fn text(&mut self, what: &str, value: &Node) -> Option<Spanned<Arc<str>>> {
        self.text_of(&super::types::subject(what), value)
    }

    /// The same for a subject that may be of the author's making.
    fn text_of(&mut self, subject: &str, value: &Node) -> Option<Spanned<Arc<str>>> {
        match value.as_text() {
            Some(text) => Some(Spanned::new(Arc::clone(text), value.span)),
            None => {
                let finding = super::types::wrong_shape(subject, "a text", value, None);
                self.findings.extend(finding.map(|finding| match value.kind {
                    NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_) => {
                        finding.help("put it in quotes").fix(Fix::quote(Certainty::Certain, value.span))
                    }
                    _ => finding,
                }));
                None
            }
        }
    }

    fn mapping<'a>(&mut self, what: &str, value: &'a Node) -> Option<&'a [(Node, Node)]> {
        let entries = value.as_mapping();
        if entries.is_none() {
            let subject = super::types::subject(what);
            self.findings.extend(super::types::wrong_shape(&subject, "a mapping of keys and values", value, None));
        }
        entries
    }

    fn unknown_key(&mut self, key: &Node, what: &str, known: &[&str]) {
        self.findings.push(super::types::unknown_key(key, what, known));
    }

    fn missing(&mut self, key: &str, place: Span, help: &str) {
        let finding = Diagnostic::error(Code::MISSING_KEY, place, format!("the key `{key}` is missing"));
        self.findings.push(finding.help(help));
    }
}

/// Whether a mapping has neither `key` nor an unknown key that was probably meant to be it: a slip is one mistake.
fn lacks(mapping: &Node, key: &str, known: &[&str]) -> bool {
    let mut names = mapping.as_mapping().into_iter().flatten().filter_map(|(name, _)| name.as_text());
    !names.any(|name| &**name == key || !known.contains(&&**name) && nearest(name, known.iter().copied()) == Some(key))
}
