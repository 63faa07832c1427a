//! A node that only steers comes in; its answer goes out, and no value is made of it where none is needed.

use super::super::ast::{BinaryOperator, UnaryOperator};
use super::super::code::{Node, Op};
use super::super::error::{At, Outcome};
use super::super::operator;
use super::Machine;
use crate::Value;

impl<'a> Machine<'_, 'a> {
    /// What [`operator::truth`] says of the node's value.
    pub(in super::super) fn truth(&mut self, node: &'a Node) -> Outcome<bool> {
        match &node.op {
            Op::Choice(operator @ (BinaryOperator::And | BinaryOperator::Or), operands) => {
                self.charge(1).at(node.span)?;
                self.deeper(|machine| machine.any(operands, *operator == BinaryOperator::Or)).at(node.span)
            }
            Op::Chain(first, rest) => match rest.as_slice() {
                [(operator, second)] if operator.compares() => {
                    self.charge(1).at(node.span)?;
                    self.deeper(|machine| machine.compared(first, *operator, second)).at(node.span)
                }
                _ => self.truth_of_value(node),
            },
            Op::Unary(operators, operand) if matches!(operators.as_slice(), [UnaryOperator::Not]) => {
                self.charge(1).at(node.span)?;
                self.deeper(|machine| machine.truth(operand)).map(|truth| !truth).at(node.span)
            }
            Op::Call(function, arguments) => {
                self.charge(1).at(node.span)?;
                let value = self.deeper(|machine| machine.call(function, arguments)).at(node.span)?;
                value.value().and_then(operator::truth).at(node.span)
            }
            _ => self.truth_of_value(node),
        }
    }

    fn truth_of_value(&mut self, node: &'a Node) -> Outcome<bool> {
        let value = self.eval(node)?;
        value.value().and_then(operator::truth).at(node.span)
    }

    /// Looks for the operand that decides; the others are of the other mind, and so is the whole without one.
    fn any(&mut self, operands: &'a [Node], decides: bool) -> Outcome<bool> {
        for operand in operands {
            if self.truth(operand)? == decides {
                return Ok(decides);
            }
        }
        Ok(!decides)
    }

    fn compared(&mut self, first: &'a Node, operator: BinaryOperator, second: &'a Node) -> Outcome<bool> {
        // Most of what is compared lies in the scope or in the expression itself.
        if let (Some(left), Some(right)) = (self.scope.direct(first), self.scope.direct(second)) {
            self.charge(2).at(second.span)?;
            return self.holds(operator, left, right);
        }
        let (left, right) = (self.eval(first)?, self.eval(second)?);
        self.holds(operator, left.value()?, right.value()?)
    }

    /// Whether a comparison holds between two values.
    pub(super) fn holds(&mut self, operator: BinaryOperator, left: &Value, right: &Value) -> Outcome<bool> {
        match operator {
            BinaryOperator::Equal => self.equal(left, right),
            BinaryOperator::NotEqual => self.equal(left, right).map(|equal| !equal),
            _ => operator::ordered(operator, left, right),
        }
    }
}

#[cfg(test)]
mod tests;
