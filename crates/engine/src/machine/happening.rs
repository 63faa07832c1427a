//! What can happen to a run, as data: the driver and the machine make it, and only `apply` makes anything of it.

use std::borrow::Cow;

use wayfarer_lang::Value;
use wayfarer_step::attempt::Accepted;
use wayfarer_step::{Failure, Subject};

use crate::event::Wake;
use crate::run::WaitState;

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
