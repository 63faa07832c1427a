//! What has happened in runs and around them comes in; whoever measures it is told. No global state: the host passes the observer in.

use std::time::Duration;

use wayfarer_step::Fact;
use wayfarer_store::CommitEnd;

/// Is told what happens, in the midst of it: it must not wait, and cannot refuse. What it is told was written by authors and
/// operators, or is a word of ours, but for the subject of a fact and its details.
pub trait Observer: Send + Sync + 'static {
    /// A fact was committed.
    fn happened(&self, fact: &Fact) {
        let _ = fact;
    }

    /// A step was called.
    fn called(&self, call: &Observed<'_>) {
        let _ = call;
    }

    /// A batch of a run came to an end.
    fn committed(&self, end: CommitEnd) {
        let _ = end;
    }

    /// A commit to the store came to an end, whatever it was for.
    fn stored(&self, end: CommitEnd) {
        let _ = end;
    }
}

/// Tells nobody.
impl Observer for () {}

/// A call of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed<'a> {
    /// The journey in which the step stands.
    pub journey: &'a str,
    /// The step's type.
    pub step_type: &'a str,
    /// How the call ended.
    pub end: CallEnd,
    /// How long it took, by the store's time.
    pub took: Duration,
}

/// How the call of a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallEnd {
    /// It answered.
    Answered,
    /// It failed.
    Failed,
    /// It did not answer in time.
    Cut,
    /// It panicked (R121).
    Panicked,
}

impl CallEnd {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Cut => "cut",
            Self::Panicked => "panicked",
        }
    }
}
