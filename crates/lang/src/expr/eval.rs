//! A compiled node and a scope come in; its value goes out, borrowed where it can be, within fuel, depth and size.

mod path;
mod truth;

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::MAX_SIZE;
use super::ast::{BinaryOperator, UnaryOperator};
use super::code::{Lambda, Node, Op, Piece, Slot};
use super::error::{At, EvalCode, Outcome, fault};
use super::functions::{Function, Parameter};
use super::operator;
use super::pattern::Pattern;
use super::scope::{Root, Roots, Scope};
use super::text;
use crate::value::Object;
use crate::{Span, Value};

/// The most evaluations that may be open at once: the deepest tree, and lambdas called from its bottom.
const MAX_FRAMES: u32 = 48;
/// The deepest nesting of a value that an expression may make.
const MAX_VALUE_DEPTH: u32 = 64;

/// What a node gives.
#[derive(Debug, Clone)]
pub(super) enum Evaluated<'a> {
    Borrowed(&'a Value),
    Owned(Value),
    Lambda(Rc<Closure<'a>>),
    /// Only ever an argument of a function that takes one.
    Pattern(&'a Pattern),
}

/// A lambda with the values that it took along.
#[derive(Debug)]
pub(super) struct Closure<'a> {
    lambda: &'a Lambda,
    captured: Vec<Evaluated<'a>>,
}

impl<'a> Evaluated<'a> {
    /// The value, if it is one.
    pub(super) fn value(&self) -> Outcome<&Value> {
        match self {
            Self::Borrowed(value) => Ok(value),
            Self::Owned(value) => Ok(value),
            Self::Lambda(_) => fault(EvalCode::LambdaUse, "a lambda is no value: call it, or give it to a function"),
            Self::Pattern(_) => fault(EvalCode::BadArgument, "a pattern is no value"),
        }
    }

    pub(super) fn into_cow(self) -> Outcome<Cow<'a, Value>> {
        match self {
            Self::Borrowed(value) => Ok(Cow::Borrowed(value)),
            Self::Owned(value) => Ok(Cow::Owned(value)),
            Self::Lambda(_) | Self::Pattern(_) => self.value().cloned().map(Cow::Owned),
        }
    }

    pub(super) fn into_value(self) -> Outcome<Value> {
        self.into_cow().map(Cow::into_owned)
    }
}

impl From<Value> for Evaluated<'_> {
    fn from(value: Value) -> Self {
        Self::Owned(value)
    }
}

/// One evaluation.
pub(super) struct Machine<'s, 'a> {
    scope: &'s Scope<'a>,
    fuel: u32,
    frames: u32,
    stack: Vec<Evaluated<'a>>,
    /// Where the frame of the innermost lambda begins on the stack.
    base: usize,
    closure: Option<Rc<Closure<'a>>>,
}

impl<'a> Scope<'a> {
    /// What lies in the scope whole, or below something that does: most of what conditions read. It is found without
    /// making anything; whatever takes more, an error included, is left to the machine.
    #[inline]
    pub(super) fn direct(&self, node: &'a Node) -> Option<&'a Value> {
        match &node.op {
            Op::Constant(value) => Some(value),
            Op::Parameter(slot) => Some(self.parameters.get(usize::from(*slot)).unwrap_or(&Value::Null)),
            Op::Variable(slot) => self.variables.get(usize::from(*slot))?.as_ref(),
            Op::Root(Root::UserContext) => Some(self.roots.user),
            Op::Root(Root::UserTokens) => Some(self.roots.tokens),
            Op::Path(base, steps) => {
                // A path's base is never a path without brackets: this goes down once.
                let base = if matches!(base.op, Op::Path(..)) { return None } else { self.direct(base)? };
                path::direct(base, steps)
            }
            _ => None,
        }
    }
}

impl<'s, 'a> Machine<'s, 'a> {
    pub(super) fn with_fuel(scope: &'s Scope<'a>, fuel: u32) -> Self {
        Self { scope, fuel, frames: 0, stack: Vec::new(), base: 0, closure: None }
    }

    pub(super) fn fuel(&self) -> u32 {
        self.fuel
    }

    /// What does not belong to the journey itself.
    pub(super) fn roots(&self) -> &Roots<'a> {
        &self.scope.roots
    }

    /// Pays for work.
    #[inline]
    pub(super) fn charge(&mut self, units: usize) -> Outcome<()> {
        match u32::try_from(units).ok().and_then(|units| self.fuel.checked_sub(units)) {
            Some(rest) => {
                self.fuel = rest;
                Ok(())
            }
            None => {
                self.fuel = 0;
                fault(EvalCode::TooMuchWork, "the expression takes too much work")
            }
        }
    }

