//! What a caller gets: where the run stands, and the form in which an answer is kept for a request that comes again.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_lang::value::stored::Stored;
use wayfarer_lang::{Secret, Value};
use wayfarer_step::Prompt;

use crate::handle::Handle;
use crate::serial;

/// How far a run has come.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The run.
    pub run: Uuid,
    /// What it waits for, or how it ended.
    pub outcome: Outcome,
    /// What steps on the way had for the client; it holds no secret. A failed run has nothing.
    pub provided: Option<Value>,
    /// Whether a secret was not accepted on the way to this answer. A server that hides how long an answer took need do so
    /// only then (R39).
    pub refused: bool,
    /// The ids of the steps entered so far. For the host and administrators: a client could read the reason of a refusal
    /// from it (law 7).
    pub path: Vec<Arc<str>>,
}

/// What a run waits for, or how it ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The client is asked.
    Prompt {
        /// What answers it.
        handle: Handle,
        /// The id of the step that asks.
        step: Arc<str>,
        /// What is asked.
        prompt: Prompt,
        /// Until when.
        expires_at: Timestamp,
    },
    /// Something else than the client must happen first.
    Waiting {
        /// What reads the run's state later.
        handle: Handle,
        /// Until when.
        expires_at: Timestamp,
    },
    /// `complete_journey` was reached.
    Completed {
        /// What the author hands out.
        data: Option<Value>,
        /// The tokens, if a user was proven; their texts are secrets.
        tokens: Option<Value>,
        /// The tokens' claims, fit to be shown.
        claims: Option<Value>,
    },
    /// `reject_access` was reached.
    Rejected {
        /// What the author hands out.
        data: Option<Value>,
    },
    /// The run failed. To a client every failure is the same: `code` is for operators (law 7).
    Failed {
        /// Why.
        code: Cow<'static, str>,
    },
}

impl Outcome {
    /// One word for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Prompt { .. } => "prompt",
            Self::Waiting { .. } => "waiting",
            Self::Completed { .. } => "completed",
            Self::Rejected { .. } => "rejected",
            Self::Failed { .. } => "failed",
        }
    }

    /// The handle, while the run goes on.
    #[must_use]
    pub const fn handle(&self) -> Option<&Handle> {
        match self {
            Self::Prompt { handle, .. } | Self::Waiting { handle, .. } => Some(handle),
            _ => None,
        }
    }
}

/// An answer at rest. It is sealed, lives for a minute, and holds the secrets that the client may not have received.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredAnswer {
    run: Uuid,
    outcome: StoredOutcome,
    #[serde(with = "serial::option")]
    provided: Option<Value>,
    path: Vec<Arc<str>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum StoredOutcome {
    Prompt {
        handle: Stored<Secret<String>>,
        step: Arc<str>,
        prompt: Prompt,
        #[serde(with = "serial::time")]
        expires_at: Timestamp,
    },
    Waiting {
        handle: Stored<Secret<String>>,
        #[serde(with = "serial::time")]
        expires_at: Timestamp,
    },
    Completed {
        #[serde(with = "serial::option")]
        data: Option<Value>,
        #[serde(with = "serial::option")]
        tokens: Option<Value>,
        #[serde(with = "serial::option")]
        claims: Option<Value>,
    },
    Rejected {
        #[serde(with = "serial::option")]
        data: Option<Value>,
    },
    Failed {
        code: Cow<'static, str>,
    },
}

impl From<&Answer> for StoredAnswer {
    fn from(answer: &Answer) -> Self {
        let text = |handle: &Handle| Stored(Secret::new(handle.expose().to_owned()));
        let outcome = match answer.outcome.clone() {
            Outcome::Prompt { handle, step, prompt, expires_at } => {
                StoredOutcome::Prompt { handle: text(&handle), step, prompt, expires_at }
            }
            Outcome::Waiting { handle, expires_at } => StoredOutcome::Waiting { handle: text(&handle), expires_at },
            Outcome::Completed { data, tokens, claims } => StoredOutcome::Completed { data, tokens, claims },
            Outcome::Rejected { data } => StoredOutcome::Rejected { data },
            Outcome::Failed { code } => StoredOutcome::Failed { code },
        };
        Self { run: answer.run, outcome, provided: answer.provided.clone(), path: answer.path.clone() }
    }
}

impl From<StoredAnswer> for Answer {
    fn from(stored: StoredAnswer) -> Self {
        let outcome = match stored.outcome {
            StoredOutcome::Prompt { handle, step, prompt, expires_at } => {
                Outcome::Prompt { handle: Handle::stored(handle.0), step, prompt, expires_at }
            }
            StoredOutcome::Waiting { handle, expires_at } => {
                Outcome::Waiting { handle: Handle::stored(handle.0), expires_at }
            }
            StoredOutcome::Completed { data, tokens, claims } => Outcome::Completed { data, tokens, claims },
            StoredOutcome::Rejected { data } => Outcome::Rejected { data },
            StoredOutcome::Failed { code } => Outcome::Failed { code },
        };
        // What is at rest is read in one time, whatever it says.
        Self { run: stored.run, outcome, provided: stored.provided, refused: false, path: stored.path }
    }
}
