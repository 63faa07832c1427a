//! A compiled expression or template comes in; where it would pass a secret on, or make something of one, comes out.
//!
//! This is the checker's view of what the evaluator refuses anyway (R99): it goes over every branch, and takes a lambda
//! for something that holds whatever its body gives.

use super::ast::BinaryOperator;
use super::code::{Key, Lambda, Node, Op, Piece, Slot, Step};
use super::expression::Expression;
use super::scope::Root;
use super::template::{Kind, Part, Template};
use crate::Span;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The variable in a slot.
    Variable(u16),
    /// The start parameter in a slot.
    Parameter(u16),
    /// A root.
    Root(Root),
}

/// A secret that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretRead {
    /// What it is.
    pub origin: Origin,
    /// The place of the read.
    pub span: Span,
}

/// What becomes of the secrets that are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecretFlow {
    /// Those that the value would hold.
    pub passed: Vec<SecretRead>,
    /// Those that would become part of a text, be calculated with, or decide something.
    pub misused: Vec<SecretRead>,
}

/// Says whether what lies under an origin, down a path of fields, is or holds a secret.
pub type IsSecret<'a> = &'a dyn Fn(Origin, &[&str]) -> bool;

impl Expression {
    /// What becomes of secrets in it.
    pub fn secrets(&self, is_secret: IsSecret<'_>) -> SecretFlow {
        let mut tracer = Tracer { is_secret, frames: vec![Frame::default()], misused: Vec::new() };
        let passed = tracer.flow(&self.root).into_iter().collect();
        SecretFlow { passed, misused: tracer.misused }
    }
}

impl Template {
    /// What becomes of secrets in it.
    pub fn secrets(&self, is_secret: IsSecret<'_>) -> SecretFlow {
        let mut found = SecretFlow::default();
        template(&self.kind, is_secret, &mut found);
        found
    }
}

fn template(kind: &Kind, is_secret: IsSecret<'_>, found: &mut SecretFlow) {
    match kind {
        Kind::Literal(_) => {}
        Kind::Expression(expression) => {
            let flow = expression.secrets(is_secret);
            found.passed.extend(flow.passed);
            found.misused.extend(flow.misused);
        }
        Kind::Text(_, parts) => {
            for part in parts {
                if let Part::Expression(expression) = part {
                    let flow = expression.secrets(is_secret);
                    found.misused.extend(flow.passed);
                    found.misused.extend(flow.misused);
                }
            }
        }
        Kind::Array(items) => items.iter().for_each(|item| template(item, is_secret, found)),
        Kind::Object(fields) => fields.iter().for_each(|(_, field)| template(field, is_secret, found)),
    }
}

/// Follows values through an expression. A value holds at most the first secret that got into it: one is enough to
/// report, and the work stays linear.
struct Tracer<'a> {
    is_secret: IsSecret<'a>,
    /// The open lambdas, the expression itself first.
    frames: Vec<Frame>,
    misused: Vec<SecretRead>,
}

/// What the slots of a lambda hold.
#[derive(Default)]
struct Frame {
    captured: Vec<Option<SecretRead>>,
    local: Vec<Option<SecretRead>>,
}

impl Frame {
    fn get(&self, slot: Slot) -> Option<SecretRead> {
        match slot {
            Slot::Local(slot) => self.local.get(usize::from(slot)).copied().flatten(),
            Slot::Captured(slot) => self.captured.get(usize::from(slot)).copied().flatten(),
        }
    }
}

