//! A run as data: where it stands, what it knows, who was proven. There is no hidden stack, so it can stop anywhere.

mod wait;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_lang::Value;
use wayfarer_lang::program::{Node, Program, StepIndex, Work};
use wayfarer_lang::value::stored;
use wayfarer_step::attempt::Accepted;
use wayfarer_step::port::Grant;
use wayfarer_step::{Actor, Subject};

use crate::event::Wake;
use crate::serial;

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
    pub lease: Option<Timestamp>,
    /// The ids of the steps entered so far, oldest first.
    pub path: Vec<Arc<str>>,
    /// How many steps were entered so far: the number of the newest visit.
    pub executions: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends at the latest.
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

/// One journey that is under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frame {
    /// Its place in the bundle.
    pub journey: u16,
    /// The step that it stands at.
    pub step: u32,
    /// How often that step was tried again since it was reached.
    pub retries: u32,
    /// Visits so far, by step; in the body of a loop those of the present turn.
    pub visits: Vec<u32>,
    /// Turns so far since it was reached from outside, by loop.
    pub loops: Vec<u32>,
    /// The parameters, in the order of their declaration.
    #[serde(with = "serial::values")]
    pub parameters: Vec<Value>,
    /// The variables, by slot; none: not set yet.
    #[serde(with = "serial::slots")]
    pub variables: Vec<Option<Value>>,
}

impl Frame {
    /// A journey that begins.
    #[must_use]
    pub fn begin(journey: u16, program: &Program, parameters: Vec<Value>) -> Self {
        Self {
            journey,
            step: program.start().0,
            retries: 0,
            visits: vec![0; program.steps().len()],
            loops: vec![0; program.loops()],
            parameters,
            variables: program.initial_variables(),
        }
    }

    /// The turns that a loop has taken since it was reached from outside; a step that is no loop takes none.
    #[must_use]
    pub fn turns(&self, node: &Node) -> u32 {
        match node.work {
            Work::Loop { counter, .. } => self.loops.get(counter as usize).copied().unwrap_or_default(),
            _ => 0,
        }
    }

    /// Takes a loop's turn: its body may be visited anew. Gives where the body begins.
    pub(crate) fn turn(&mut self, node: &Node) -> Option<StepIndex> {
        let Work::Loop { counter, body, end, .. } = node.work else { return None };
        let turns = self.loops.get_mut(counter as usize)?;
        *turns = turns.saturating_add(1);
        self.visits.get_mut(body.0 as usize..end.0 as usize)?.fill(0);
        Some(body)
    }

    /// Goes to a step from outside: if it is a loop, its count begins anew.
    pub(crate) fn go(&mut self, program: &Program, step: StepIndex) {
        if let Some(Work::Loop { counter, .. }) = program.step(step).map(|node| &node.work)
            && let Some(turns) = self.loops.get_mut(*counter as usize)
        {
            *turns = 0;
        }
        self.step = step.0;
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

/// Who a run speaks of. It is built from proofs only, never from an author's text (law 3; R58).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Identity {
    /// The user, proven or named.
    pub subject: Option<Subject>,
    /// What was proven of that user in this run, oldest first.
    pub proofs: Vec<Accepted>,
    /// What `@policy.userContext()` shows.
    #[serde(with = "stored")]
    pub user: Value,
    /// What `@policy.userTokens()` shows.
    #[serde(with = "stored")]
    pub tokens: Value,
    /// The claims of the tokens, fit to be shown.
    #[serde(with = "stored")]
    pub claims: Value,
}

impl Identity {
    /// Turns to a user. Another one than before takes every proof away, and with it the tokens (R60).
    pub fn turn_to(&mut self, subject: Subject) {
        if self.subject.as_ref().is_some_and(|known| known.user_id != subject.user_id) {
            *self = Self::default();
        }
        self.subject = Some(subject);
    }

    /// Whether a step of this run has proven who the user is.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        !self.proofs.is_empty()
    }

    /// What tokens may say; none if nothing was proven.
    #[must_use]
    pub fn grant(&self) -> Option<Grant> {
        let newest = self.proofs.last()?;
        Some(Grant {
            subject: newest.subject.clone(),
            methods: self.proofs.iter().map(|proof| proof.method.clone()).collect(),
            authenticated_at: newest.at,
        })
    }
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
