//! A condition and its answer come in; what that says of the places that it asks about is kept.

use super::Inference;
use super::known::{Kinds, Known};
use super::place::Place;
use crate::Value;
use crate::expr::ast::{BinaryOperator, UnaryOperator};
use crate::expr::code::{Node, Op};
use crate::expr::scope::Root;

impl<'a> Inference<'a> {
    /// Keeps what is known where the node was judged so.
    pub(super) fn judge(&mut self, node: &'a Node, truth: bool) {
        match &node.op {
            Op::Unary(operators, operand) if operators.iter().all(|one| *one == UnaryOperator::Not) => {
                self.judge(operand, truth ^ (operators.len() % 2 == 1));
            }
            Op::Choice(operator, operands) => match (operator, truth) {
                // All of them were judged so.
                (BinaryOperator::And, true) | (BinaryOperator::Or, false) => {
                    operands.iter().for_each(|operand| self.judge(operand, truth));
                }
                (BinaryOperator::And | BinaryOperator::Or, _) => self.one_of(operands, truth),
                _ => {}
            },
            Op::Chain(first, rest) => {
                if let [(operator @ (BinaryOperator::Equal | BinaryOperator::NotEqual), second)] = rest.as_slice() {
                    let equal = truth == (*operator == BinaryOperator::Equal);
                    self.equality(first, second, equal);
                }
            }
            Op::Root(Root::IsUserAuthenticated) => self.facts.authenticated(Some(truth)),
            _ => {
                if let Some(place) = Place::of(node) {
                    self.learn(&place, &|known| known.judged(truth));
                }
            }
        }
    }

    /// One of the operands was judged so, and those before it otherwise.
    fn one_of(&mut self, operands: &'a [Node], truth: bool) {
        let mut before = self.facts.clone();
        let mut all: Option<super::Facts> = None;
        for operand in operands {
            self.facts = before.clone();
            self.judge(operand, truth);
            match &mut all {
                Some(all) => {
                    all.join(&self.facts, false);
                }
                None => all = Some(self.facts.clone()),
            }
            self.facts = before;
            self.judge(operand, !truth);
            before = self.facts.clone();
        }
        if let Some(all) = all {
            self.facts = all;
        }
    }

    fn equality(&mut self, first: &'a Node, second: &'a Node, equal: bool) {
        let (one, two) = self.silently(|inference| (inference.node(first), inference.node(second)));
        self.compared(first, &two, equal);
        self.compared(second, &one, equal);
    }

    /// Keeps what is known of a node that equals such a value, or does not.
    pub(super) fn compared(&mut self, node: &'a Node, other: &Known, equal: bool) {
        if let Some(kinds) = asked_kind(node, other) {
            let Op::Call(_, arguments) = &node.op else { return };
            if let Some(place) = arguments.first().and_then(Place::of) {
                self.learn(&place, &|known| if equal { known.only(kinds) } else { known.without(kinds) });
            }
            return;
        }
        let Some(place) = Place::of(node) else { return };
        if equal {
            self.learn(&place, &|known| known.meeting(other));
            return;
        }
        // Only what equals nothing else is gone for certain.
        match other.values().as_deref() {
            Some([Value::Null]) => self.learn(&place, &|known| known.without(Kinds::NULL)),
            Some([value]) => self.learn(&place, &|known| known.without_value(value)),
            _ => {}
        }
    }
}

/// The kinds that `@std.typeOf(…)` speaks of, where it is compared with one word.
fn asked_kind(node: &Node, other: &Known) -> Option<Kinds> {
    let Op::Call(function, _) = &node.op else { return None };
    if (function.namespace, function.name) != ("std", "typeOf") {
        return None;
    }
    let values = other.values()?;
    let [word] = values.as_slice() else { return None };
    Some(match word.as_text()? {
        "null" => Kinds::NULL,
        "boolean" => Kinds::BOOLEAN,
        "number" => Kinds::NUMBER,
        "string" => Kinds::TEXT,
        "array" => Kinds::ARRAY,
        "object" => Kinds::OBJECT,
        _ => return None,
    })
}
