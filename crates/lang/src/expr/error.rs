//! What can go wrong with an expression after it was read: when names are resolved, and when it is evaluated.

use std::fmt;

use crate::Span;

/// A mistake that shows when the expression meets the names around it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CompileError {
    /// Where, in bytes of the expression's text.
    pub span: Span,
    /// Which sort of mistake.
    pub kind: CompileErrorKind,
    /// What is wrong.
    pub message: String,
    /// The cure, where one can be guessed.
    pub help: Option<String>,
    /// What should probably stand at `span`.
    pub guess: Option<String>,
}

/// The sorts of mistake that [`compile`](super::compile) finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompileErrorKind {
    /// A name that is neither bound in the expression nor a variable.
    UnknownVariable,
    /// A start parameter that the journey does not declare.
    UnknownParameter,
    /// A function or root that does not exist.
    UnknownFunction,
    /// A function with too few or too many arguments, or a lambda where a value must come out.
    WrongUse,
}

/// An evaluation that gave no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EvalError {
    /// The stable word for what happened.
    pub code: EvalCode,
    /// Where, in bytes of the expression's text.
    pub span: Span,
    /// What happened; it never holds a value.
    pub message: String,
}

/// What can happen in an evaluation. The words are stable: journeys and tests may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvalCode {
    /// A variable was read before it was set.
    UnsetVariable,
    /// A field or an item of null was read without `?.`.
    NullAccess,
    /// A field or an item was read of what has none.
    NoFields,
    /// An index is not of the kind that the array or object takes.
    BadIndex,
    /// A number was needed, and this is none.
    NotANumber,
    /// A number left the range of its kind.
    Overflow,
    /// A division by zero.
    DivisionByZero,
    /// A secret was used for anything but passing it on.
    SecretUse,
    /// A lambda stands where only a value can be.
    LambdaUse,
    /// What was called is no lambda.
    NotALambda,
    /// A lambda got more or fewer arguments than it takes.
    WrongArguments,
    /// A function got an argument of a type, or out of a range, that it does not take.
    BadArgument,
    /// A text is not what the function reads: JSON, Base64, a time, a phone number.
    Unreadable,
    /// No key goes by this alias, or it is a key for something else.
    UnknownKey,
    /// A text or token was not made with the key, was changed since, or is out of its time.
    NotAuthentic,
    /// Random numbers are not to be had here.
    NotAvailable,
    /// The evaluation used up its fuel.
    TooMuchWork,
    /// Calls or values are nested too deeply.
    TooDeep,
    /// A value grew over its limit.
    TooLarge,
}

impl EvalCode {
    /// All codes.
    pub const ALL: [Self; 19] = [
        Self::UnsetVariable,
        Self::NullAccess,
        Self::NoFields,
        Self::BadIndex,
        Self::NotANumber,
        Self::Overflow,
        Self::DivisionByZero,
        Self::SecretUse,
        Self::LambdaUse,
        Self::NotALambda,
        Self::WrongArguments,
        Self::BadArgument,
        Self::Unreadable,
        Self::UnknownKey,
        Self::NotAuthentic,
        Self::NotAvailable,
        Self::TooMuchWork,
        Self::TooDeep,
        Self::TooLarge,
    ];

    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::UnsetVariable => "unset-variable",
            Self::NullAccess => "null-access",
            Self::NoFields => "no-fields",
            Self::BadIndex => "bad-index",
            Self::NotANumber => "not-a-number",
            Self::Overflow => "overflow",
            Self::DivisionByZero => "division-by-zero",
            Self::SecretUse => "secret-use",
            Self::LambdaUse => "lambda-use",
            Self::NotALambda => "not-a-lambda",
            Self::WrongArguments => "wrong-arguments",
            Self::BadArgument => "bad-argument",
            Self::Unreadable => "unreadable",
            Self::UnknownKey => "unknown-key",
            Self::NotAuthentic => "not-authentic",
            Self::NotAvailable => "not-available",
            Self::TooMuchWork => "too-much-work",
            Self::TooDeep => "too-deep",
            Self::TooLarge => "too-large",
        }
    }
}

impl fmt::Display for EvalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// An error on its way out; the innermost node that knows its place gives it.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) code: EvalCode,
    pub(super) message: String,
    pub(super) span: Option<Span>,
}

/// Boxed, so that the good case stays small.
pub(super) type Outcome<T> = Result<T, Box<Fault>>;

pub(super) fn fault<T>(code: EvalCode, message: impl Into<String>) -> Outcome<T> {
    Err(Box::new(Fault { code, message: message.into(), span: None }))
}

pub(super) trait At {
    /// Gives the error this place, unless it has one.
    fn at(self, span: Span) -> Self;
}

impl<T> At for Outcome<T> {
    // Nothing is written to the good case, so that it can stay in registers.
    #[inline]
    fn at(self, span: Span) -> Self {
        match self {
            Ok(value) => Ok(value),
            Err(fault) => Err(placed(fault, span)),
        }
    }
}

#[cold]
fn placed(mut fault: Box<Fault>, span: Span) -> Box<Fault> {
    fault.span.get_or_insert(span);
    fault
}

impl From<Box<Fault>> for EvalError {
    fn from(fault: Box<Fault>) -> Self {
        Self { code: fault.code, span: fault.span.unwrap_or_default(), message: fault.message }
    }
}
