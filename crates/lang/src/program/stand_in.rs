//! Stands in for the compiled expressions until they are there; it evaluates nothing.

use std::sync::Arc;

use crate::text::Span;
use crate::value::Value;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Expression(());

/// A compiled value with expressions in it.
#[derive(Clone, Debug)]
pub struct Template(Reads);

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

use crate::diagnostic::Diagnostic;
use crate::yaml;

/// Names.
pub trait Names {
    /// Slot.
    fn variable(&self, name: &str) -> Option<u16>;
    /// Slot.
    fn parameter(&self, name: &str) -> Option<u16>;
    /// All.
    fn variables(&self) -> Vec<&str>;
    /// All.
    fn parameters(&self) -> Vec<&str>;
}

/// Mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Value.
    Value,
    /// Expression.
    Expression,
}

/// Reads.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// Variables.
    pub variables: Vec<(u16, Span)>,
    /// Parameters.
    pub parameters: Vec<(u16, Span)>,
}

impl Template {
    /// Compiles: variables alone.
    ///
    /// # Errors
    /// Unknown names.
    pub fn compile(node: &yaml::Node, names: &dyn Names, _: Mode) -> Result<Self, Vec<Diagnostic>> {
        let mut reads = Reads::default();
        find(node, names, &mut reads)?;
        Ok(Self(reads))
    }

    /// Reads.
    pub fn reads(&self) -> &Reads {
        &self.0
    }

    /// Joins.
    pub fn object(_: impl IntoIterator<Item = (Arc<str>, Self)>) -> Self {
        Self(Reads::default())
    }

    /// The expression.
    pub fn into_expression(self) -> Option<Expression> {
        Some(Expression(()))
    }
}

fn find(node: &yaml::Node, names: &dyn Names, reads: &mut Reads) -> Result<(), Vec<Diagnostic>> {
    for (_, value) in node.as_mapping().unwrap_or_default() {
        find(value, names, reads)?;
    }
    if let Some(name) = node.as_text().and_then(|text| text.strip_prefix('@'))
        && crate::journey::is_variable_name(name)
    {
        match names.variable(name) {
            Some(slot) => reads.variables.push((slot, node.inner_span(1..name.len() + 1))),
            None => {
                return Err(vec![Diagnostic::error(crate::Code::WRONG_TYPE, node.span, "unknown variable")]);
            }
        }
    }
    Ok(())
}
