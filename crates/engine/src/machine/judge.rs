//! What a step answered and what the attempt service compared in its visit come in; what may be believed goes out.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use wayfarer_lang::Value;
use wayfarer_lang::program::{Node, Work};
use wayfarer_step::attempt::{Accepted, Compared};
use wayfarer_step::port::Comparison;
use wayfarer_step::{AnyReply, Failure, StepError, Wait};

use super::{Left, Way};
use crate::limit::Limits;
use crate::run::{Calling, WaitState};

/// What a call came to.
#[derive(Clone, Debug)]
pub enum Judged {
    /// The visit is over; with a proof if the step proved a user, which is to be settled before it counts.
    Left(Box<Left>, Option<Believed>),
    /// The visit waits.
    Waits(Box<WaitState>),
}

/// A proof that stands on the driver's own list.
#[derive(Clone, Debug)]
pub struct Believed {
    /// The ticket of the comparison.
    pub ticket: Uuid,
    /// Who, how and when.
    pub accepted: Accepted,
}

impl Judged {
    /// The call took too long and was cut.
    pub(crate) fn cut() -> Self {
        let failure = Some(Failure::new("timeout", "the step did not answer in time"));
        Self::Left(Box::new(Left { failure, ..Left::by(Way::TimedOut) }), None)
    }

    pub(crate) fn failed(failure: Failure) -> Self {
        Self::Left(Box::new(Left::failed(failure)), None)
    }
}

/// Judges the answer of a step.
///
/// The exit that a step declared as verifying is taken only with a proof whose ticket stands as right on the driver's own
/// list of this visit, for the declared method (law 3; R44). A proof on any other exit or step is worth nothing.
#[must_use]
pub fn judge(
    node: &Node,
    calling: &Calling,
    version: u32,
    answer: Result<AnyReply, StepError>,
    compared: &[Compared],
    now: Timestamp,
    limits: &Limits,
) -> Judged {
    match answer {
        Err(error) => Judged::failed(failure_of(error)),
        Ok(AnyReply::Wait(wait)) => waits(node, calling, version, wait, now, limits),
        Ok(AnyReply::Done { exit, output, failure, proof }) => {
            let believed = match verified_exit(node, &exit) {
                None => None,
                Some(method) => {
                    let ticket = proof.map(|proof| proof.ticket());
                    let listed = compared.iter().find(|entry| {
                        Some(entry.ticket.id) == ticket
                            && entry.how == Comparison::Right
                            && entry.ticket.method.as_str() == method
                    });
                    let Some(entry) = listed else {
                        return Judged::failed(Failure::new("unproven_success", "the step succeeded without a proof"));
                    };
                    let (subject, method) = (entry.ticket.subject.clone(), entry.ticket.method.clone());
                    Some(Believed { ticket: entry.ticket.id, accepted: Accepted { subject, method, at: now } })
                }
            };
            if gives(node, &exit) && output.as_ref().is_none_or(|output| matches!(output, Value::Null)) {
                return Judged::failed(Failure::new(
                    "missing_output",
                    "the step gave no output by an exit that promises one",
                ));
            }
            // Whoever reads `error_output` behind `failure` finds a reason there.
            let failure =
                failure.or_else(|| (exit == "failure").then(|| Failure::new("step_failed", "the step failed")));
            let left = Left { output, failure, ..Left::by(Way::Exit(exit)) };
            Judged::Left(Box::new(left), believed)
        }
    }
}

/// Whether the checker has promised the author that the output is there behind this exit.
fn gives(node: &Node, exit: &str) -> bool {
    matches!(&node.work, Work::Call { gives, .. } if gives.iter().any(|one| **one == *exit))
}

/// The method whose proof this exit needs.
fn verified_exit<'a>(node: &'a Node, exit: &str) -> Option<&'a str> {
    match &node.work {
        Work::Call { verifies: Some(verifies), .. } if *verifies.exit == *exit => Some(&verifies.method),
        _ => None,
    }
}

fn waits(node: &Node, calling: &Calling, version: u32, wait: Wait<Value>, now: Timestamp, limits: &Limits) -> Judged {
    let Wait { prompt, signals, until, state } = wait;
    if prompt.as_ref().is_some_and(|prompt| prompt.data.0.holds_secret()) {
        return Judged::failed(Failure::new("secret_in_prompt", "the prompt holds a secret, which is never sent"));
    }
    // A client may be shown what it only waits for.
    if prompt.as_ref().is_some_and(|prompt| prompt.choices.is_empty()) && signals.is_empty() && until.is_none() {
        return Judged::failed(Failure::new("empty_prompt", "the prompt offers nothing to choose"));
    }
    if prompt.is_none() && signals.is_empty() && until.is_none() {
        return Judged::failed(Failure::new("endless_wait", "the step waits for nothing"));
    }
    if calling.turns >= limits.turns {
        return Judged::failed(Failure::new("too_many_turns", "the step waits again and again"));
    }
    Judged::Waits(Box::new(WaitState {
        visit: calling.visit,
        entered_at: calling.entered_at,
        turns: calling.turns + 1,
        params: calling.params.clone(),
        version,
        state,
        prompt,
        signals,
        until,
        timeout_at: node.timeout.map(|timeout| later(calling.entered_at, timeout)),
        idle_at: later(now, limits.idle),
    }))
}

/// A moment that is `by` later, or the last one there is.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

fn failure_of(error: StepError) -> Failure {
    let message = error.to_string();
    let code = match error {
        StepError::Failed { code, .. } => code,
        StepError::Port(wayfarer_step::PortError::NotConfigured { .. }) => Cow::Borrowed("not_configured"),
        StepError::Port(wayfarer_step::PortError::Refused { .. }) => Cow::Borrowed("refused"),
        StepError::Port(_) => Cow::Borrowed("unavailable"),
        _ => Cow::Borrowed("step_failed"),
    };
    Failure { code, message }
}
