//! What a client is asked: a kind, data to show, and the options it may choose.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use wayfarer_lang::Value;
use wayfarer_lang::types::Type;
use wayfarer_lang::value::stored::Stored;

/// What a client step sends. A secret in `data` fails the step: it never leaves the engine (R99).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Prompt {
    /// What kind of thing is asked, such as `information`: clients choose their view by it.
    pub kind: Cow<'static, str>,
    /// What to show.
    pub data: Stored<Value>,
    /// What may be answered. It may be nothing if a signal or a time ends the wait.
    pub choices: Vec<Choice>,
}

/// One way to answer a prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The option id that the client sends back.
    pub id: Cow<'static, str>,
    /// The text on the button.
    pub label: String,
    /// What choosing it means.
    pub kind: ChoiceKind,
    /// The type of the data that must come with it; none: no data is taken.
    #[serde(with = "answer")]
    pub answer: Option<Type>,
}

/// What choosing an option means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChoiceKind {
    /// The answer that the step asked for.
    Submit,
    /// The user gave up.
    Cancel,
    /// A further way on that the author added.
    Custom,
}

impl Prompt {
    /// A prompt of a kind that shows `data`.
    #[must_use]
    pub fn new(kind: &'static str, data: Value) -> Self {
        Self { kind: Cow::Borrowed(kind), data: Stored(data), choices: Vec::new() }
    }

    /// Adds an option.
    #[must_use]
    pub fn choice(mut self, choice: Choice) -> Self {
        self.choices.push(choice);
        self
    }

    /// The option with this id, if it is offered.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.id == id)
    }
}

impl Choice {
    /// The answer that the step asks for.
    #[must_use]
    pub fn submit(id: &'static str, label: impl Into<String>, answer: Option<Type>) -> Self {
        Self { id: Cow::Borrowed(id), label: label.into(), kind: ChoiceKind::Submit, answer }
    }

    /// A further way on that the author added; it carries no data.
    #[must_use]
    pub fn custom(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: Cow::Owned(id.into()), label: label.into(), kind: ChoiceKind::Custom, answer: None }
    }

    /// Giving up; it carries no data.
    #[must_use]
    pub fn cancel(id: &'static str, label: impl Into<String>) -> Self {
        Self { id: Cow::Borrowed(id), label: label.into(), kind: ChoiceKind::Cancel, answer: None }
    }
}

/// A type is a word or a map; stored state has no such choice, so it keeps the JSON text.
mod answer {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
    use wayfarer_lang::types::Type;

    pub(super) fn serialize<S: Serializer>(answer: &Option<Type>, serializer: S) -> Result<S::Ok, S::Error> {
        let text = answer.as_ref().map(serde_json::to_string).transpose().map_err(ser::Error::custom)?;
        text.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Type>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.as_deref().map(serde_json::from_str).transpose().map_err(de::Error::custom)
    }
}
