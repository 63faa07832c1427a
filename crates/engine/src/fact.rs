//! What happened to a run comes in; facts for the audit trail go out. They name exits and reasons, never values (law 8).

use std::sync::Arc;

use wayfarer_step::{Fact, Scope};

use crate::machine::{Applied, Ending, Left, Return, Way};
use crate::run::Run;

/// A run began.
pub(crate) fn started(run: &Run, scope: &Scope) -> Fact {
    let digest = crate::bundle::BundleHash(run.bundle).to_string();
    let fact = about("journey.started", run, scope).detail("bundle", digest);
    match &run.client {
        Some(client) => fact.detail("client", &**client),
        None => fact,
    }
}

/// What a happening says to the audit trail, if it says anything.
pub(crate) fn of(run: &Run, scope: &Scope, step: Option<&Arc<str>>, applied: &Applied) -> Option<Fact> {
    let fact = match applied {
        Applied::Entered { .. } | Applied::Announced | Applied::Again => return None,
        Applied::Waits { .. } => about("journey.waiting", run, scope),
        Applied::Woken(_) => about("journey.resumed", run, scope),
        Applied::Invoked { .. } => about("journey.invoked", run, scope),
        Applied::Returned(returned) => about("journey.returned", run, scope).result(match returned.way {
            Return::Completed(_) => "completed",
            Return::Rejected(_) => "rejected",
            Return::TimedOut { .. } => "timeout",
        }),
        Applied::Left(left) => left_by(about("journey.step", run, scope), left),
        Applied::Ended(ending) => return Some(ended(run, scope, ending)),
    };
    Some(match step {
        Some(step) => fact.step(step),
        None => fact,
    })
}

fn left_by(fact: Fact, left: &Left) -> Fact {
    let fact = match &left.way {
        Way::Exit(exit) => fact.result(exit.clone()),
        Way::Body => fact.result("body"),
        Way::Failed => fact.result("failure"),
        Way::TimedOut => fact.result("timeout"),
    };
    let fact = match &left.proven {
        Some(proven) => {
            let accepted = &proven.accepted;
            fact.subject(accepted.subject.user_id.clone()).detail("method", accepted.method.as_str())
        }
        None => fact,
    };
    match &left.failure {
        Some(failure) => fact.reason(format!("{}: {}", failure.code, failure.message)),
        None => fact,
    }
}

fn ended(run: &Run, scope: &Scope, ending: &Ending) -> Fact {
    match ending {
        Ending::Completed { .. } => about("journey.completed", run, scope),
        Ending::Rejected { .. } => about("journey.rejected", run, scope),
        Ending::Failed { code } => about("journey.failed", run, scope).reason(code.clone().into_owned()),
    }
}

fn about(name: &'static str, run: &Run, scope: &Scope) -> Fact {
    let fact = Fact::new(name, run.actor.clone()).within(scope);
    match &run.identity.subject {
        Some(subject) => fact.subject(subject.user_id.clone()),
        None => fact,
    }
}
