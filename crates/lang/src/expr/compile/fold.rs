//! A compiled node comes in; if nothing around it can change its value, that value goes out in its place.

use super::super::FUEL;
use super::super::code::{Key, Node, Op, Piece};
use super::super::eval::Machine;
use super::super::functions::Purity;
use super::super::scope::{Roots, Scope};

/// Larger results are made when they are needed.
const MAX_CONSTANT: usize = 4 * 1024;

/// Evaluates at load what is the same in every run; an error stays where it is and comes when the node is reached.
pub(super) struct Fold {
    /// One store for the whole expression, so that loading is as bounded as one evaluation.
    fuel: u32,
}

impl Fold {
    pub(super) fn new() -> Self {
        Self { fuel: FUEL }
    }

    pub(super) fn node(&mut self, node: Node) -> Node {
        if matches!(node.op, Op::Constant(_) | Op::Lambda(_) | Op::Pattern(_)) || !closed(&node, false) {
            return node;
        }
        let scope = Scope { parameters: &[], parameter_names: &[], variables: &[], roots: Roots::default() };
        let mut machine = Machine::with_fuel(&scope, self.fuel);
        let value = machine.eval(&node).and_then(|value| value.into_value());
        self.fuel = machine.fuel();
        match value {
            Ok(value) if value.size() <= MAX_CONSTANT => Node { span: node.span, op: Op::Constant(value) },
            _ => node,
        }
    }
}

/// Whether the node reads nothing from around it. In a lambda's body the lambda's own names are no such reading.
fn closed(node: &Node, in_lambda: bool) -> bool {
    let closed = |node: &Node| closed(node, in_lambda);
    match &node.op {
        Op::Constant(_) | Op::Pattern(_) => true,
        Op::Variable(_) | Op::Parameter(_) | Op::Root(_) => false,
        Op::Bound(_) => in_lambda,
        Op::Let(values, body) => in_lambda && values.iter().all(closed) && closed(body),
        Op::Lambda(lambda) => (in_lambda || lambda.captures.is_empty()) && self::closed(&lambda.body, true),
        Op::Template(pieces) => pieces.iter().all(|piece| match piece {
            Piece::Text(_) => true,
            Piece::Node(node) => closed(node),
        }),
        Op::Array(nodes) | Op::Choice(_, nodes) => nodes.iter().all(closed),
        Op::Object(entries) => entries.iter().all(|(_, node)| closed(node)),
        Op::Path(base, steps) => {
            closed(base)
                && steps.iter().all(|step| match &step.key {
                    Key::Field(_) => true,
                    Key::Index(index) => closed(index),
                })
        }
        Op::Unary(_, operand) => closed(operand),
        Op::Chain(first, rest) => closed(first) && rest.iter().all(|(_, operand)| closed(operand)),
        Op::Conditional(parts) => parts.iter().all(closed),
        Op::Try(parts) => parts.iter().all(closed),
        Op::Call(function, arguments) => function.purity == Purity::Pure && arguments.iter().all(closed),
        Op::Apply(function, arguments) => closed(function) && arguments.iter().all(closed),
    }
}
