//! A walk through the journey comes in; a finding for each end with success that asks for more than was proven comes out.

use std::collections::HashSet;

use super::proven::{Known, User};
use super::walk::{Ground, States, WAYS, Walk};
use super::{COMPLETE, is_form};
use crate::check::names::Typed;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};

/// What a run lacks that completes like this.
fn lacks(known: Known) -> Option<Code> {
    match known {
        Known { failed: true, .. } => Some(Code::AFTER_FAILURE),
        Known { user: User::Proven, .. } => None,
        Known { user: User::Changed, .. } => Some(Code::USER_CHANGED),
        Known { user: User::Unproven | User::AsBefore, .. } => Some(Code::UNVERIFIED),
    }
}

/// Reports the ends that are reached with too little, each by the shortest way; and marks that change nothing.
pub(super) fn check(ground: Ground<'_>, walk: &Walk<'_>, asks: bool, findings: &mut Findings) {
    misplaced(ground, findings);
    let (mut found, mut reached) = (HashSet::new(), HashSet::new());
    for (spot, step) in walk.spots().filter(|(_, step)| is_form(step, COMPLETE)) {
        reached.insert(spot.step);
        let Some(code) = lacks(Known::of(spot.state)).filter(|_| asks) else { continue };
        if found.insert((spot.step, code)) && !is_marked(step) {
            let path = if found.len() <= WAYS { walk.path(spot, None) } else { Vec::new() };
            findings.push(finding(code, step).path(path));
        }
    }
    let lacking: HashSet<usize> = found.into_iter().map(|(step, _)| step).collect();
    for step in ground.steps.iter().filter(|step| is_form(step, COMPLETE) && is_marked(step)) {
        if !lacking.contains(&step.index) && reached.contains(&step.index) {
            let why = if asks { "whoever comes here is proven" } else { "nobody is verified in this journey" };
            let span = step.source.unauthenticated.as_ref().map_or(step.source.id.span, |mark| mark.span);
            let message = format!("`unauthenticated` has no effect: {why}");
            findings.push(Diagnostic::warning(Code::NO_EFFECT, span, message).help("delete it"));
        }
    }
}

/// Reports the mark on steps that it is not for.
pub(super) fn misplaced(ground: Ground<'_>, findings: &mut Findings) {
    for step in ground.steps.iter().filter(|step| !is_form(step, COMPLETE) && step.declaration.is_some()) {
        if let Some(mark) = &step.source.unauthenticated {
            let name = step.declaration.map_or("", |declaration| &declaration.name);
            let message = format!("{} has no key `unauthenticated`", quoted(name));
            let finding = Diagnostic::error(Code::UNKNOWN_KEY, mark.span, message);
            findings.push(finding.help("it is for `complete_journey`: write it there, or delete it"));
        }
    }
}

/// The states in which a journey may complete. What its own findings are about is left out: it will be mended there.
pub(super) fn completed(walk: &Walk<'_>, asks: bool) -> States {
    let mut states = States::default();
    for (spot, step) in walk.spots().filter(|(_, step)| is_form(step, COMPLETE)) {
        if !asks || is_marked(step) || lacks(Known::of(spot.state)).is_none() {
            states.add(States::one(spot.state));
        }
    }
    states
}

fn is_marked(step: &Typed<'_>) -> bool {
    step.source.unauthenticated.as_ref().is_some_and(|mark| mark.value)
}

fn finding(code: Code, step: &Typed<'_>) -> Diagnostic {
    let id = quoted(&step.source.id.value);
    let (message, help) = if code == Code::AFTER_FAILURE {
        (
            format!("a way leads from a failed verification to {id}"),
            "lead the failure to `reject_access`, or to another verification",
        )
    } else if code == Code::USER_CHANGED {
        (
            format!("on a way to {id}, the user may change after the verification"),
            "verify the user after the step that names one, or ask with `is_user_authenticated`",
        )
    } else {
        (
            format!("a way leads to {id} without a verification"),
            "lead it through the verification, or mark this step `unauthenticated: true`",
        )
    };
    Diagnostic::error(code, step.source.id.span, message).help(help)
}
