//! What can go wrong in a step or a port. An author's mistake is never one of these: that is a finding.

use std::borrow::Cow;
use std::error::Error;

/// A port could not do its work. Nothing was changed, or it cannot be known whether it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PortError {
    /// The thing behind the port is away; the same call may succeed later.
    #[error("{port} is not available")]
    Unavailable {
        /// The port's name.
        port: &'static str,
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The host configured nothing behind this port.
    #[error("no {port} is configured")]
    NotConfigured {
        /// The port's name.
        port: &'static str,
    },
    /// The request itself was refused.
    #[error("{port} refused: {reason}")]
    Refused {
        /// The port's name.
        port: &'static str,
        /// Why, in words that hold no secret.
        reason: String,
    },
}

impl PortError {
    /// The thing behind `port` is away.
    pub fn unavailable(port: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable { port, source: source.into() }
    }
}

/// A step could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The step failed: its exit `failure` is taken if it is linked, else the run aborts.
    #[error("{message}")]
    Failed {
        /// A stable word that an author can branch on; it is put into `error_output`.
        code: Cow<'static, str>,
        /// One sentence without secrets.
        message: String,
    },
    /// A port failed. If it is only away, the run stays where it was and the same submit may come again.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl StepError {
    /// The step failed with a code that an author can branch on.
    pub fn failed(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::Failed { code: code.into(), message: message.into() }
    }
}
