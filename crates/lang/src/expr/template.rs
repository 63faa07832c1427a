//! A value of a journey file with expressions in its texts comes in; a template goes out, which a scope turns into a plain value.

mod compile;

use std::sync::Arc;

pub use compile::{compile_node, compile_text};

use super::code::Reads;
use super::error::{At, EvalCode, EvalError, fault};
use super::expression::Expression;
use super::scope::{Names, Scope};
use super::{MAX_SIZE, text};
use crate::value::Object;
use crate::{Diagnostic, Span, Value, yaml};

/// How a text is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As itself, unless it begins with `@` or holds `${…}`.
    Value,
    /// As an expression, always: the field's declaration says so.
    Expression,
}

/// A value with expressions in it, compiled. All its places are places in the journey file.
#[derive(Debug, Clone)]
pub struct Template {
    pub(super) kind: Kind,
    reads: Reads,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Literal(Value),
    Expression(Expression),
    Text(Span, Vec<Part>),
    Array(Vec<Kind>),
    Object(Vec<(Arc<str>, Kind)>),
}

#[derive(Debug, Clone)]
pub(super) enum Part {
    Text(String),
    Expression(Expression),
}

impl Template {
    /// Compiles a value of a journey file.
    ///
    /// # Errors
    /// Every mistake in every expression in it, with its place in the file.
    pub fn compile(node: &yaml::Node, names: &dyn Names, mode: Mode) -> Result<Self, Vec<Diagnostic>> {
        compile::template(node, names, mode)
    }

    /// A template without expressions.
    pub fn literal(value: Value) -> Self {
        Self { kind: Kind::Literal(value), reads: Reads::default() }
    }

    /// An object of templates, in this order.
    pub fn object(fields: impl IntoIterator<Item = (Arc<str>, Self)>) -> Self {
        let mut reads = Reads::default();
        let fields = fields.into_iter().map(|(name, field)| {
            reads.extend(&field.reads);
            (name, field.kind)
        });
        let kind = Kind::object(fields.collect());
        Self { kind, reads }
    }

    /// The value in this scope. Data that is read is data: nothing in it is taken for an expression.
    ///
    /// # Errors
    /// The first evaluation that went wrong, with its place in the journey file.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, EvalError> {
        let value = self.kind.evaluate(scope)?;
        if !matches!(self.kind, Kind::Literal(_)) && value.size() > MAX_SIZE {
            return Ok(fault(EvalCode::TooLarge, "the value is larger than 256 KiB").at(self.kind.span())?);
        }
        Ok(value)
    }

    /// What it reads, for checks.
    pub fn reads(&self) -> &Reads {
        &self.reads
    }

    /// The value, if it is the same in every scope.
    pub fn constant(&self) -> Option<&Value> {
        match &self.kind {
            Kind::Literal(value) => Some(value),
            Kind::Expression(expression) => expression.constant(),
            _ => None,
        }
    }

    /// The expression, if the whole is one.
    pub fn expression(&self) -> Option<&Expression> {
        match &self.kind {
            Kind::Expression(expression) => Some(expression),
            _ => None,
        }
    }

    /// The fields, if it is an object.
    pub fn fields(&self) -> Option<impl Iterator<Item = &str>> {
        let (literal, fields) = match &self.kind {
            Kind::Literal(Value::Object(fields)) => (Some(fields), None),
            Kind::Object(fields) => (None, Some(fields)),
            _ => return None,
        };
        let literal = literal.into_iter().flat_map(|fields| fields.keys().map(|name| &**name));
        Some(literal.chain(fields.into_iter().flatten().map(|(name, _)| &**name)))
    }
}

impl Kind {
    /// An object; a literal if all its fields are.
    fn object(fields: Vec<(Arc<str>, Self)>) -> Self {
        if fields.iter().any(|(_, field)| !matches!(field, Self::Literal(_))) {
            return Self::Object(fields);
        }
        let literal = fields.into_iter().filter_map(|(name, field)| match field {
            Self::Literal(value) => Some((name, value)),
            _ => None,
        });
        Self::Literal(Value::from(literal.collect::<Object>()))
    }

    /// An array; a literal if all its items are.
    fn array(items: Vec<Self>) -> Self {
        if items.iter().any(|item| !matches!(item, Self::Literal(_))) {
            return Self::Array(items);
        }
        let literal = items.into_iter().filter_map(|item| match item {
            Self::Literal(value) => Some(value),
            _ => None,
        });
        Self::Literal(Value::from(literal.collect::<Vec<_>>()))
    }

    fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, EvalError> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Expression(expression) => expression.evaluate(scope),
            Self::Text(_, parts) => evaluate_text(parts, scope),
            Self::Array(items) => {
                let items = items.iter().map(|item| item.evaluate(scope));
                Ok(Value::from(items.collect::<Result<Vec<_>, _>>()?))
            }
            Self::Object(fields) => {
                let fields = fields.iter().map(|(name, field)| Ok((Arc::clone(name), field.evaluate(scope)?)));
                Ok(Value::from(fields.collect::<Result<Object, EvalError>>()?))
            }
        }
    }

    /// Where an error of the whole is shown.
    fn span(&self) -> Span {
        match self {
            Self::Literal(_) => Span::default(),
            Self::Expression(expression) => expression.span(),
            Self::Text(span, _) => *span,
            Self::Array(items) => items.iter().map(Self::span).max_by_key(|span| span.len()).unwrap_or_default(),
            Self::Object(fields) => {
                fields.iter().map(|(_, field)| field.span()).max_by_key(|span| span.len()).unwrap_or_default()
            }
        }
    }
}

fn evaluate_text(parts: &[Part], scope: &Scope<'_>) -> Result<Value, EvalError> {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Text(plain) => out.push_str(plain),
            Part::Expression(expression) => {
                let value = expression.read(scope)?;
                text::append(&value, &mut out).at(expression.span())?;
            }
        }
    }
    Ok(Value::from(out))
}

#[cfg(test)]
mod tests;
