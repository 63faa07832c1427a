//! Nodes that evaluate only some of their parts come in; what is known of the value goes out, each part looked at with what the
//! parts before it have shown.

use std::rc::Rc;

use super::known::{Kinds, Known};
use super::{Closure, Frame, Held, Inference, Sort};
use crate::expr::ast::BinaryOperator;
use crate::expr::code::{Lambda, Node, Op};

impl<'a> Inference<'a> {
    pub(super) fn choice(&mut self, operator: BinaryOperator, operands: &'a [Node]) -> Known {
        let Some((last, tests)) = operands.split_last() else { return Known::null() };
        let mut result = Known::nothing();
        let mut after = None;
        let mut never = false;
        for test in tests {
            let known = self.unless(never, |inference| inference.value(test));
            never |= match operator {
                BinaryOperator::And => known.truth() == Some(false),
                BinaryOperator::Or => known.truth() == Some(true),
                _ => !known.may_be_null() && !known.is_nothing(),
            };
            let kept = match operator {
                BinaryOperator::And => known.judged(false),
                BinaryOperator::Or => known.judged(true),
                _ => known.without(Kinds::NULL),
            };
            match operator {
                BinaryOperator::Coalesce if !known.may_be_null() && !known.is_nothing() => {
                    let message = "this is never null, so what stands behind `??` is never taken".to_owned();
                    self.doubt(test.span, Sort::Decided, message, "delete the `??` and what is behind it");
                }
                BinaryOperator::Coalesce => {}
                _ => self.judged(test, &known),
            }
            result = result.or(&kept);
            // Only what was evaluated for certain stays known behind the whole.
            after.get_or_insert_with(|| self.facts.clone());
            match operator {
                BinaryOperator::And => self.judge(test, true),
                BinaryOperator::Or => self.judge(test, false),
                _ => {}
            }
        }
        let result = result.or(&self.unless(never, |inference| inference.value(last)));
        if let Some(facts) = after {
            self.facts = facts;
        }
        result.or_anything_if_nothing()
    }

    /// A node that is only judged.
    pub(super) fn condition(&mut self, node: &'a Node) -> Known {
        let known = self.value(node);
        // Its operands have been looked at as conditions already, but for the last.
        match &node.op {
            Op::Choice(BinaryOperator::And | BinaryOperator::Or, operands) => {
                if let Some(last) = operands.last() {
                    let last_known = self.silently(|inference| inference.value(last));
                    self.coerced(last, &last_known);
                }
            }
            _ => self.judged(node, &known),
        }
        known
    }

    /// A value that decides something: it should be a boolean, and one that is not the same always.
    fn judged(&mut self, node: &Node, known: &Known) {
        self.coerced(node, known);
        let written = matches!(node.op, Op::Constant(_) | Op::Chain(..) | Op::Unary(..));
        if let (Some(truth), false) = (known.truth(), written) {
            let word = if truth { "true" } else { "false" };
            let message = format!("this always counts as {word}, so it decides nothing");
            self.doubt(node.span, Sort::Decided, message, "compare it with something, or delete what is never taken");
        }
    }

    fn coerced(&mut self, node: &Node, known: &Known) {
        let others = known.may_be().without(Kinds::BOOLEAN).without(Kinds::SECRET).without(Kinds::LAMBDA);
        if others.is_empty() || known.truth().is_some() {
            return;
        }
        let message = if known.may_be() == Kinds::ANY {
            "this need not be a boolean, and is judged as one: null, `false` and 0 count as false".to_owned()
        } else {
            format!("this is {known}, and is judged as a boolean: null, `false` and 0 count as false")
        };
        let help = if known.may_be_null() {
            "say what is meant: `… != null`, `… == true`, or `??` for what stands in its place"
        } else {
            "say what is meant: compare it"
        };
        self.doubt(node.span, Sort::Coercion, message, help);
    }

