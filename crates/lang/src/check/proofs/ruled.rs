//! The rules of a project come in; a finding for each step to which a way leads against one comes out.

use std::collections::HashSet;

use super::walk::{Ground, STATES, Spot, State, States, WAYS, Walk, Watch};
use super::{COMPLETE, is_form};
use crate::check::names::Typed;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, Hop, quoted};
use crate::journey::Journey;
use crate::rules::{Place, Rule, Rules};

/// The way has not begun yet.
const BEFORE: State = 0;
/// It has begun, and has not passed what it must.
const ARMED: State = 1;
/// It has passed what it must, for good.
const SAFE: State = 2;

/// What a sub-journey does to the ways through those that invoke it.
#[derive(Clone, Debug, Default)]
pub(super) struct Passing {
    completed: [States; STATES],
    rejected: [States; STATES],
    /// At any place in it: its time may be over there.
    anywhere: [States; STATES],
    /// The states in which the rule is broken in it.
    breaks: States,
}

/// Follows one rule.
struct Ruled<'r> {
    rule: &'r Rule,
    number: usize,
    /// Whether another journey plays this one: its ends are exits of the step that invokes it, and no steps.
    inner: bool,
}

/// Holds the journey to the rules that are for it. What comes out is what its callers need to know, for every rule.
pub(super) fn check(
    journey: &Journey,
    part: bool,
    ground: Ground<'_>,
    rules: &Rules,
    findings: &mut Findings,
) -> Vec<Passing> {
    let id = journey.id.as_ref().map_or("", |id| &id.value);
    for (number, rule) in rules.of(id, part) {
        let watch = Ruled { rule, number, inner: false };
        let walk = Walk::new(ground, &watch, watch.begin());
        let mut told = HashSet::new();
        for (spot, step) in walk.spots() {
            if let Some(exit) = watch.broken(spot, step, ground)
                && told.insert(spot.step)
            {
                let path = if told.len() <= WAYS { walk.path(spot, exit) } else { Vec::new() };
                findings.push(finding(rule, step, path));
            }
        }
    }
    if !part {
        return Vec::new();
    }
    rules.held().map(|(number, rule)| Ruled { rule, number, inner: true }.passing(ground)).collect()
}

fn finding(rule: &Rule, step: &Typed<'_>, path: Vec<Hop>) -> Diagnostic {
    let id = &step.source.id;
    let message = match &rule.message {
        Some(message) => format!("a way to {} breaks the rule {}: {message}", quoted(&id.value), quoted(&rule.name)),
        None => format!("a way to {} breaks the rule {}", quoted(&id.value), quoted(&rule.name)),
    };
    let finding = Diagnostic::error(Code::RULE_BROKEN, id.span, message).path(path);
    finding.help("lead the way otherwise, or change the rule in `wayfarer.yaml`")
}

impl Ruled<'_> {
    const fn begin(&self) -> State {
        if self.rule.from.is_none() { ARMED } else { BEFORE }
    }

    fn passing(&self, ground: Ground<'_>) -> Passing {
        let mut passing = Passing::default();
        for state in [BEFORE, ARMED, SAFE] {
            let walk = Walk::new(ground, self, state);
            for (spot, step) in walk.spots() {
                let one = States::one(spot.state);
                let add = |to: &mut [States; STATES]| {
                    if let Some(states) = to.get_mut(usize::from(state)) {
                        states.add(one);
                    }
                };
                add(&mut passing.anywhere);
                if is_form(step, COMPLETE) {
                    add(&mut passing.completed);
                } else if is_form(step, "reject_access") {
                    add(&mut passing.rejected);
                }
                if self.broken(spot, step, ground).is_some() {
                    passing.breaks.add(States::one(state));
                }
            }
        }
        passing
    }

    /// Whether the rule is broken at a place: by coming there, or by leaving it by the exit that comes out.
    fn broken<'a>(&self, spot: Spot, step: &Typed<'_>, ground: Ground<'a>) -> Option<Option<&'a str>> {
        let to = &self.rule.to;
        if spot.state == ARMED && to.exit.is_none() && self.names(to, step) {
            return Some(None);
        }
        let within = self.reached(step, spot.state);
        if self.played(step).is_some_and(|passing| passing.breaks.has(within)) {
            return Some(None);
        }
        let exit = to.exit.as_deref().filter(|_| self.names(to, step))?;
        let links = ground.links.get(spot.step)?.links.iter().map(|link| &*link.name);
        let mut taken = links.filter(|name| *name == exit && ground.may_take(spot, name));
        let name = taken.next()?;
        self.played_by(step, name, within).has(ARMED).then_some(Some(name))
    }

    /// Whether a place of the rule means a step.
    fn names(&self, place: &Place, step: &Typed<'_>) -> bool {
        let ends = is_form(step, COMPLETE) || is_form(step, "reject_access");
        let type_name = step.declaration.map_or("", |declaration| &declaration.name);
        !(self.inner && ends) && place.names(&step.source.id.value, type_name)
    }

    /// The state once a step was reached.
    fn reached(&self, step: &Typed<'_>, state: State) -> State {
        self.past(state, |place| place.exit.is_none() && self.names(place, step))
    }

    /// The state past what `is_here`.
    fn past(&self, state: State, is_here: impl Fn(&Place) -> bool) -> State {
        let mut state = state;
        if state == ARMED && self.rule.unless.as_ref().is_some_and(&is_here) {
            state = if self.rule.from.is_some() { BEFORE } else { SAFE };
        }
        if state == BEFORE && self.rule.from.as_ref().is_some_and(is_here) {
            state = ARMED;
        }
        state
    }

    fn played<'s>(&self, step: &'s Typed<'_>) -> Option<&'s Passing> {
        step.callee?.learnt.proofs.rules.get(self.number)
    }

    /// The states in which the journey that a step plays lets it take an exit.
    fn played_by(&self, step: &Typed<'_>, exit: &str, state: State) -> States {
        let Some(passing) = self.played(step) else { return States::one(state) };
        let of = |table: &[States; STATES]| table.get(usize::from(state)).copied().unwrap_or_default();
        match exit {
            "completed" => of(&passing.completed),
            "rejected" => of(&passing.rejected),
            "timeout" => of(&passing.anywhere),
            // A parameter could not be evaluated, and it was not played.
            _ => States::one(state),
        }
    }
}

impl Watch for Ruled<'_> {
    fn leave(&self, step: &Typed<'_>, exit: &str, state: State) -> States {
        let mut states = States::default();
        for state in self.played_by(step, exit, self.reached(step, state)).iter() {
            let is_here = |place: &Place| place.exit.as_deref() == Some(exit) && self.names(place, step);
            states.add(States::one(self.past(state, is_here)));
        }
        states
    }
}
