//! Resolved steps and what is watched on the way come in; every state in which a step may be reached comes out, with the
//! shortest way to it.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::catalog::Origin;
use crate::check::links::{LOOP, Links};
use crate::check::names::Typed;
use crate::check::values::Values;
use crate::diagnostic::Hop;
use crate::program::{StepIndex, Target};

/// How many states there are: a set of them is a byte.
pub(super) const STATES: usize = 8;

/// What is known of a run at a place; what the number means is the business of who watches.
pub(super) type State = u8;

/// A set of states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::check) struct States(u8);

/// How many ways are drawn to explain findings of one sort; further ones do without.
pub(super) const WAYS: usize = 50;

/// The way into a loop's body, as if it were an exit.
pub(super) const BODY: &str = "body";

/// What is played.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) steps: &'a [Typed<'a>],
    pub(super) links: &'a [Links],
    pub(super) values: &'a [Values],
    pub(super) start: usize,
}

/// Says how a state changes on the way.
pub(super) trait Watch {
    /// The states after a step was left by an exit; none if it cannot be left so.
    fn leave(&self, step: &Typed<'_>, exit: &str, state: State) -> States;
}

/// Everything that a walk came to.
pub(super) struct Walk<'a> {
    ground: Ground<'a>,
    /// The places in the order in which they were reached: the nearest first.
    order: Vec<Spot>,
    /// For each place, by its number, how it was reached first.
    before: Vec<Option<Before>>,
    /// The ways out of each place, in the same order as the places.
    ways: Vec<Vec<Way>>,
}

/// A way from one place to another.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) to: Spot,
    pub(super) exit: Arc<str>,
    /// Whether it leads to the next turn of a loop, of which there are only so many.
    pub(super) is_counted: bool,
}

/// A step in a state. `again`: a loop that a turn of its body led back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) step: usize,
    pub(super) state: State,
    again: bool,
}

#[derive(Clone)]
enum Before {
    Start,
    Left(Spot, Arc<str>),
}

impl States {
    pub(super) const fn one(state: State) -> Self {
        Self(1_u8.wrapping_shl(state as u32))
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(super) const fn has(self, state: State) -> bool {
        self.0 & Self::one(state).0 != 0
    }

    pub(super) fn iter(self) -> impl Iterator<Item = State> {
        (0..STATES as u8).filter(move |state| self.has(*state))
    }
}

impl<'a> Walk<'a> {
    /// Plays every way from the start in a state.
    pub(super) fn new(ground: Ground<'a>, watch: &impl Watch, state: State) -> Self {
        let count = ground.steps.len() * STATES * 2;
        let mut walk = Self { ground, order: Vec::new(), before: vec![None; count], ways: Vec::new() };
        let mut queue = VecDeque::new();
        walk.reach(Spot { step: ground.start, state, again: false }, Before::Start, &mut queue);
        while let Some(spot) = queue.pop_front() {
            let ways = walk.leave(spot, watch);
            for way in &ways {
                walk.reach(way.to, Before::Left(spot, Arc::clone(&way.exit)), &mut queue);
            }
            walk.ways.push(ways);
        }
        walk
    }

    /// Every place that was reached, the nearest first.
    pub(super) fn spots(&self) -> impl Iterator<Item = (Spot, &'a Typed<'a>)> + '_ {
        self.order.iter().filter_map(|spot| Some((*spot, self.ground.steps.get(spot.step)?)))
    }

    /// The ways out of every place that was reached, in the same order.
    pub(super) fn ways(&self) -> &[Vec<Way>] {
        &self.ways
    }

    /// The shortest way to a place, and out of it by an exit if there is one.
    pub(super) fn path(&self, to: Spot, exit: Option<&str>) -> Vec<Hop> {
        let mut hops = Vec::new();
        let (mut at, mut exit) = (to, exit.map(Arc::from));
        // A way visits no place twice.
        while let Some(step) = self.ground.steps.get(at.step).filter(|_| hops.len() <= self.before.len()) {
            hops.push(Hop { step: Arc::clone(&step.source.id.value), exit });
            match self.before.get(at.number()) {
                Some(Some(Before::Left(from, by))) => (at, exit) = (*from, Some(Arc::clone(by))),
                _ => break,
            }
        }
        hops.reverse();
        hops
    }

    fn reach(&mut self, spot: Spot, before: Before, queue: &mut VecDeque<Spot>) {
        if let Some(slot @ None) = self.before.get_mut(spot.number()) {
            *slot = Some(before);
            self.order.push(spot);
            queue.push_back(spot);
        }
    }

    fn leave(&self, spot: Spot, watch: &impl Watch) -> Vec<Way> {
        let ground = self.ground;
        let mut ways = Vec::new();
        let (Some(step), Some(links)) = (ground.steps.get(spot.step), ground.links.get(spot.step)) else { return ways };
        if step.source.body.is_some() && ground.may_take(spot, BODY) {
            for state in watch.leave(step, BODY, spot.state).iter() {
                let to = Spot { step: spot.step + 1, state, again: false };
                ways.push(Way { to, exit: Arc::from(BODY), is_counted: false });
            }
        }
        for link in links.links.iter().filter(|link| ground.may_take(spot, &link.name)) {
            let (to, again) = match link.target {
                Target::Step(StepIndex(to)) => (to as usize, false),
                Target::Continue(StepIndex(to)) => (to as usize, true),
                Target::Abort => continue,
            };
            for state in watch.leave(step, &link.name, spot.state).iter() {
                let to = Spot { step: to, state, again };
                ways.push(Way { to, exit: Arc::clone(&link.name), is_counted: again });
            }
        }
        ways
    }
}

impl Spot {
    /// Whether a turn of a loop's body led here.
    pub(super) const fn is_turn(self) -> bool {
        self.again
    }

    pub(super) const fn number(self) -> usize {
        (self.step * STATES + self.state as usize) * 2 + self.again as usize
    }
}

impl Ground<'_> {
    /// Whether a form can go that way at all: what it decides by may be written out, and a body is played before its loop
    /// is exhausted.
    pub(super) fn may_take(&self, spot: Spot, exit: &str) -> bool {
        let Some(declaration) = self.steps.get(spot.step).and_then(|step| step.declaration) else { return true };
        if declaration.origin != Origin::Form {
            return true;
        }
        let test = self.values.get(spot.step).and_then(|values| values.test.as_ref());
        let truth = test.and_then(|test| test.constant()).and_then(crate::Value::truth);
        match (&*declaration.name, exit) {
            ("condition", "then") | (LOOP, BODY) => truth != Some(false),
            ("condition", "else") | (LOOP, "next") => truth != Some(true),
            (LOOP, "exhausted") => truth != Some(false) && spot.again,
            _ => true,
        }
    }
}
