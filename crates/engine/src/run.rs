//! A run as data: where it stands, what it knows, who was proven. There is no hidden stack, so it can stop anywhere.

mod frame;
mod identity;
mod wait;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_lang::Value;
use wayfarer_lang::value::stored;
use wayfarer_step::Actor;

use crate::bundle::Bundle;
use crate::event::Wake;
use crate::serial;

pub use frame::{Caller, Frame};
pub use identity::Identity;
pub use wait::{Moment, WaitState};

/// One execution of a journey. Between two commits it exists only here; at rest it is sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// Names the run for ever (UUID v7, RFC 9562 section 5.7).
    pub id: Uuid,
    /// The application whose settings apply.
    pub application: Arc<str>,
    /// The client that started it.
    pub client: Option<Arc<str>>,
    /// Who started it, for the audit trail.
    pub actor: Actor,
    /// The id of the journey that was started.
    pub journey: Arc<str>,
    /// The bundle on which it began and will end (law 6).
    pub bundle: [u8; 32],
    /// Whether it goes on, and how it ended.
    pub status: Status,
    /// The journeys that are under way: the last one runs, each other waits for the one after it.
    pub frames: Vec<Frame>,
    /// What happens at the last frame's step.
    pub activity: Activity,
    /// Who the run speaks of, and what was proven of them.
    pub identity: Identity,
    /// The hash of the handle that may answer the present wait.
    pub handle: Option<[u8; 32]>,
    /// Whether the client has yet to read what it is asked: the present wait was reached without it.
    pub unseen: bool,
    /// What a step has for the client: it comes with the answer to the present wait, as often as that is read, and is
    /// dropped when the run goes on.
    #[serde(with = "serial::option")]
    pub provided: Option<Value>,
    /// The request whose answer is still owed.
    pub asked: Option<Asked>,
    /// Until when the node that works on the run has it to itself.
    #[serde(with = "serial::time_option")]
    pub lease: Option<Timestamp>,
    /// The ids of the steps entered so far, oldest first; those of a sub-journey behind that of the step that invoked it,
    /// as `caller/step`.
    pub path: Vec<Arc<str>>,
    /// How many steps were entered so far: the number of the newest visit.
    pub executions: u32,
    /// When it began.
    #[serde(with = "serial::time")]
    pub started_at: Timestamp,
    /// When it ends at the latest.
    #[serde(with = "serial::time")]
    pub expires_at: Timestamp,
}

/// Whether a run goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// A node works on it, or died at it.
    Running,
    /// It waits for an event.
    Waiting,
    /// It reached `complete_journey`.
    Completed,
    /// It reached `reject_access`.
    Rejected,
    /// It could not be brought to an end that the author wrote.
    Failed {
        /// Why, for operators. A client never sees it (law 7).
        code: Cow<'static, str>,
    },
}

impl Status {
    /// Whether nothing can change any more.
    #[must_use]
    pub const fn is_end(&self) -> bool {
        !matches!(self, Self::Running | Self::Waiting)
    }

    /// One word for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Failed { .. } => "failed",
        }
    }
}

/// What happens at the step where a run stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Activity {
    /// It is to be entered.
    Enter,
    /// A visit has begun and the step is to be called.
    Calling(Calling),
    /// A visit waits for an event.
    Waiting(WaitState),
    /// A failed visit is followed by another after a rest.
    Resting {
        /// When.
        #[serde(with = "serial::time")]
        until: Timestamp,
    },
    /// The run is to fail.
    Aborting {
        /// Why, for operators.
        code: Cow<'static, str>,
    },
    /// Nothing: the run has ended.
    Over,
}

/// A visit that has begun.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Calling {
    /// The visit's number in the run.
    pub visit: u32,
    /// The parameters, evaluated once (they may hold secrets).
    #[serde(with = "stored")]
    pub params: Value,
    /// When the visit began.
    #[serde(with = "serial::time")]
    pub entered_at: Timestamp,
    /// How often the visit has waited so far.
    pub turns: u32,
    /// What the visit waited for and what woke it; none: it has not waited yet.
    pub woken: Option<Woken>,
    /// Whether it was committed that the step is about to act on the world outside: after a crash it may have done so.
    pub announced: bool,
}

/// A wait that is over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Woken {
    /// The version of the step that left the state.
    pub version: u32,
    /// What the step wanted to know.
    #[serde(with = "stored")]
    pub state: Value,
    /// What woke it.
    pub event: Wake,
}

/// The request that a run owes an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The id of the record in which the answer will be kept.
    pub record: Vec<u8>,
    /// What distinguishes the request from another under the same handle or key; none: nobody asked, but whoever holds
    /// the handle may read the answer.
    pub body: Option<[u8; 32]>,
}

impl Run {
    /// A run that begins now, with the parameters of its journey, accepted and in the order of their declaration. It is
    /// nobody's yet, and in the application `default`. None if the bundle cannot be read.
    #[must_use]
    pub fn begin(
        id: Uuid,
        bundle: &Bundle,
        parameters: Vec<Value>,
        now: Timestamp,
        ends_at: Timestamp,
    ) -> Option<Self> {
        let program = bundle.program(0)?;
        Some(Self {
            id,
            application: Arc::from("default"),
            client: None,
            actor: Actor::system(),
            journey: program.id().clone(),
            bundle: bundle.hash().0,
            status: Status::Running,
            frames: vec![Frame::begin(0, program, parameters)],
            activity: Activity::Enter,
            identity: Identity::default(),
            handle: None,
            unseen: false,
            provided: None,
            asked: None,
            lease: None,
            path: Vec::new(),
            executions: 0,
            started_at: now,
            expires_at: ends_at,
        })
    }

    /// The journey that is under way.
    #[must_use]
    pub fn top(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// The bytes that its values take, roughly.
    #[must_use]
    pub fn size(&self) -> usize {
        let frame = |frame: &Frame| {
            let variables = frame.variables.iter().flatten().map(Value::size).sum::<usize>();
            variables + frame.parameters.iter().map(Value::size).sum::<usize>()
        };
        let activity = match &self.activity {
            Activity::Calling(calling) => {
                calling.params.size() + calling.woken.as_ref().map_or(0, |woken| woken.state.size())
            }
            Activity::Waiting(wait) => {
                wait.params.size()
                    + wait.state.size()
                    + wait.prompt.as_ref().map_or(0, |prompt| prompt.data.0.size())
                    + wait.signals.iter().map(|key| key.len()).sum::<usize>()
            }
            _ => 0,
        };
        self.frames.iter().map(frame).sum::<usize>() + activity + self.provided.as_ref().map_or(0, Value::size)
    }

    /// What a step has for the client, unless the client has read it with the present wait.
    #[must_use]
    pub fn undelivered(&self) -> Option<Value> {
        let read = self.status == Status::Waiting && !self.unseen;
        self.provided.clone().filter(|_| !read)
    }

    /// The wait, if the run waits.
    #[must_use]
    pub const fn wait(&self) -> Option<&WaitState> {
        match &self.activity {
            Activity::Waiting(wait) => Some(wait),
            _ => None,
        }
    }
}
