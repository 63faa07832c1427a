//! The parts of a journey file, each with its place in the text.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::program::Kind;
use crate::text::Span;
use crate::types::Type;
use crate::yaml;

/// Targets that no step may be called after.
pub const RESERVED: [&str; 3] = ["abort", "continue", "break"];

/// The most characters of an id or a variable name.
const LONGEST_NAME: usize = 64;

/// Something and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What is there.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Puts a thing and its place together.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A journey file. What could not be read is left out here and stands among the findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// The whole outermost mapping.
    pub span: Span,
    /// Its id; none if it is missing or malformed.
    pub id: Option<Spanned<Arc<str>>>,
    /// Its title.
    pub title: Option<Spanned<Arc<str>>>,
    /// What it is for.
    pub description: Option<Spanned<Arc<str>>>,
    /// Who may start it; none where the file does not say.
    pub kind: Option<Spanned<Kind>>,
    /// What every end with success asks for; none where the file does not say.
    pub requires: Option<Spanned<Requirement>>,
    /// The start parameters.
    pub parameters: Vec<ParameterSource>,
    /// The declared variables.
    pub variables: Vec<VariableSource>,
    /// The fields of what `complete_journey` hands out.
    pub outputs: Option<Vec<VariableSource>>,
    /// The id of the first step; none where it is the first in the file.
    pub start: Option<Spanned<Arc<str>>>,
    /// The steps, in the order of the file.
    pub steps: Vec<StepSource>,
}

/// What a journey says that every end with success asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// A user who is proven.
    Authentication,
}

/// A start parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSource {
    /// Its name.
    pub name: Spanned<Arc<str>>,
    /// Its type; where that could not be read, any.
    pub ty: Type,
}

/// A declared variable or output.
pub type VariableSource = ParameterSource;

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepSource {
    /// Its id.
    pub id: Spanned<Arc<str>>,
    /// The word after `type:`; none if it is missing or no text.
    pub type_name: Option<Spanned<Arc<str>>>,
    /// The key `with`, where there is one.
    pub with_key: Option<Span>,
    /// What stands under `with`.
    pub with: Vec<WithEntry>,
    /// The variable that takes what the step gives.
    pub output: Option<Spanned<Arc<str>>>,
    /// The variable that takes the failure.
    pub error_output: Option<Spanned<Arc<str>>>,
    /// Where its exits lead.
    pub routes: Routes,
    /// The steps of a loop's body, and the place of their key `steps`.
    pub body: Option<Spanned<Vec<StepSource>>>,
    /// A remark for people.
    pub note: Option<Spanned<Arc<str>>>,
    /// How long a visit may last; its place is the key's.
    pub timeout: Option<Spanned<SignedDuration>>,
    /// How often it is tried again; its place is the key's.
    pub retry: Option<Spanned<RetrySource>>,
    /// The places of all its keys and their values.
    pub entries: Vec<(Span, Span)>,
    /// Whether this end may be reached by a user who is not proven; its place is the key's.
    pub unauthenticated: Option<Spanned<bool>>,
}

/// One entry under `with`.
#[derive(Clone, Debug, PartialEq)]
pub struct WithEntry {
    /// The key.
    pub name: Spanned<Arc<str>>,
    /// The value as it was read.
    pub value: yaml::Node,
}

/// How the exits of a step are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes {
    /// The key `branches`, where there is one.
    pub branches_key: Option<Span>,
    /// The key `next`, where there is one.
    pub next_key: Option<Span>,
    /// The links that `branches` holds.
    pub branches: Vec<LinkSource>,
    /// Whether `branches` stands there and is no mapping.
    pub unreadable: bool,
    /// The target after `next`.
    pub next: Option<Spanned<Arc<str>>>,
}

/// A line under `branches`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSource {
    /// The exit.
    pub exit: Spanned<Arc<str>>,
    /// The name of the target; none if it could not be read.
    pub target: Option<Spanned<Arc<str>>>,
}

/// What stands under `retry`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetrySource {
    /// Tries after the first one.
    pub times: u32,
    /// The pause before each.
    pub delay: SignedDuration,
}

/// Whether `text` may be the id of a journey, step or exit: `[A-Za-z_][A-Za-z0-9_-]{0,63}`.
pub fn is_identifier(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// Whether `text` may name a variable or a parameter: an id without `-`.
pub fn is_variable_name(text: &str) -> bool {
    is_identifier(text) && !text.contains('-')
}
