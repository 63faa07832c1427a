//! A compiled expression and the facts around it come in; what is known of its value, and where its evaluation may fail, come out.
//!
//! Whatever is not reported here does not fail for its types when a journey runs: what a value cannot be known to be is taken to
//! be anything. Bounds, sizes and fuel are left to the run.

mod apply;
mod choose;
mod facts;
mod judge;
mod known;
mod operate;
mod place;
mod template;

use std::rc::Rc;
use std::sync::Arc;

pub use self::facts::{Facts, Subject};
pub use self::known::{Fields, Fit, Kinds, Known, Misfit};
use self::place::Place;
use super::code::{Lambda, Node, Op, Piece, Slot};
use super::expression::Expression;
use super::scope::Root;
use crate::Span;

/// How many nodes are looked at in one expression, those of a lambda anew for each call. A run has less fuel than that.
const WORK: u32 = 20_000;

/// How deep lambdas call lambdas.
const CALLS: usize = 48;

/// A place where an evaluation may fail or does what its author does not see.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// Where.
    pub span: Span,
    /// Which sort of doubt.
    pub sort: Sort,
    /// One lower-case sentence.
    pub message: String,
    /// The cure.
    pub help: String,
}

/// The sorts of doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// It fails whenever it is evaluated.
    Impossible,
    /// The value is never of the type that takes it.
    NoFit,
    /// It fails where a value is null.
    MayBeNull,
    /// It fails where a value is of another type.
    MayNotFit,
    /// A value is turned into one of another type.
    Coercion,
    /// A comparison or a condition always has the same answer.
    Decided,
    /// A field is read that is never there.
    UnknownField,
}

/// What an expression comes to.
#[derive(Debug)]
pub struct Inferred {
    /// What is known of its value.
    pub known: Known,
    /// Each place of doubt once.
    pub doubts: Vec<Doubt>,
    /// What is known once it was evaluated.
    pub facts: Facts,
}

impl Expression {
    /// What is known of the value, where this is known around it. The names are those of the start parameters, by slot.
    pub fn infer(&self, facts: &Facts, parameters: &[Arc<str>]) -> Inferred {
        let mut inference = Inference::new(facts.clone(), parameters);
        let known = inference.node(&self.root);
        inference.inferred(known)
    }

    /// The same of a condition.
    pub fn infer_condition(&self, facts: &Facts, parameters: &[Arc<str>]) -> Inferred {
        let mut inference = Inference::new(facts.clone(), parameters);
        let known = inference.condition(&self.root);
        inference.inferred(known)
    }

    /// What is known where it was judged so as a condition.
    pub fn assume(&self, truth: bool, facts: &Facts, parameters: &[Arc<str>]) -> Facts {
        let mut inference = Inference::new(facts.clone(), parameters);
        inference.condition(&self.root);
        inference.judge(&self.root, truth);
        inference.facts
    }

    /// What is known where its value equals such a value, or where it does not.
    pub fn assume_equal(&self, equal: bool, other: &Known, facts: &Facts, parameters: &[Arc<str>]) -> Facts {
        let mut inference = Inference::new(facts.clone(), parameters);
        inference.node(&self.root);
        inference.compared(&self.root, other, equal);
        inference.facts
    }
}

/// What a bound name holds.
#[derive(Clone, Debug)]
struct Held<'a> {
    known: Known,
    lambda: Option<Closure<'a>>,
}

/// A lambda and what it took along.
#[derive(Clone, Debug)]
struct Closure<'a> {
    lambda: &'a Lambda,
    captured: Rc<Vec<Held<'a>>>,
}

/// What the slots of a lambda hold.
#[derive(Default)]
struct Frame<'a> {
    captured: Rc<Vec<Held<'a>>>,
    local: Vec<Held<'a>>,
}

struct Inference<'a> {
    facts: Facts,
    parameters: &'a [Arc<str>],
    /// The open lambdas, the expression itself first.
    frames: Vec<Frame<'a>>,
    doubts: Vec<Doubt>,
    work: u32,
}

impl<'a> Inference<'a> {
    fn new(facts: Facts, parameters: &'a [Arc<str>]) -> Self {
        Self { facts, parameters, frames: vec![Frame::default()], doubts: Vec::new(), work: WORK }
    }

    fn inferred(mut self, known: Known) -> Inferred {
        self.doubts.sort_by_key(|doubt| (doubt.span.start, doubt.span.end, doubt.sort));
        self.doubts.dedup_by_key(|doubt| (doubt.span, doubt.sort));
        Inferred { known, doubts: self.doubts, facts: self.facts }
    }

