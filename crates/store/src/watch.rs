//! The result of a commit comes in; whoever watches is told in a word how it ended. What is done with that is not known here.

use std::sync::Arc;

use crate::error::CommitError;
use crate::store::Committed;

/// How a commit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommitEnd {
    /// All of it was written.
    Written,
    /// Another was faster.
    Conflict,
    /// The store failed.
    Failed,
}

impl CommitEnd {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Conflict => "conflict",
            Self::Failed => "failed",
        }
    }
}

/// Who is told of each commit, if anybody is.
#[derive(Clone, Default)]
pub(crate) struct Watch(Option<Arc<dyn Fn(CommitEnd) + Send + Sync>>);

impl Watch {
    pub(crate) fn new(told: impl Fn(CommitEnd) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(told)))
    }

    /// Tells how it ended, and hands it on.
    pub(crate) fn tell(&self, committed: Result<Committed, CommitError>) -> Result<Committed, CommitError> {
        if let Some(told) = &self.0 {
            told(match &committed {
                Ok(_) => CommitEnd::Written,
                Err(CommitError::Conflict { .. }) => CommitEnd::Conflict,
                Err(CommitError::Store(_)) => CommitEnd::Failed,
            });
        }
        committed
    }
}
