//! A bundle, a run and the time come in; what is to be done next goes out, and what a result makes of the run. Pure: no
//! I/O, no clock, no chance, so that stopping after any commit and going on elsewhere leads to the same end.

mod apply;
mod form;
mod journey;
mod judge;

use std::borrow::Cow;

use jiff::Timestamp;
use wayfarer_lang::Value;
use wayfarer_lang::catalog::Outward;
use wayfarer_lang::expr::{EvalError, Roots, Scope};
use wayfarer_lang::program::{Node, Program, StepIndex, Work};
use wayfarer_step::attempt::Accepted;
use wayfarer_step::{Failure, Subject};

use crate::bundle::Bundle;
use crate::event::Wake;
use crate::limit::Limits;
use crate::run::{Activity, Calling, Frame, Moment, Run, WaitState};

pub use apply::apply;
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

/// What happened to a run.
#[derive(Clone, Debug)]
pub enum Applied {
    /// A step was entered that is to be called with these parameters.
    Entered {
        /// The evaluated parameters.
        params: Value,
    },
    /// The step of the present visit is about to act on the outside world.
    Announced,
    /// The visit waits.
    Waits {
        /// For what.
        wait: Box<WaitState>,
        /// A user that the step named without proof.
        named: Option<Subject>,
        /// What the client is to get with the next answer.
        provided: Option<Value>,
    },
    /// One of the wait's conditions came true.
    Woken(Wake),
    /// The visit is over.
    Left(Left),
    /// A step was entered that plays another journey.
    Invoked {
        /// The journey's place in the bundle.
        journey: u16,
        /// Its parameters, accepted, in the order of their declaration.
        parameters: Vec<Value>,
    },
    /// A sub-journey is over.
    Returned(Returned),
    /// A failed visit is to be followed by another now.
    Again,
    /// The run has ended.
    Ended(Ending),
}

/// The end of a visit.
#[derive(Clone, Debug)]
pub struct Left {
    /// By which way.
    pub way: Way,
    /// The value for `output`.
    pub output: Option<Value>,
    /// The value for `error_output`.
    pub failure: Option<Failure>,
    /// What a sub-journey that was refused handed out: a part of the value for `error_output`.
    pub refused: Option<Value>,
    /// Variables that the step sets by itself.
    pub assignments: Vec<(u16, Value)>,
    /// A user that the step named without proof.
    pub named: Option<Subject>,
    /// What the client is to get with the next answer.
    pub provided: Option<Value>,
    /// What the step proved.
    pub proven: Option<Box<Proven>>,
    /// Whether nobody can say what the step has done: it was cut, or its answer never came.
    pub in_doubt: bool,
}

/// Which way a visit is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By an exit.
    Exit(Cow<'static, str>),
    /// A loop, into its body.
    Body,
    /// It failed: by `failure` if that is linked, else the run aborts.
    Failed,
    /// It took too long: by `timeout`, else by `failure`, else the run aborts.
    TimedOut,
}

/// A proof that was found on the driver's own list, and what follows from it.
#[derive(Clone, Debug)]
pub struct Proven {
    /// Who, how and when.
    pub accepted: Accepted,
    /// What `@policy.userContext()` shows from now on.
    pub user: Value,
    /// What `@policy.userTokens()` shows from now on.
    pub tokens: Value,
    /// The tokens' claims.
    pub claims: Value,
}

/// The end of a sub-journey.
#[derive(Clone, Debug)]
pub struct Returned {
    /// How it came.
    pub way: Return,
    /// Tokens for what is proven again, in the place of those that were made void meanwhile.
    pub tokens: Option<Box<Fresh>>,
}

/// How a sub-journey ends. Only the first leaves a mark on whom the run speaks of.
#[derive(Clone, Debug)]
pub enum Return {
    /// It came to `complete_journey`, which handed out this.
    Completed(Option<Value>),
    /// It came to `reject_access`, which handed out this.
    Rejected(Option<Value>),
    /// The `timeout` of a step that invoked it, or a journey around it, is over.
    TimedOut {
        /// How many journeys are left.
        left: usize,
    },
}

/// Tokens that were signed anew.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// What `@policy.userTokens()` shows from now on.
    pub tokens: Value,
    /// The tokens' claims.
    pub claims: Value,
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// With success; only `complete_journey` gives it (law 1; R57).
    Completed {
        /// For the client; it holds no secret.
        data: Option<Value>,
    },
    /// With a refusal.
    Rejected {
        /// For the client; it holds no secret.
        data: Option<Value>,
    },
    /// Without an end that the author wrote.
    Failed {
        /// Why, for operators.
        code: Cow<'static, str>,
    },
}

impl Ending {
    pub(crate) fn failed(code: impl Into<Cow<'static, str>>) -> Self {
        Self::Failed { code: code.into() }
    }
}

impl Left {
    pub(crate) fn by(way: Way) -> Self {
        Self {
            way,
            output: None,
            failure: None,
            refused: None,
            assignments: Vec::new(),
            named: None,
            provided: None,
            proven: None,
            in_doubt: false,
        }
    }

    pub(crate) fn exit(name: &'static str) -> Self {
        Self::by(Way::Exit(Cow::Borrowed(name)))
    }

    pub(crate) fn failed(failure: Failure) -> Self {
        Self { failure: Some(failure), ..Self::by(Way::Failed) }
    }

    /// Whether no value comes into the run by it.
    pub(crate) const fn brings_nothing(&self) -> bool {
        self.output.is_none()
            && self.failure.is_none()
            && self.refused.is_none()
            && self.provided.is_none()
            && self.assignments.is_empty()
    }
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
    let roots = roots(run, inputs.now);
    let scope = Scope {
        parameters: &frame.parameters,
        parameter_names: program.parameter_names(),
        variables: &frame.variables,
        roots: &roots,
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

fn roots(run: &Run, now: Timestamp) -> Roots {
    Roots {
        user: run.identity.user.clone(),
        tokens: run.identity.tokens.clone(),
        authenticated: run.identity.is_proven(),
        now,
        ..Roots::default()
    }
}

/// An evaluation that failed fails its step: it is never a skipped check (R98).
fn unevaluated(error: &EvalError) -> Failure {
    Failure::new(error.code.word(), error.message.clone())
}

#[cfg(test)]
mod tests;