    /// What is known of a node's value.
    fn node(&mut self, node: &'a Node) -> Known {
        let Some(left) = self.work.checked_sub(1) else { return Known::anything() };
        self.work = left;
        match &node.op {
            Op::Constant(value) => Known::constant(value),
            // A pattern was written out, and read at load.
            Op::Pattern(_) => Known::kinds(Kinds::TEXT),
            Op::Bound(slot) => self.held(*slot).map_or_else(Known::anything, |held| held.known.clone()),
            Op::Variable(_) | Op::Parameter(_) | Op::Root(_) => self.origin(node),
            Op::Template(pieces) => self.template(pieces),
            Op::Array(items) => {
                let item = |known: Known, item| known.or(&self.value(item));
                Known::array_of(items.iter().fold(Known::nothing(), item))
            }
            Op::Object(fields) => {
                let fields: Vec<_> = fields.iter().map(|(name, field)| (Arc::clone(name), self.value(field))).collect();
                Known::object_of(Fields::closed(fields))
            }
            Op::Path(base, steps) => self.path(base, steps),
            Op::Unary(operators, operand) => self.unary(operators, operand),
            Op::Choice(operator, operands) => self.choice(*operator, operands),
            Op::Chain(first, rest) => self.chain(first, rest),
            Op::Conditional(parts) => self.conditional(parts),
            Op::Lambda(lambda) => self.lambda(lambda),
            Op::Let(values, body) => self.binding(values, body),
            Op::Try(parts) => self.attempt(parts),
            Op::Call(function, arguments) => self.call(function, arguments),
            Op::Apply(function, arguments) => self.apply(node.span, function, arguments),
        }
    }

    /// The same where a value is needed.
    fn value(&mut self, node: &'a Node) -> Known {
        let known = self.node(node);
        if known.may_be().has(Kinds::LAMBDA) {
            let message = "a lambda is no value that can be kept";
            self.doubt(node.span, Sort::Impossible, message.to_owned(), "call it, or give it to a function");
            return known.without(Kinds::LAMBDA);
        }
        known
    }

    fn origin(&self, node: &Node) -> Known {
        let known = match node.op {
            Op::Variable(slot) => self.facts.get(Subject::Variable(slot)),
            Op::Parameter(slot) => self.facts.get(Subject::Parameter(slot)),
            Op::Root(Root::Request) => {
                return Known::object_of(Fields::closed([(Arc::from("params"), self.all_parameters())]));
            }
            Op::Root(Root::Parameters) => return self.all_parameters(),
            Op::Root(Root::Time) => {
                let fields = [("now", Kinds::INTEGER), ("nowISO", Kinds::TEXT)];
                return Known::object_of(Fields::closed(
                    fields.into_iter().map(|(name, kinds)| (Arc::from(name), Known::kinds(kinds))),
                ));
            }
            Op::Root(root) => self.facts.get(Subject::Root(root)),
            _ => Known::anything(),
        };
        // A variable that may be unset has its finding; a place that no run comes to needs none.
        if known.is_nothing() { Known::anything() } else { known }
    }

    fn all_parameters(&self) -> Known {
        let parameter = |(slot, name): (usize, &Arc<str>)| {
            let known =
                u16::try_from(slot).map_or_else(|_| Known::anything(), |slot| self.facts.get(Subject::Parameter(slot)));
            (Arc::clone(name), known)
        };
        Known::object_of(Fields::closed(self.parameters.iter().enumerate().map(parameter)))
    }

    fn template(&mut self, pieces: &'a [Piece]) -> Known {
        for piece in pieces {
            if let Piece::Node(node) = piece {
                let known = self.value(node);
                self.shown(node, &known);
            }
        }
        Known::kinds(Kinds::TEXT)
    }

    /// A value that becomes part of a text.
    fn shown(&mut self, node: &Node, known: &Known) {
        if known.may_be_null() {
            let is = if known.may_be() == Kinds::NULL { "is always" } else { "may be" };
            let message = format!("this {is} null in a text, which would say `null`");
            self.doubt(node.span, Sort::MayBeNull, message, "say what stands in its place: `… ?? \"\"`");
        }
    }

    fn held(&self, slot: Slot) -> Option<&Held<'a>> {
        let frame = self.frames.last()?;
        match slot {
            Slot::Local(slot) => frame.local.get(usize::from(slot)),
            Slot::Captured(slot) => frame.captured.get(usize::from(slot)),
        }
    }

    fn doubt(&mut self, span: Span, sort: Sort, message: String, help: impl Into<String>) {
        self.doubts.push(Doubt { span, sort, message, help: help.into() });
    }

    /// Notes that something else is known from here on.
    fn note(&mut self, place: &Place, known: Known) {
        match place.base {
            place::Base::Subject(subject) => self.facts.set(subject, known),
            place::Base::Local(slot) => {
                if let Some(held) = self.frames.last_mut().and_then(|frame| frame.local.get_mut(usize::from(slot))) {
                    held.known = known;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
