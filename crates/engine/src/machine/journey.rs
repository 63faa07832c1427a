//! Journeys within journeys: one is invoked and its frame comes, it ends and its frame goes, and what it leaves behind.

use jiff::Timestamp;
use wayfarer_lang::Value;
use wayfarer_lang::expr::{Scope, Template};
use wayfarer_lang::program::{Node, ParameterDeclaration};
use wayfarer_step::Failure;

use super::apply::{abort, begin, leave};
use super::judge::later;
use super::{Applied, Inputs, Left, Return, Returned, Way, code, unevaluated};
use crate::bundle::Bundle;
use crate::run::{Activity, Caller, Frame, Identity, Run};

/// When a run ends at the latest, or one of its journeys does.
pub(super) fn ends_by(run: &Run) -> Timestamp {
    let bounds = run.frames.iter().filter_map(|frame| frame.caller.as_ref()?.timeout_at);
    bounds.fold(run.expires_at, Timestamp::min)
}

/// How many journeys are left once those are gone whose time is over; none if there is time for all. A wait that was over
/// before is the first to have its way: what a run comes to does not depend on when somebody looks at the clock.
pub(super) fn timed_out(run: &Run, now: Timestamp) -> Option<usize> {
    let bound = |(left, frame): (usize, &Frame)| Some((frame.caller.as_ref()?.timeout_at?, left));
    let (at, left) = run.frames.iter().enumerate().skip(1).filter_map(bound).min()?;
    let first = run.wait().is_none_or(|wait| at <= wait.deadline().0);
    (now >= at && first).then_some(left)
}

/// A step that invokes another journey is entered. None if the bundle does not hold what it names.
pub(super) fn enter(
    bundle: &Bundle,
    run: &Run,
    callee: u16,
    arguments: &[Option<Template>],
    scope: &Scope<'_>,
) -> Option<Result<Applied, Failure>> {
    let journey = bundle.callee(run.top()?.journey, callee)?;
    let declared = bundle.program(journey)?.parameters();
    if declared.len() != arguments.len() {
        return None;
    }
    let accept = |(parameter, argument): (&ParameterDeclaration, &Option<Template>)| {
        let given = argument.as_ref().map(|argument| argument.evaluate(scope)).transpose();
        match given.map_err(|error| unevaluated(&error))?.unwrap_or_default() {
            // What is null is not given.
            Value::Null if !parameter.required => Ok(parameter.default.clone().unwrap_or_default()),
            value => parameter.ty.accept(&value).map_err(|error| {
                Failure::new(
                    "wrong_type",
                    format!("the parameter `{}` does not take this value: {error}", parameter.name),
                )
            }),
        }
    };
    let parameters = declared.iter().zip(arguments).map(accept).collect::<Result<_, _>>();
    Some(parameters.map(|parameters| Applied::Invoked { journey, parameters }))
}

/// The journey begins, and the step that invoked it waits for its end.
pub(super) fn invoke(
    bundle: &Bundle,
    run: &mut Run,
    node: &Node,
    journey: u16,
    parameters: Vec<Value>,
    inputs: &Inputs<'_>,
) {
    begin(run, node);
    let Some((program, path)) = bundle.program(journey).zip(run.path.last().cloned()) else {
        return abort(run, "run_not_readable");
    };
    let timeout_at = node.timeout.map(|timeout| later(inputs.now, timeout));
    let caller = Caller { path, identity: run.identity.clone(), timeout_at };
    let frame = Frame::begin(journey, program, parameters);
    run.frames.push(Frame { caller: Some(Box::new(caller)), ..frame });
    run.activity = Activity::Enter;
}

/// Whom the run is to speak of again, if a journey that is given up has made that anything else.
pub(crate) fn forgotten<'r>(run: &'r Run, returned: &Returned) -> Option<&'r Identity> {
    let left = match returned.way {
        Return::Completed(_) => return None,
        Return::Rejected(_) => run.frames.len().checked_sub(1)?,
        Return::TimedOut { left } => left,
    };
    let before = &run.frames.get(left)?.caller.as_ref()?.identity;
    (!before.is_as_proven_as(&run.identity)).then_some(before)
}

/// Drops what has ended, and leaves the step that invoked it.
pub(super) fn come_back(bundle: &Bundle, run: &mut Run, returned: Returned, inputs: &Inputs<'_>) {
    let left = match returned.way {
        Return::Completed(_) | Return::Rejected(_) => {
            if let Some((_, node)) = code(bundle, run) {
                begin(run, node);
            }
            run.frames.len().saturating_sub(1)
        }
        Return::TimedOut { left } => left,
    };
    if left == 0 || left >= run.frames.len() {
        return abort(run, "out_of_order");
    }
    let mut gone = run.frames.split_off(left);
    let caller = gone.first_mut().and_then(|frame| frame.caller.take());
    let (Some(caller), Some((program, node))) = (caller, code(bundle, run)) else {
        return abort(run, "run_not_readable");
    };
    let Returned { way, tokens } = returned;
    if !matches!(way, Return::Completed(_)) {
        run.identity = caller.identity;
        if let Some(fresh) = tokens {
            run.identity.tokens = fresh.tokens;
            run.identity.claims = fresh.claims;
        }
    }
    let left = match way {
        Return::Completed(data) => Left { output: data, ..Left::exit("completed") },
        Return::Rejected(data) => Left {
            failure: Some(Failure::new("rejected", "the sub-journey was refused")),
            refused: Some(data.unwrap_or_default()),
            ..Left::exit("rejected")
        },
        Return::TimedOut { .. } => Left {
            failure: Some(Failure::new("timeout", "the sub-journey took longer than the step's `timeout`")),
            ..Left::by(Way::TimedOut)
        },
    };
    leave(run, program, node, left, inputs);
}