    #[inline]
    pub(super) fn eval(&mut self, node: &'a Node) -> Outcome<Evaluated<'a>> {
        self.charge(1).at(node.span)?;
        match self.scope.direct(node) {
            Some(value) => Ok(Evaluated::Borrowed(value)),
            None => self.make(node),
        }
    }

    fn make(&mut self, node: &'a Node) -> Outcome<Evaluated<'a>> {
        match &node.op {
            Op::Bound(slot) => self.bound(*slot).at(node.span),
            Op::Variable(_) => fault(EvalCode::UnsetVariable, "this variable is not set").at(node.span),
            Op::Root(root) => Ok(self.root(*root)),
            Op::Pattern(pattern) => Ok(Evaluated::Pattern(pattern)),
            op => self.deeper(|machine| machine.nested(node.span, op)).at(node.span),
        }
    }

    /// Does something one level further down, if there is one.
    #[inline]
    fn deeper<T>(&mut self, below: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        if self.frames >= MAX_FRAMES {
            return fault(EvalCode::TooDeep, "calls are nested too deeply");
        }
        self.frames += 1;
        let result = below(self);
        self.frames -= 1;
        result
    }

    /// The nodes that have nodes below them, each in a function of its own: their frames stay small.
    fn nested(&mut self, span: Span, op: &'a Op) -> Outcome<Evaluated<'a>> {
        match op {
            Op::Path(base, steps) => self.path(base, steps),
            Op::Chain(first, rest) => self.chain(first, rest),
            Op::Choice(operator, operands) => self.choice(*operator, operands),
            Op::Unary(operators, operand) => self.unary(operators, operand),
            Op::Conditional(parts) => self.conditional(parts),
            Op::Call(function, arguments) => self.call(function, arguments),
            Op::Apply(function, arguments) => self.apply_node(function, arguments),
            Op::Lambda(lambda) => self.close_over(lambda),
            Op::Let(values, body) => self.bind(values, body),
            Op::Try(parts) => self.attempt(parts),
            Op::Template(pieces) => self.template(pieces),
            Op::Array(items) => self.array(items),
            Op::Object(entries) => self.object(entries),
            Op::Constant(_) | Op::Bound(_) | Op::Variable(_) | Op::Parameter(_) | Op::Root(_) | Op::Pattern(_) => {
                fault(EvalCode::UnsetVariable, "this node has nothing below it").at(span)
            }
        }
    }

    fn bound(&self, slot: Slot) -> Outcome<Evaluated<'a>> {
        let found = match slot {
            Slot::Local(slot) => self.stack.get(self.base + usize::from(slot)),
            Slot::Captured(slot) => self.closure.as_ref().and_then(|closure| closure.captured.get(usize::from(slot))),
        };
        match found {
            Some(value) => Ok(value.clone()),
            None => fault(EvalCode::UnsetVariable, "this name has no value"),
        }
    }

    /// The roots that do not lie in the scope as they are.
    fn root(&self, root: Root) -> Evaluated<'a> {
        let roots = self.scope.roots;
        match root {
            Root::Request => Value::from(Object::from_iter([(Arc::from("params"), self.parameters())])).into(),
            Root::Parameters => self.parameters().into(),
            Root::Time => {
                let now = ("now", Value::Int(roots.now.as_millisecond()));
                let iso = ("nowISO", Value::from(roots.now.to_string()));
                Value::from(Object::from_iter([now, iso].map(|(key, value)| (Arc::from(key), value)))).into()
            }
            Root::IsUserAuthenticated => Value::Bool(roots.authenticated).into(),
            Root::UserContext => Evaluated::Borrowed(roots.user),
            Root::UserTokens => Evaluated::Borrowed(roots.tokens),
            Root::Device => Evaluated::Borrowed(roots.device),
            Root::SdkSavedData => Evaluated::Borrowed(roots.saved),
        }
    }

    fn parameters(&self) -> Value {
        let pairs = self.scope.parameter_names.iter().zip(self.scope.parameters);
        Value::from(pairs.map(|(name, value)| (Arc::clone(name), value.clone())).collect::<Object>())
    }

    fn unary(&mut self, operators: &[UnaryOperator], operand: &'a Node) -> Outcome<Evaluated<'a>> {
        let mut value = self.eval(operand)?;
        for operator in operators.iter().rev() {
            let plain = value.value().at(operand.span)?;
            value = match operator {
                UnaryOperator::Not => Value::Bool(!operator::truth(plain)?).into(),
                UnaryOperator::Negate => operator::negate(plain)?.into(),
            };
        }
        Ok(value)
    }

    fn chain(&mut self, first: &'a Node, rest: &'a [(BinaryOperator, Node)]) -> Outcome<Evaluated<'a>> {
        let mut left = self.eval(first)?;
        let mut span = first.span;
        for (operator, node) in rest {
            let right = self.eval(node)?;
            span = span.cover(node.span);
            left = self.binary(*operator, &left, &right).at(span)?.into();
        }
        Ok(left)
    }

    fn binary(&mut self, operator: BinaryOperator, left: &Evaluated<'a>, right: &Evaluated<'a>) -> Outcome<Value> {
        let (left, right) = (left.value()?, right.value()?);
        if operator.compares() {
            return self.holds(operator, left, right).map(Value::Bool);
        }
        let result = operator::binary(operator, left, right)?;
        if let Value::Text(text) = &result {
            self.charge(text.len() / 1024)?;
        }
        Ok(result)
    }

    pub(super) fn equal(&mut self, left: &Value, right: &Value) -> Outcome<bool> {
        let mut looked = 0;
        let equal = operator::equal(left, right, &mut looked)?;
        self.charge(looked / 16)?;
        Ok(equal)
    }

    fn choice(&mut self, operator: BinaryOperator, operands: &'a [Node]) -> Outcome<Evaluated<'a>> {
        let mut value = Evaluated::Owned(Value::Null);
        for (index, node) in operands.iter().enumerate() {
            value = self.eval(node)?;
            // The last one is the answer, whatever it is: it need not be a condition.
            if index + 1 == operands.len() {
                break;
            }
            let plain = value.value().at(node.span)?;
            let decides = match operator {
                BinaryOperator::And => !operator::truth(plain).at(node.span)?,
                BinaryOperator::Or => operator::truth(plain).at(node.span)?,
                _ => !matches!(plain, Value::Null),
            };
            if decides {
                break;
            }
        }
        Ok(value)
    }

    fn conditional(&mut self, parts: &'a [Node; 3]) -> Outcome<Evaluated<'a>> {
        let [test, then, otherwise] = parts;
        let branch = if self.truth(test)? { then } else { otherwise };
        self.eval(branch)
    }

    /// The functions of the language take few arguments: those lie on the stack, and nothing is allocated for them.
    fn call(&mut self, function: &'static Function, nodes: &'a [Node]) -> Outcome<Evaluated<'a>> {
        match (nodes, function.parameters) {
            ([first], [one, ..]) => {
                let arguments = [self.argument(first, one)?];
                (function.call)(self, &arguments)
            }
            ([first, second], [one, two, ..]) => {
                let arguments = [self.argument(first, one)?, self.argument(second, two)?];
                (function.call)(self, &arguments)
            }
            _ => {
                let pairs = nodes.iter().zip(function.parameters);
                let arguments: Vec<_> =
                    pairs.map(|(node, parameter)| self.argument(node, parameter)).collect::<Outcome<_>>()?;
                (function.call)(self, &arguments)
            }
        }
    }

    fn argument(&mut self, node: &'a Node, parameter: &Parameter) -> Outcome<Evaluated<'a>> {
        let argument = self.eval(node)?;
        parameter.accept(&argument).at(node.span)?;
        Ok(argument)
    }

    fn apply_node(&mut self, function: &'a Node, nodes: &'a [Node]) -> Outcome<Evaluated<'a>> {
        let Evaluated::Lambda(closure) = self.eval(function)? else {
            return fault(EvalCode::NotALambda, "what is called here is no lambda").at(function.span);
        };
        let mut arguments = Vec::with_capacity(nodes.len());
        for node in nodes {
            arguments.push(self.eval(node)?);
        }
        self.apply(&closure, arguments)
    }

    /// Calls a lambda.
    pub(super) fn apply(&mut self, closure: &Rc<Closure<'a>>, arguments: Vec<Evaluated<'a>>) -> Outcome<Evaluated<'a>> {
        let takes = closure.lambda.parameters;
        if arguments.len() != takes {
            let message = format!("the lambda takes {takes} arguments and is given {}", arguments.len());
            return fault(EvalCode::WrongArguments, message);
        }
        let height = self.stack.len();
        let base = std::mem::replace(&mut self.base, height);
        let outer = self.closure.replace(Rc::clone(closure));
        self.stack.extend(arguments);
        let result = self.eval(&closure.lambda.body);
        self.stack.truncate(height);
        self.base = base;
        self.closure = outer;
        result
    }

    fn close_over(&mut self, lambda: &'a Lambda) -> Outcome<Evaluated<'a>> {
        let captured = lambda.captures.iter().map(|slot| self.bound(*slot)).collect::<Outcome<_>>()?;
        Ok(Evaluated::Lambda(Rc::new(Closure { lambda, captured })))
    }

    fn bind(&mut self, values: &'a [Node], body: &'a Node) -> Outcome<Evaluated<'a>> {
        let height = self.stack.len();
        let result = self.bind_all(values).and_then(|()| self.eval(body));
        self.stack.truncate(height);
        result
    }

    fn bind_all(&mut self, values: &'a [Node]) -> Outcome<()> {
        for node in values {
            let value = self.eval(node)?;
            self.stack.push(value);
        }
        Ok(())
    }

    fn attempt(&mut self, parts: &'a [Node; 2]) -> Outcome<Evaluated<'a>> {
        let [attempt, otherwise] = parts;
        let fault = match self.eval(attempt) {
            Err(fault) if fault.code != EvalCode::TooMuchWork => fault,
            result => return result,
        };
        match self.eval(otherwise)? {
            Evaluated::Lambda(closure) => {
                let arguments = match closure.lambda.parameters {
                    0 => Vec::new(),
                    _ => vec![Value::from(fault.message).into()],
                };
                self.apply(&closure, arguments).at(otherwise.span)
            }
            value => Ok(value),
        }
    }

    fn template(&mut self, pieces: &'a [Piece]) -> Outcome<Evaluated<'a>> {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(plain) => out.push_str(plain),
                Piece::Node(node) => {
                    let value = self.eval(node)?;
                    value.value().and_then(|value| text::append(value, &mut out)).at(node.span)?;
                }
            }
        }
        self.charge(out.len() / 1024)?;
        Ok(Value::from(out).into())
    }

    fn array(&mut self, nodes: &'a [Node]) -> Outcome<Evaluated<'a>> {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            items.push(self.eval(node)?.into_value().at(node.span)?);
        }
        self.admit(Value::from(items))
    }

    fn object(&mut self, entries: &'a [(Arc<str>, Node)]) -> Outcome<Evaluated<'a>> {
        let mut fields = Object::with_capacity(entries.len());
        for (key, node) in entries {
            fields.insert(Arc::clone(key), self.eval(node)?.into_value().at(node.span)?);
        }
        self.admit(Value::from(fields))
    }

    /// Lets a new array or object pass if it is within its limits. Shared parts count each time, since others will walk all of it.
    pub(super) fn admit(&mut self, value: Value) -> Outcome<Evaluated<'a>> {
        let mut size = Size { nodes: 0, bytes: 0 };
        size.add(&value, MAX_VALUE_DEPTH)?;
        self.charge(size.nodes / 16)?;
        Ok(value.into())
    }
}

struct Size {
    nodes: usize,
    bytes: usize,
}

impl Size {
    fn add(&mut self, value: &Value, depth: u32) -> Outcome<()> {
        let Some(below) = depth.checked_sub(1) else {
            return fault(EvalCode::TooDeep, "the value is nested too deeply");
        };
        self.nodes += 1;
        self.bytes += 8;
        match value {
            Value::Text(text) => self.bytes += text.len(),
            Value::Array(items) => items.iter().try_for_each(|item| self.add(item, below))?,
            Value::Object(fields) => {
                for (key, field) in fields.iter() {
                    self.bytes += key.len();
                    self.add(field, below)?;
                }
            }
            Value::Secret(inner) => self.add(inner.expose(), below)?,
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {}
        }
        if self.bytes > MAX_SIZE {
            return fault(EvalCode::TooLarge, "the value is larger than 256 KiB");
        }
        Ok(())
    }
}

impl Parameter {
    /// Refuses an argument of a type that the parameter does not take.
    fn accept(&self, argument: &Evaluated<'_>) -> Outcome<()> {
        let fits = match argument {
            Evaluated::Lambda(_) => self.kind.takes_lambda(),
            Evaluated::Pattern(_) => self.pattern.is_some(),
            Evaluated::Borrowed(value) => self.kind.takes(value),
            Evaluated::Owned(value) => self.kind.takes(value),
        };
        if fits { Ok(()) } else { self.refuse(argument) }
    }

    #[cold]
    fn refuse(&self, argument: &Evaluated<'_>) -> Outcome<()> {
        let found = match argument {
            Evaluated::Lambda(_) => "lambda",
            value => match value.value()? {
                Value::Secret(_) if !self.kind.has_secret() => {
                    return fault(EvalCode::SecretUse, "a function does not take a secret");
                }
                value => value.type_name(),
            },
        };
        let message = format!("`{}` must be {}, and is {found}", self.name, self.kind.words());
        fault(EvalCode::BadArgument, message)
    }
}

#[cfg(test)]
mod tests;
