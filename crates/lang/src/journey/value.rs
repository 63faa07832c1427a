//! A journey that was built in code comes in as a value; the same as a file's text and as a model goes out, and back again.
//!
//! Both directions pass through YAML text, so that there is one reader for every journey.

use serde_json::{Map, Value as Json, json};

use super::{Journey, ParameterSource, REQUIRED, Requirement, Spanned, StepSource, duration};
use crate::diagnostic::Findings;
use crate::program::Kind;
use crate::text::Source;
use crate::yaml::{self, Budget, WriteError};

/// A journey could not be taken from a value.
#[derive(Debug, thiserror::Error)]
pub enum FromValueError {
    /// The value cannot be written as YAML.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// It can, but it is not a journey. The source is the text that was written, for showing the findings.
    #[error("the value is not a journey")]
    Read {
        /// The text.
        source_text: Source,
        /// Why not.
        findings: Findings,
    },
}

impl Journey {
    /// Takes a journey that was built in code, in the shape of a journey file. The source that comes with it is the file
    /// that an author would have written; [`check`](crate::check()) takes its text.
    ///
    /// # Errors
    /// The value is not a journey. What only a catalogue tells is left to `check`.
    pub fn from_value(name: &str, value: &Json) -> Result<(Source, Self), FromValueError> {
        let source = Source::new(name, yaml::write(value)?);
        let (document, mut findings) = yaml::read(source.text().as_bytes(), &Budget::default());
        let journey = document.map(|document| {
            let (journey, lowered) = super::lower(&document);
            findings.extend(lowered);
            journey
        });
        findings.sort();
        match journey {
            Some(journey) if !findings.has_errors() => Ok((source, journey)),
            _ => Err(FromValueError::Read { source_text: source, findings }),
        }
    }

    /// The journey in the shape of its file, keys in their usual order. Parts that could not be read are left out.
    pub fn to_value(&self) -> Json {
        let mut journey = Map::new();
        let text = |text: &Option<Spanned<std::sync::Arc<str>>>| text.as_ref().map(|text| json!(&*text.value));
        put(&mut journey, "journey", text(&self.id));
        put(&mut journey, "title", text(&self.title));
        put(&mut journey, "description", text(&self.description));
        put(&mut journey, "kind", self.kind.as_ref().map(|kind| json!(kind_word(kind.value))));
        put(
            &mut journey,
            "requires",
            self.requires.as_ref().map(|Spanned { value: Requirement::Authentication, .. }| json!(REQUIRED)),
        );
        put(&mut journey, "params", declarations(&self.parameters));
        put(&mut journey, "vars", declarations(&self.variables));
        let outputs = self.outputs.as_ref().map(|outputs| declarations(outputs).unwrap_or_else(|| json!({})));
        put(&mut journey, "outputs", outputs);
        put(&mut journey, "start", text(&self.start));
        put(&mut journey, "steps", Some(steps_value(&self.steps)));
        Json::Object(journey)
    }
}

fn steps_value(steps: &[StepSource]) -> Json {
    Json::Object(steps.iter().map(|step| (step.id.value.to_string(), step_value(step))).collect())
}

fn step_value(source: &StepSource) -> Json {
    let mut step = Map::new();
    let text = |text: &Option<Spanned<std::sync::Arc<str>>>| text.as_ref().map(|text| json!(&*text.value));
    put(&mut step, "type", text(&source.type_name));
    put(&mut step, "note", text(&source.note));
    let with = source.with.iter().map(|entry| (entry.name.value.to_string(), plain(&entry.value)));
    put(&mut step, "with", source.with_key.map(|_| Json::Object(with.collect())));
    put(&mut step, "output", text(&source.output));
    put(&mut step, "error_output", text(&source.error_output));
    put(&mut step, "timeout", source.timeout.as_ref().map(|timeout| json!(duration::write(timeout.value))));
    let retry = source.retry.as_ref().map(|retry| &retry.value);
    put(&mut step, "retry", retry.map(|retry| json!({ "times": retry.times, "delay": duration::write(retry.delay) })));
    let branches = source.routes.branches.iter();
    let branches =
        branches.filter_map(|link| Some((link.exit.value.to_string(), json!(&*link.target.as_ref()?.value))));
    put(&mut step, "branches", source.routes.branches_key.map(|_| Json::Object(branches.collect())));
    put(&mut step, "next", text(&source.routes.next));
    put(&mut step, "unauthenticated", source.unauthenticated.as_ref().map(|flag| json!(flag.value)));
    put(&mut step, "steps", source.body.as_ref().map(|body| steps_value(&body.value)));
    Json::Object(step)
}

fn declarations(declarations: &[ParameterSource]) -> Option<Json> {
    let types = declarations.iter().map(|one| {
        // A type that was read from a file holds no secret value, so it can always be written.
        (one.name.value.to_string(), serde_json::to_value(&one.ty).unwrap_or_default())
    });
    (!declarations.is_empty()).then(|| Json::Object(types.collect()))
}

fn plain(node: &yaml::Node) -> Json {
    // A file's values hold no secrets.
    node.to_value().to_json().unwrap_or_default()
}

fn put(map: &mut Map<String, Json>, key: &str, value: Option<Json>) {
    if let Some(value) = value {
        map.insert(key.to_owned(), value);
    }
}

const fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Client => "client",
        Kind::Backend => "backend",
        Kind::Sub => "sub",
    }
}
