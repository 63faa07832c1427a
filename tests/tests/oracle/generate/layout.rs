//! Choices come in; the steps of a journey go out, in the order of the file and without their links.

use super::Callees;
use crate::dice::{Dice, Phase};

/// What a step will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Set,
    Condition,
    Match,
    Loop,
    Authenticated,
    Collect,
    Display,
    Verify,
    Provide,
    Shaky,
    Invoke,
    Complete,
    Reject,
}

/// A step without its links.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Its place among all steps of the case.
    pub(super) number: usize,
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) body: Vec<Plan>,
}

/// Loops in loops.
const DEEPEST: usize = 3;

struct Layout<'d> {
    dice: &'d mut Dice,
    /// The steps of the case before this journey.
    before: usize,
    /// The steps of this journey so far.
    laid: usize,
    callees: &'d Callees<'d>,
    /// Steps that may still be laid out.
    left: usize,
}

/// The steps of a journey, of which there are no more than `steps` or so, after those of other journeys.
pub(super) fn layout(dice: &mut Dice, steps: usize, before: usize, callees: &Callees<'_>) -> Vec<Plan> {
    // At least one is kept for an end.
    let chain = dice.roll(steps).max(usize::from(callees.deep));
    let ends = 1 + dice.roll(steps.saturating_sub(chain).clamp(1, 3));
    let mut layout = Layout { dice, before, laid: 0, callees, left: chain };
    let mut plans = layout.chain(chain, 0);
    layout.left = ends;
    while layout.left > 0 {
        plans.push(layout.end());
    }
    plans
}

impl Layout<'_> {
    /// Steps of which each leads to the next.
    fn chain(&mut self, most: usize, depth: usize) -> Vec<Plan> {
        let mut plans = Vec::new();
        while plans.len() < most && self.left > 0 {
            self.turn();
            let calls = if self.callees.ids.is_empty() { 0 } else { 20 };
            let kind = match self.dice.weigh(&[20, 14, 6, 13, 5, 12, 8, 9, 6, 7, calls]) {
                _ if self.callees.deep && self.laid == 0 && calls > 0 => Kind::Invoke,
                0 => Kind::Set,
                1 => Kind::Condition,
                2 => Kind::Match,
                3 if depth < DEEPEST && self.left > 1 => Kind::Loop,
                4 => Kind::Authenticated,
                5 => Kind::Collect,
                6 => Kind::Display,
                7 => Kind::Verify,
                8 => Kind::Provide,
                9 => Kind::Shaky,
                10 => Kind::Invoke,
                _ => Kind::Set,
            };
            let mut plan = self.plan(kind);
            if kind == Kind::Loop {
                plan.body = self.body(depth + 1);
            }
            plans.push(plan);
        }
        plans
    }

    fn body(&mut self, depth: usize) -> Vec<Plan> {
        let most = 1 + self.dice.roll(5);
        let ends = self.dice.chance(30);
        let mut plans = self.chain(most, depth);
        if self.left > 0 && ends {
            plans.push(self.end());
        }
        plans
    }

    fn end(&mut self) -> Plan {
        self.turn();
        let kind = if self.dice.chance(40) { Kind::Reject } else { Kind::Complete };
        self.plan(kind)
    }

    /// The next step has strips of its own.
    fn turn(&mut self) {
        self.dice.turn_to(self.before + self.laid, Phase::Layout);
    }

    fn plan(&mut self, kind: Kind) -> Plan {
        let (number, id) = (self.before + self.laid, format!("s{}", self.laid));
        self.laid += 1;
        self.left -= 1;
        Plan { number, id, kind, body: Vec::new() }
    }
}

impl Kind {
    pub(super) const fn ends(self) -> bool {
        matches!(self, Self::Complete | Self::Reject)
    }

    pub(super) const fn asks(self) -> bool {
        matches!(self, Self::Collect | Self::Display)
    }
}
