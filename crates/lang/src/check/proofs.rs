//! The resolved steps come in; findings about what the ways through the journey prove come out, and what its callers may
//! rely on.

mod alike;
mod ends;
mod proven;
mod rounds;
mod ruled;
mod walk;

use self::proven::{Known, Proving, User};
use self::walk::{Ground, STATES, States, Walk};
use super::links::Links;
use super::names::Typed;
use super::values::Values;
use crate::catalog::Origin;
use crate::diagnostic::Findings;
use crate::journey::Journey;
use crate::program::Kind;
use crate::rules::Rules;

/// The form that ends a journey with success.
pub(crate) const COMPLETE: &str = "complete_journey";

/// What the ways through a journey prove to those who invoke it.
#[derive(Clone, Debug, Default)]
pub(super) struct Proofs {
    /// Whether all of its ways are known.
    known: bool,
    /// Whether it holds a step that verifies.
    verifies: bool,
    /// For each state in which it begins: those in which it may complete.
    completed: [States; STATES],
    /// The same for the rules of the project, by their numbers.
    rules: Vec<ruled::Passing>,
}

/// Looks at every way through the journey. Where a mistake hides some of them, it says nothing.
pub(super) fn check(
    journey: &Journey,
    steps: &[Typed<'_>],
    links: &[Links],
    values: &[Values],
    start: usize,
    rules: &Rules,
    findings: &mut Findings,
) -> Proofs {
    let ground = Ground { steps, links, values, start };
    if !is_known(ground) {
        ends::misplaced(ground, findings);
        return Proofs::default();
    }
    let verifies = steps.iter().any(verifies);
    let part = journey.kind.as_ref().is_some_and(|kind| kind.value == Kind::Sub);
    let asks = verifies || journey.requires.is_some();
    let watch = Proving::new(ground);
    let begins = Known::new(if part { User::AsBefore } else { User::Unproven });
    let walk = Walk::new(ground, &watch, begins.state());
    ends::check(ground, &walk, asks, findings);
    rounds::check(ground, &walk, findings);
    alike::check(ground, part, findings);
    let rules = ruled::check(journey, part, ground, rules, findings);
    let mut completed = [States::default(); STATES];
    if part {
        for (state, completed) in (0..).zip(&mut completed) {
            *completed = ends::completed(&Walk::new(ground, &watch, state), asks);
        }
    }
    Proofs { known: true, verifies, completed, rules }
}

/// Whether every way is known: no exit, step or sub-journey is missing.
fn is_known(ground: Ground<'_>) -> bool {
    let whole = |step: &Typed<'_>| {
        let is_invocation = step.declaration.is_some_and(|it| &*it.name == super::library::INVOKE);
        let callee = step.callee.map(|callee| callee.learnt.proofs.known);
        step.declaration.is_some() && callee.unwrap_or(!is_invocation)
    };
    ground.steps.iter().all(whole) && ground.links.iter().all(|links| !links.incomplete && !links.anywhere)
}

/// Whether a step checks a secret, itself or by the journey that it invokes.
fn verifies(step: &Typed<'_>) -> bool {
    let itself = step.declaration.is_some_and(|it| it.origin == Origin::Step && it.verifies.is_some());
    itself || step.callee.is_some_and(|callee| callee.learnt.proofs.verifies)
}

/// Whether a step is a form of this name.
fn is_form(step: &Typed<'_>, name: &str) -> bool {
    step.declaration.is_some_and(|it| it.origin == Origin::Form && &*it.name == name)
}

#[cfg(test)]
mod tests;