impl Tracer<'_> {
    /// The secret that a node's value would hold.
    fn flow(&mut self, node: &Node) -> Option<SecretRead> {
        match &node.op {
            Op::Constant(_) | Op::Pattern(_) => None,
            Op::Bound(slot) => self.frames.last()?.get(*slot),
            Op::Variable(_) | Op::Parameter(_) | Op::Root(_) => self.read(node, node.span, &[]),
            Op::Path(base, steps) => self.path(base, steps, node.span),
            Op::Template(pieces) => {
                for piece in pieces {
                    if let Piece::Node(node) = piece {
                        self.misuse(node);
                    }
                }
                None
            }
            Op::Array(items) => self.first(items),
            Op::Object(fields) => self.first(fields.iter().map(|(_, field)| field)),
            Op::Unary(_, operand) => {
                self.misuse(operand);
                None
            }
            Op::Choice(BinaryOperator::Coalesce, operands) => self.first(operands),
            Op::Choice(_, operands) => {
                let (last, tests) = operands.split_last()?;
                tests.iter().for_each(|test| self.misuse(test));
                self.flow(last)
            }
            Op::Chain(first, rest) => {
                self.operand(first, rest.first().map(|(operator, _)| *operator));
                rest.iter().for_each(|(operator, operand)| self.operand(operand, Some(*operator)));
                None
            }
            Op::Conditional(parts) => {
                let [test, then, otherwise] = &**parts;
                self.misuse(test);
                self.first([then, otherwise])
            }
            Op::Lambda(lambda) => self.lambda(lambda),
            Op::Let(values, body) => {
                let depth = self.frames.last()?.local.len();
                for value in values {
                    let held = self.flow(value);
                    self.frames.last_mut()?.local.push(held);
                }
                let held = self.flow(body);
                self.frames.last_mut()?.local.truncate(depth);
                held
            }
            Op::Try(parts) => self.first(&**parts),
            Op::Call(function, arguments) => {
                let held = self.first(arguments);
                if function.reveals() { None } else { held }
            }
            Op::Apply(function, arguments) => {
                let held = self.first(arguments);
                self.flow(function).or(held)
            }
        }
    }

    fn read(&self, node: &Node, span: Span, path: &[&str]) -> Option<SecretRead> {
        let origin = match node.op {
            Op::Variable(slot) => Origin::Variable(slot),
            Op::Parameter(slot) => Origin::Parameter(slot),
            Op::Root(root) => Origin::Root(root),
            _ => return None,
        };
        (self.is_secret)(origin, path).then_some(SecretRead { origin, span })
    }

    fn path(&mut self, base: &Node, steps: &[Step], span: Span) -> Option<SecretRead> {
        for step in steps {
            if let Key::Index(index) = &step.key {
                self.misuse(index);
            }
        }
        if matches!(base.op, Op::Variable(_) | Op::Parameter(_) | Op::Root(_)) {
            let field = |step: &&Step| matches!(step.key, Key::Field(_));
            let fields = steps.iter().take_while(field).filter_map(|step| match &step.key {
                Key::Field(name) => Some(&**name),
                Key::Index(_) => None,
            });
            return self.read(base, span, &fields.collect::<Vec<_>>());
        }
        self.flow(base)
    }

    fn lambda(&mut self, lambda: &Lambda) -> Option<SecretRead> {
        let outside = self.frames.last()?;
        let captured = lambda.captures.iter().map(|slot| outside.get(*slot)).collect();
        self.frames.push(Frame { captured, local: vec![None; lambda.parameters] });
        let held = self.flow(&lambda.body);
        self.frames.pop();
        held
    }

    /// An operand: only `==` and `!=` look at a secret without touching it.
    fn operand(&mut self, node: &Node, operator: Option<BinaryOperator>) {
        if matches!(operator, Some(BinaryOperator::Equal | BinaryOperator::NotEqual)) {
            self.flow(node);
        } else {
            self.misuse(node);
        }
    }

    fn misuse(&mut self, node: &Node) {
        let held = self.flow(node);
        self.misused.extend(held);
    }

    /// The first secret among several values, all of which are looked at.
    fn first<'n>(&mut self, nodes: impl IntoIterator<Item = &'n Node>) -> Option<SecretRead> {
        nodes.into_iter().fold(None, |first, node| {
            let held = self.flow(node);
            first.or(held)
        })
    }
}
