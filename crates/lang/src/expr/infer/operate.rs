//! Operators and what is known of their operands come in; what is known of the result goes out, and each coercion is noted.

use super::known::{Kinds, Known};
use super::{Inference, Sort};
use crate::Span;
use crate::Value;
use crate::expr::ast::{BinaryOperator, UnaryOperator};
use crate::expr::code::{Node, Op};

/// An operand: what is known of it, and where it stands.
struct Operand {
    known: Known,
    span: Span,
}

impl<'a> Inference<'a> {
    pub(super) fn unary(&mut self, operators: &[UnaryOperator], operand: &'a Node) -> Known {
        let innermost = operators.last();
        let mut known =
            if innermost == Some(&UnaryOperator::Not) { self.condition(operand) } else { self.value(operand) };
        for operator in operators.iter().rev() {
            known = match operator {
                UnaryOperator::Not => {
                    known.truth().map_or(Known::kinds(Kinds::BOOLEAN), |truth| Known::constant(&Value::Bool(!truth)))
                }
                UnaryOperator::Negate => {
                    let kinds = self.number(&Operand { known, span: operand.span }, "-");
                    Known::kinds(kinds)
                }
            };
        }
        known
    }

    pub(super) fn chain(&mut self, first: &'a Node, rest: &'a [(BinaryOperator, Node)]) -> Known {
        let mut left = Operand { known: self.value(first), span: first.span };
        let mut constant = matches!(first.op, Op::Constant(_));
        for (operator, node) in rest {
            let right = Operand { known: self.value(node), span: node.span };
            constant &= matches!(node.op, Op::Constant(_));
            let span = left.span.cover(right.span);
            let known = match operator {
                BinaryOperator::Equal | BinaryOperator::NotEqual => self.equal(*operator, &left, &right, constant),
                BinaryOperator::Less
                | BinaryOperator::LessEqual
                | BinaryOperator::Greater
                | BinaryOperator::GreaterEqual => {
                    self.ordered(*operator, &left, &right);
                    Known::kinds(Kinds::BOOLEAN)
                }
                BinaryOperator::Add => self.add(&left, &right),
                _ => self.arithmetic(*operator, &left, &right),
            };
            left = Operand { known, span };
        }
        left.known
    }

    fn equal(&mut self, operator: BinaryOperator, left: &Operand, right: &Operand, constant: bool) -> Known {
        let negated = operator == BinaryOperator::NotEqual;
        // A secret may be asked whether it is there, and whoever asks may be careful.
        if left.known.may_be().or(right.known.may_be()).has(Kinds::SECRET) {
            return Known::kinds(Kinds::BOOLEAN);
        }
        let can = left.known.can_equal(&right.known);
        let must = left.known.must_equal(&right.known);
        let answer = if !can && !left.known.is_nothing() && !right.known.is_nothing() {
            Some(negated)
        } else if must {
            Some(!negated)
        } else {
            None
        };
        let Some(answer) = answer else { return Known::kinds(Kinds::BOOLEAN) };
        if !constant {
            let message = if must {
                "both sides are always the same".to_owned()
            } else if left.known.may_be().numbers_alike().and(right.known.may_be().numbers_alike()).is_empty() {
                format!("the two sides are never equal: {} and {}", left.known, right.known)
            } else {
                "the two sides never have the same value".to_owned()
            };
            let help =
                format!("the answer is always `{answer}`: compare with what it can be, or delete the comparison");
            self.doubt(left.span.cover(right.span), Sort::Decided, message, help);
        }
        Known::constant(&Value::Bool(answer))
    }

    fn ordered(&mut self, operator: BinaryOperator, left: &Operand, right: &Operand) {
        let (one, two) = (left.known.may_be(), right.known.may_be());
        if one.within(Kinds::TEXT) && two.within(Kinds::TEXT) {
            return;
        }
        // Two strings are compared as such; beside anything else a string is turned into a number.
        if one.has(Kinds::TEXT) && two.has(Kinds::TEXT) {
            for operand in [left, right] {
                let others = operand.known.may_be().without(Kinds::TEXT);
                if !others.is_empty() {
                    self.unfit(operand, Kinds::TEXT.or(Kinds::NUMBER), operator.symbol());
                    return;
                }
            }
            return;
        }
        self.number(left, operator.symbol());
        self.number(right, operator.symbol());
    }

