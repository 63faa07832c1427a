//! A wait with its wake conditions, of which exactly one wins.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wayfarer_lang::Value;
use wayfarer_lang::value::stored;
use wayfarer_step::Prompt;

use crate::serial;

/// What a visit waits for. It is dropped when the visit goes on (R51).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WaitState {
    /// The visit's number in the run.
    pub visit: u32,
    /// When the visit began.
    #[serde(with = "serial::time")]
    pub entered_at: Timestamp,
    /// How often the visit has waited, this time included.
    pub turns: u32,
    /// The step's parameters, evaluated on entering.
    #[serde(with = "stored")]
    pub params: Value,
    /// The version of the step that left `state`.
    pub version: u32,
    /// What the step wants to know when it wakes.
    #[serde(with = "stored")]
    pub state: Value,
    /// What the client is asked.
    pub prompt: Option<Prompt>,
    /// Keys under which others may speak.
    pub signals: Vec<Arc<str>>,
    /// The moment at which the step itself wants to go on.
    #[serde(with = "serial::time_option")]
    pub until: Option<Timestamp>,
    /// The moment at which the author's `timeout` ends the visit.
    #[serde(with = "serial::time_option")]
    pub timeout_at: Option<Timestamp>,
    /// The moment at which the run ends because nobody answered (R55).
    #[serde(with = "serial::time")]
    pub idle_at: Timestamp,
}

/// What a moment in time does to a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The step goes on by itself.
    Wakes,
    /// The author's `timeout` ends the visit.
    TimesOut,
    /// The run ends.
    Expires,
}

impl WaitState {
    /// The earliest moment at which time ends the wait, and how.
    #[must_use]
    pub fn deadline(&self) -> (Timestamp, Moment) {
        let moments = [
            self.until.map(|at| (at, Moment::Wakes)),
            self.timeout_at.map(|at| (at, Moment::TimesOut)),
            Some((self.idle_at, Moment::Expires)),
        ];
        let first = moments.into_iter().flatten().min_by_key(|(at, _)| *at);
        first.unwrap_or((self.idle_at, Moment::Expires))
    }

    /// What time has done to the wait by `now`.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Option<Moment> {
        let (at, moment) = self.deadline();
        (now >= at).then_some(moment)
    }
}
