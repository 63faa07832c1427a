//! Choices come in; the steps of a journey go out, in the order of the file and without their links.

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
    Complete,
    Reject,
}

/// A step without its links.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Counts the steps, in the order of the file.
    pub(super) number: usize,
    pub(super) kind: Kind,
    pub(super) body: Vec<Plan>,
}

/// Loops in loops.
const DEEPEST: usize = 3;

struct Layout<'d> {
    dice: &'d mut Dice,
    laid: usize,
    /// Steps that may still be laid out.
    left: usize,
}

pub(super) fn layout(dice: &mut Dice, steps: usize) -> Vec<Plan> {
    let chain = dice.roll(steps.max(2) - 1);
    // Two are kept for the ends.
    let ends = 1 + dice.roll((steps - chain).clamp(1, 3));
    let mut layout = Layout { dice, laid: 0, left: chain };
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
            let kind = match self.dice.weigh(&[20, 14, 6, 13, 5, 12, 8, 9, 6]) {
                0 => Kind::Set,
                1 => Kind::Condition,
                2 => Kind::Match,
                3 if depth < DEEPEST && self.left > 1 => Kind::Loop,
                4 => Kind::Authenticated,
                5 => Kind::Collect,
                6 => Kind::Display,
                7 => Kind::Verify,
                8 => Kind::Provide,
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
        self.dice.turn_to(self.laid, Phase::Layout);
    }

    fn plan(&mut self, kind: Kind) -> Plan {
        let number = self.laid;
        self.laid += 1;
        self.left -= 1;
        Plan { number, kind, body: Vec::new() }
    }
}

impl Plan {
    pub(super) fn id(&self) -> String {
        id(self.number)
    }
}

/// What a step is called in the file.
pub(super) fn id(number: usize) -> String {
    format!("s{number}")
}

impl Kind {
    pub(super) const fn ends(self) -> bool {
        matches!(self, Self::Complete | Self::Reject)
    }

    pub(super) const fn asks(self) -> bool {
        matches!(self, Self::Collect | Self::Display)
    }
}