    pub(super) fn conditional(&mut self, parts: &'a [Node; 3]) -> Known {
        let [test, then, otherwise] = parts;
        let truth = self.condition(test).truth();
        let before = self.facts.clone();
        self.judge(test, true);
        let one = self.unless(truth == Some(false), |inference| inference.node(then));
        let after_one = std::mem::replace(&mut self.facts, before);
        self.judge(test, false);
        let two = self.unless(truth == Some(true), |inference| inference.node(otherwise));
        self.facts.join(&after_one, false);
        one.or(&two)
    }

    pub(super) fn binding(&mut self, values: &'a [Node], body: &'a Node) -> Known {
        let depth = self.frames.last().map_or(0, |frame| frame.local.len());
        for value in values {
            let held = self.hold(value);
            if let Some(frame) = self.frames.last_mut() {
                frame.local.push(held);
            }
        }
        let known = self.node(body);
        if let Some(frame) = self.frames.last_mut() {
            frame.local.truncate(depth);
        }
        known
    }

    /// What a name is bound to; a lambda is looked at where it is called.
    pub(super) fn hold(&mut self, node: &'a Node) -> Held<'a> {
        let lambda = match &node.op {
            Op::Lambda(lambda) => Some(self.close(lambda)),
            Op::Bound(slot) => self.held(*slot).and_then(|held| held.lambda.clone()),
            _ => None,
        };
        let known = if lambda.is_some() { Known::kinds(Kinds::LAMBDA) } else { self.node(node) };
        Held { known, lambda }
    }

    pub(super) fn close(&self, lambda: &'a Lambda) -> Closure<'a> {
        let captured = lambda
            .captures
            .iter()
            .map(|slot| self.held(*slot).cloned().unwrap_or_else(|| Held { known: Known::anything(), lambda: None }));
        Closure { lambda, captured: Rc::new(captured.collect()) }
    }

    /// A lambda that stands where nobody is known to call it.
    pub(super) fn lambda(&mut self, lambda: &'a Lambda) -> Known {
        let closure = self.close(lambda);
        self.body(&closure, vec![Held { known: Known::anything(), lambda: None }; lambda.parameters]);
        Known::kinds(Kinds::LAMBDA)
    }

    /// What a lambda gives for such arguments. What it learns of the facts around it is not kept: it may not be called at all.
    pub(super) fn body(&mut self, closure: &Closure<'a>, arguments: Vec<Held<'a>>) -> Known {
        if self.frames.len() > super::CALLS {
            return Known::anything();
        }
        let before = self.facts.clone();
        let doubts = self.doubts.len();
        self.frames.push(Frame { captured: Rc::clone(&closure.captured), local: arguments });
        let known = self.node(&closure.lambda.body);
        self.frames.pop();
        self.facts = before;
        // What is decided in one call may be open in the next.
        self.forget(doubts, &[Sort::Decided]);
        known
    }

    pub(super) fn attempt(&mut self, parts: &'a [Node; 2]) -> Known {
        let [attempt, otherwise] = parts;
        let before = self.facts.clone();
        let doubts = self.doubts.len();
        let one = self.node(attempt);
        // What may fail is caught.
        self.forget(doubts, &[Sort::MayBeNull, Sort::MayNotFit]);
        self.facts = before.clone();
        let two = match &otherwise.op {
            Op::Lambda(lambda) => {
                let closure = self.close(lambda);
                let message = Held { known: Known::kinds(Kinds::TEXT), lambda: None };
                self.body(&closure, vec![message; lambda.parameters])
            }
            _ => self.node(otherwise),
        };
        self.facts = before;
        one.or(&two)
    }

    /// Takes back the doubts of these sorts, but for the first ones.
    fn forget(&mut self, first: usize, sorts: &[Sort]) {
        let later = self.doubts.split_off(first.min(self.doubts.len()));
        self.doubts.extend(later.into_iter().filter(|doubt| !sorts.contains(&doubt.sort)));
    }

    /// Looks at a part; if it is never evaluated, that is all there is to say of it, and said already.
    fn unless<T>(&mut self, never: bool, look: impl FnOnce(&mut Self) -> T) -> T {
        if never { self.silently(look) } else { look(self) }
    }

    /// Looks again at what was looked at before.
    pub(super) fn silently<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        let doubts = self.doubts.len();
        let result = look(self);
        self.doubts.truncate(doubts);
        result
    }
}
