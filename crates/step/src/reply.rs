//! What a step answers: done, by an exit, or waiting, with what would wake it.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer, ser};
use wayfarer_lang::Value;

use crate::attempt::Proof;
use crate::prompt::Prompt;

/// Why a step left by a failing exit; it becomes the value of `error_output` and never reaches a client by itself (R40).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// One of the error codes that the step declares.
    pub code: Cow<'static, str>,
    /// One sentence without secrets.
    pub message: String,
}

impl Failure {
    /// A failure with a declared code.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }
}

/// What a typed step answers.
#[derive(Debug)]
pub enum Reply<State, Output> {
    /// The visit is over.
    Done {
        /// The exit to take; it must be one that the step declares.
        exit: Cow<'static, str>,
        /// The value for the author's `output` variable.
        output: Option<Output>,
        /// The value for the author's `error_output` variable.
        failure: Option<Failure>,
        /// What the attempt service gave; the success exit of a verifying step needs it.
        proof: Option<Proof>,
    },
    /// The visit goes on when one of the wake conditions comes true.
    Wait(Wait<State>),
}

/// Why a step waits: exactly one of the conditions will wake it.
#[derive(Debug)]
pub struct Wait<State> {
    /// What the client is asked, if the client is asked.
    pub prompt: Option<Prompt>,
    /// Keys under which somebody else may speak.
    pub signals: Vec<Arc<str>>,
    /// The moment at which waiting ends.
    pub until: Option<Timestamp>,
    /// What the step wants to know when it wakes. It is sealed and never sent to a client.
    pub state: State,
}

impl<State, Output> Reply<State, Output> {
    /// Done, by this exit.
    #[must_use]
    pub const fn exit(exit: &'static str) -> Self {
        Self::Done { exit: Cow::Borrowed(exit), output: None, failure: None, proof: None }
    }

    /// Done, by an exit whose name was made from a parameter.
    #[must_use]
    pub fn exit_named(exit: impl Into<String>) -> Self {
        Self::Done { exit: Cow::Owned(exit.into()), output: None, failure: None, proof: None }
    }

    /// Done, by an exit that needs the proof.
    #[must_use]
    pub const fn verified(exit: &'static str, proof: Proof) -> Self {
        Self::Done { exit: Cow::Borrowed(exit), output: None, failure: None, proof: Some(proof) }
    }

    /// Done, by a failing exit, and why.
    #[must_use]
    pub const fn failed(exit: &'static str, failure: Failure) -> Self {
        Self::Done { exit: Cow::Borrowed(exit), output: None, failure: Some(failure), proof: None }
    }

    /// Gives the visit's output. It has no effect on a wait.
    #[must_use]
    pub fn output(mut self, value: Output) -> Self {
        if let Self::Done { output, .. } = &mut self {
            *output = Some(value);
        }
        self
    }

    /// Waits for the client's answer to a prompt.
    #[must_use]
    pub const fn prompt(prompt: Prompt, state: State) -> Self {
        Self::Wait(Wait { prompt: Some(prompt), signals: Vec::new(), until: None, state })
    }
}

/// An output that is a value already. Unlike any other it may hold secrets: in the author's variable they stay secrets.
#[derive(Clone, Debug)]
pub struct RawOutput(pub Value);

impl Serialize for RawOutput {
    /// Secrets are refused here: the engine takes the value as it is and serialises nothing.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.to_json().map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl JsonSchema for RawOutput {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("RawOutput")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

/// The same with types erased: what the engine sees of every step.
#[derive(Debug)]
pub enum AnyReply {
    /// The visit is over.
    Done {
        /// The exit to take.
        exit: Cow<'static, str>,
        /// The value for `output`.
        output: Option<Value>,
        /// The value for `error_output`.
        failure: Option<Failure>,
        /// What the attempt service gave.
        proof: Option<Proof>,
    },
    /// The visit goes on later.
    Wait(Wait<Value>),
}
