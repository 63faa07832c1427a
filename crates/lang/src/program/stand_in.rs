//! Stands in for the compiled expressions until they are there; it evaluates nothing.

use std::sync::Arc;

use crate::text::Span;
use crate::value::Value;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Expression(());

/// A compiled value with expressions in it.
#[derive(Clone, Debug)]
pub struct Template(());

/// What an evaluation may read.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The start parameters.
    pub parameters: &'a [Value],
    /// Their names.
    pub parameter_names: &'a [Arc<str>],
    /// The variables.
    pub variables: &'a [Option<Value>],
    /// The roots.
    pub roots: &'a Roots,
}

/// The roots of the language.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    /// `@policy.userContext()`
    pub user: Value,
    /// `@policy.userTokens()`
    pub tokens: Value,
    /// `@policy.isUserAuthenticated()`
    pub authenticated: bool,
    /// `@policy.device()`
    pub device: Value,
    /// `@policy.sdkSavedData()`
    pub saved: Value,
    /// `@time()`
    pub now: jiff::Timestamp,
}

/// An evaluation failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct EvalError {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
}

impl Expression {
    /// Evaluates.
    ///
    /// # Errors
    /// Always.
    pub fn evaluate(&self, _: &Scope<'_>) -> Result<Value, EvalError> {
        Err(EvalError { span: Span::default(), message: String::from("not there yet") })
    }

    /// Evaluates to a truth.
    ///
    /// # Errors
    /// Always.
    pub fn truth(&self, scope: &Scope<'_>) -> Result<bool, EvalError> {
        self.evaluate(scope).map(|_| false)
    }
}

impl Template {
    /// Evaluates.
    ///
    /// # Errors
    /// Always.
    pub fn evaluate(&self, _: &Scope<'_>) -> Result<Value, EvalError> {
        Err(EvalError { span: Span::default(), message: String::from("not there yet") })
    }
}
