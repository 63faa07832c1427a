//! A bundle, a run and the time come in; what is to be done next goes out, and what a result makes of the run. Pure: no
//! I/O, no clock, no chance, so that stopping after any commit and going on elsewhere leads to the same end.

mod apply;
mod form;
mod happening;
mod journey;
mod judge;

use jiff::Timestamp;
use wayfarer_lang::catalog::Outward;
use wayfarer_lang::expr::{Dice, EvalError, NamedKeys, Roots, Scope, Seed};
use wayfarer_lang::program::{Node, Program, StepIndex, Work};
use wayfarer_step::Failure;

use crate::bundle::Bundle;
use crate::event::Wake;
use crate::limit::Limits;
use crate::run::{Activity, Calling, Frame, Moment, Run};

pub use apply::apply;
pub use happening::{Applied, Ending, Fresh, Left, Proven, Return, Returned, Way};
pub(crate) use journey::forgotten;
pub(crate) use judge::later;
pub use judge::{Believed, Judged, judge};

/// What the machine may know of the world.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The store's time.
    pub now: Timestamp,
    /// The bounds of a run.
    pub limits: &'a Limits,
    /// What random numbers are made of. Another for each look at a run; without one, expressions that need it fail.
    pub seed: Option<Seed>,
    /// The keys that expressions may use by alias.
    pub keys: &'a dyn NamedKeys,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Next {
    /// Nothing outside the run: apply this and go on.
    Jump(Applied),
    /// Call a step.
    Call(Call),
    /// Wait for an event, until this moment at the latest.
    Wait {
        /// When time itself is an event.
        until: Timestamp,
    },
    /// End the run like this, if the tokens allow it.
    Finish(Ending),
    /// Nothing: the run has ended.
    Over,
}

/// A step to be called.
#[derive(Clone, Debug)]
pub struct Call {
    /// The step in the program of the last frame.
    pub step: StepIndex,
    /// The step type's version that the bundle was made with.
    pub version: u32,
    /// The visit, its parameters, and what woke it.
    pub calling: Calling,
    /// Whether it acts on the outside world.
    pub outward: Outward,
}

/// Decides what comes next.
#[must_use]
pub fn next(bundle: &Bundle, run: &Run, inputs: &Inputs<'_>) -> Next {
    if run.status.is_end() {
        return Next::Over;
    }
    if inputs.now >= run.expires_at {
        return Next::Finish(Ending::failed("expired"));
    }
    let Some(Place { program, frame, node }) = place(bundle, run) else {
        return Next::Finish(Ending::failed("run_not_readable"));
    };
    match &run.activity {
        Activity::Aborting { code } => Next::Finish(Ending::Failed { code: code.clone() }),
        Activity::Over => Next::Over,
        _ if let Some(left) = journey::timed_out(run, inputs.now) => {
            Next::Jump(Applied::Returned(Returned { way: Return::TimedOut { left }, tokens: None }))
        }
        Activity::Enter => enter(bundle, run, Place { program, frame, node }, inputs),
        Activity::Calling(calling) => call(frame, node, calling),
        Activity::Waiting(wait) => match wait.due(inputs.now) {
            None => Next::Wait { until: wait.deadline().0.min(journey::ends_by(run)) },
            Some(Moment::Wakes) => Next::Jump(Applied::Woken(Wake::Timeout)),
            Some(Moment::TimesOut) => {
                let failure = Some(Failure::new("timeout", "the step took longer than its `timeout`"));
                Next::Jump(Applied::Left(Left { failure, ..Left::by(Way::TimedOut) }))
            }
            Some(Moment::Expires) => Next::Finish(Ending::failed("expired")),
        },
        Activity::Resting { until } if inputs.now >= *until => Next::Jump(Applied::Again),
        Activity::Resting { until } => Next::Wait { until: (*until).min(journey::ends_by(run)) },
    }
}

/// Where a run stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    program: &'a Program,
    frame: &'a Frame,
    node: &'a Node,
}

fn place<'a>(bundle: &'a Bundle, run: &'a Run) -> Option<Place<'a>> {
    let (program, node) = code(bundle, run)?;
    Some(Place { program, frame: run.top()?, node })
}

/// What the bundle says of the place where a run stands.
fn code<'b>(bundle: &'b Bundle, run: &Run) -> Option<(&'b Program, &'b Node)> {
    let frame = run.top()?;
    let program = bundle.program(frame.journey)?;
    Some((program, program.step(StepIndex(frame.step))?))
}

/// The limits stand here, before any step is entered, whatever led to it (R59).
fn enter(bundle: &Bundle, run: &Run, place: Place<'_>, inputs: &Inputs<'_>) -> Next {
    let Place { program, frame, node } = place;
    if run.executions >= inputs.limits.executions {
        return Next::Finish(Ending::failed("too_many_steps"));
    }
    let visits = usize::try_from(frame.step).ok().and_then(|step| frame.visits.get(step)).copied().unwrap_or_default();
    // The turns of a loop have their own bound.
    if visits >= inputs.limits.visits && frame.turns(node) == 0 {
        return Next::Finish(Ending::failed("too_many_visits"));
    }
    if run.frames.len() > inputs.limits.depth {
        return Next::Finish(Ending::failed("too_deep"));
    }
    let dice = inputs.seed.map(Dice::new);
    let roots = roots(run, inputs, dice.as_ref());
    let scope = Scope {
        parameters: &frame.parameters,
        parameter_names: program.parameter_names(),
        variables: &frame.variables,
        roots,
    };
    form::enter(bundle, run, program, node, &scope)
}

fn call(frame: &Frame, node: &Node, calling: &Calling) -> Next {
    match &node.work {
        Work::Call { version, outward, .. } => Next::Call(Call {
            step: StepIndex(frame.step),
            version: *version,
            calling: calling.clone(),
            outward: *outward,
        }),
        _ => Next::Finish(Ending::failed("run_not_readable")),
    }
}

fn roots<'a>(run: &'a Run, inputs: &Inputs<'a>, dice: Option<&'a Dice>) -> Roots<'a> {
    Roots {
        user: &run.identity.user,
        tokens: &run.identity.tokens,
        authenticated: run.identity.is_proven(),
        now: inputs.now,
        dice,
        keys: inputs.keys,
        ..Roots::default()
    }
}

/// An evaluation that failed fails its step: it is never a skipped check (R98).
fn unevaluated(error: &EvalError) -> Failure {
    Failure::new(error.code.word(), error.message.clone())
}

#[cfg(test)]
mod tests;
