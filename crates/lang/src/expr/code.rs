//! The compiled form of an expression: names are slots, roots are fields, constants are values.

use std::sync::Arc;

use super::ast::{BinaryOperator, UnaryOperator};
use super::functions::Function;
use super::pattern::Pattern;
use super::scope::Root;
use crate::{Span, Value};

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) op: Op,
}

#[derive(Debug, Clone)]
pub(super) enum Op {
    Constant(Value),
    Bound(Slot),
    Variable(u16),
    Parameter(u16),
    Root(Root),
    Template(Vec<Piece>),
    Array(Vec<Node>),
    Object(Vec<(Arc<str>, Node)>),
    Path(Box<Node>, Vec<Step>),
    Unary(Vec<UnaryOperator>, Box<Node>),
    /// `&&`, `||` or `??` between two operands or more.
    Choice(BinaryOperator, Vec<Node>),
    /// All other operators, of one precedence, from left to right.
    Chain(Box<Node>, Vec<(BinaryOperator, Node)>),
    Conditional(Box<[Node; 3]>),
    Lambda(Box<Lambda>),
    /// Each value takes the next slot.
    Let(Vec<Node>, Box<Node>),
    Try(Box<[Node; 2]>),
    Call(&'static Function, Vec<Node>),
    Apply(Box<Node>, Vec<Node>),
    /// A pattern as an argument, compiled.
    Pattern(Box<Pattern>),
}

#[derive(Debug, Clone)]
pub(super) enum Piece {
    Text(Arc<str>),
    Node(Node),
}

#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) span: Span,
    pub(super) safe: bool,
    pub(super) key: Key,
}

#[derive(Debug, Clone)]
pub(super) enum Key {
    Field(Arc<str>),
    Index(Node),
}

/// Where a bound name's value lies while its lambda (or the expression itself) is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// On the stack, counted from the frame's base: parameters first, then what `let` binds.
    Local(u16),
    /// Among the values that the lambda took along when it was made.
    Captured(u16),
}

#[derive(Debug, Clone)]
pub(super) struct Lambda {
    /// Where the captured values lie in the frame outside.
    pub(super) captures: Vec<Slot>,
    pub(super) parameters: usize,
    pub(super) body: Node,
}

/// What an expression reads, each with its place; the checker's view of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reads {
    /// Variables, by slot, in the order of the text.
    pub variables: Vec<(u16, Span)>,
    /// Single start parameters, by slot.
    pub parameters: Vec<(u16, Span)>,
    /// Roots.
    pub roots: Vec<(Root, Span)>,
}

impl Reads {
    pub(super) fn extend(&mut self, other: &Self) {
        self.variables.extend(&other.variables);
        self.parameters.extend(&other.parameters);
        self.roots.extend(&other.roots);
    }
}