    fn add(&mut self, left: &Operand, right: &Operand) -> Known {
        let (one, two) = (left.known.may_be(), right.known.may_be());
        if !one.has(Kinds::TEXT) && !two.has(Kinds::TEXT) {
            return self.arithmetic(BinaryOperator::Add, left, right);
        }
        if one.within(Kinds::TEXT) || two.within(Kinds::TEXT) {
            for operand in [left, right] {
                self.appended(operand);
            }
            return Known::kinds(Kinds::TEXT);
        }
        // Either may be a string, and neither need be: then both must be numbers.
        let fits = |operand: &&Operand| operand.known.may_be().within(Kinds::TEXT.or(Kinds::NUMBER));
        if let Some(operand) = [left, right].into_iter().find(|operand| !fits(operand)) {
            self.unfit(operand, Kinds::NUMBER.or(Kinds::TEXT), "+");
            return Known::kinds(Kinds::TEXT.or(Kinds::NUMBER));
        }
        let message = "whether this adds numbers or puts texts together depends on the run".to_owned();
        self.doubt(
            left.span.cover(right.span),
            Sort::Coercion,
            message,
            "declare the types, or write a text with `${…}`",
        );
        Known::kinds(Kinds::TEXT.or(Kinds::NUMBER))
    }

    /// Something that `+` puts behind or before a text.
    fn appended(&mut self, operand: &Operand) {
        let others = operand.known.may_be().without(Kinds::TEXT).without(Kinds::SECRET);
        if others.is_empty() {
            return;
        }
        if others == Kinds::NULL {
            let message = "this may be null, and the text would say `null`".to_owned();
            self.doubt(operand.span, Sort::MayBeNull, message, "say what stands in its place: `… ?? \"\"`");
        } else {
            let message = format!("this is {}, and is turned into a text", operand.known);
            self.doubt(operand.span, Sort::Coercion, message, "write a text with `${…}` in back-ticks, which says so");
        }
    }

    fn arithmetic(&mut self, operator: BinaryOperator, left: &Operand, right: &Operand) -> Known {
        let (one, two) = (self.number(left, operator.symbol()), self.number(right, operator.symbol()));
        let integers = one == Kinds::INTEGER && two == Kinds::INTEGER;
        Known::kinds(match operator {
            BinaryOperator::Divide => Kinds::NUMBER,
            _ if integers => Kinds::INTEGER,
            _ if one == Kinds::FLOAT || two == Kinds::FLOAT => Kinds::FLOAT,
            _ => Kinds::NUMBER,
        })
    }

    /// The kinds of number that an operand becomes.
    fn number(&mut self, operand: &Operand, operator: &str) -> Kinds {
        let kinds = operand.known.may_be().without(Kinds::SECRET);
        if !kinds.within(Kinds::NUMBER) {
            if kinds.within(Kinds::NUMBER.or(Kinds::BOOLEAN)) {
                let message = "this is a boolean, and is turned into 1 or 0".to_owned();
                self.doubt(operand.span, Sort::Coercion, message, "say what is meant: `… ? 1 : 0`");
            } else {
                self.unfit(operand, Kinds::NUMBER, operator);
            }
        }
        let numbers = kinds.and(Kinds::NUMBER).or(if kinds.has(Kinds::BOOLEAN) { Kinds::INTEGER } else { Kinds::NONE });
        // A text becomes a number of either kind.
        if kinds.has(Kinds::TEXT) || numbers.is_empty() { Kinds::NUMBER } else { numbers }
    }

    /// An operand that an operator may not take.
    fn unfit(&mut self, operand: &Operand, wanted: Kinds, operator: &str) {
        let kinds = operand.known.may_be();
        let others = kinds.without(wanted);
        // A string may hold digits: that is known only when it is there.
        let never = !kinds.has(wanted.or(Kinds::TEXT).or(Kinds::BOOLEAN));
        let (sort, message, help) = if never {
            let message = format!("`{operator}` needs {}, and this is {}", wanted.words(), operand.known);
            (Sort::Impossible, message, "give it a value of that type")
        } else if others == Kinds::NULL {
            let message = format!("`{operator}` needs {}, and this may be null", wanted.words());
            (Sort::MayBeNull, message, "say what stands in its place: `… ?? 0`")
        } else {
            let message = format!("`{operator}` needs {}, and this may be {}", wanted.words(), others.words());
            (Sort::MayNotFit, message, "declare its type, or turn it into a number first: `@std.strToInt(…)`")
        };
        self.doubt(operand.span, sort, message, help);
    }
}
