//! A compiled expression and a scope come in; a value, a borrowed value, or a condition's answer goes out.

use std::borrow::Cow;

use super::code::{Node, Op, Reads};
use super::error::{At, EvalCode, EvalError, Outcome, fault};
use super::eval::{Evaluated, Machine};
use super::scope::Scope;
use super::{FUEL, MAX_SIZE};
use crate::{Span, Value};

/// An expression that is ready to be evaluated; [`compile`](super::compile) makes one.
#[derive(Debug, Clone)]
pub struct Expression {
    pub(super) root: Node,
    pub(super) reads: Reads,
}

impl Expression {
    /// The value in this scope.
    ///
    /// # Errors
    /// What went wrong first, with its place; also when a limit is reached.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, EvalError> {
        self.read(scope).map(Cow::into_owned)
    }

    /// The value in this scope, borrowed where it lies there whole.
    ///
    /// # Errors
    /// Those of [`Expression::evaluate`].
    pub fn read<'a>(&'a self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, EvalError> {
        if let Some(value) = scope.direct(&self.root) {
            return Ok(Cow::Borrowed(value));
        }
        self.handed_out(Machine::with_fuel(scope, FUEL).eval(&self.root))
    }

    /// The value in this scope, and the units of work that it took; an evaluation has [`FUEL`] of them.
    pub fn measure(&self, scope: &Scope<'_>) -> (Result<Value, EvalError>, u32) {
        let mut machine = Machine::with_fuel(scope, FUEL);
        let evaluated = machine.eval(&self.root);
        let cost = FUEL - machine.fuel();
        (self.handed_out(evaluated).map(Cow::into_owned), cost)
    }

    #[inline]
    fn handed_out<'a>(&'a self, evaluated: Outcome<Evaluated<'a>>) -> Result<Cow<'a, Value>, EvalError> {
        let value = evaluated?.into_cow().at(self.root.span)?;
        if matches!(value, Cow::Owned(_)) && value.size() > MAX_SIZE {
            return Ok(fault(EvalCode::TooLarge, "the result is larger than 256 KiB").at(self.root.span)?);
        }
        Ok(value)
    }

    /// The answer as a condition.
    ///
    /// # Errors
    /// Those of [`Expression::evaluate`]; a secret is no condition.
    pub fn truth(&self, scope: &Scope<'_>) -> Result<bool, EvalError> {
        if let Some(truth) = scope.direct(&self.root).and_then(Value::truth) {
            return Ok(truth);
        }
        Ok(Machine::with_fuel(scope, FUEL).truth(&self.root)?)
    }

    /// A value that is the same in every scope.
    pub(super) fn constant_at(span: Span, value: Value) -> Self {
        Self { root: Node { span, op: Op::Constant(value) }, reads: Reads::default() }
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.root.span
    }

    /// What it reads, for checks.
    pub fn reads(&self) -> &Reads {
        &self.reads
    }

    /// The value, if it is the same in every scope.
    pub fn constant(&self) -> Option<&Value> {
        match &self.root.op {
            Op::Constant(value) => Some(value),
            _ => None,
        }
    }
}
