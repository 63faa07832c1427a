//! What a caller of the engine can be told: one error, with a stable code and without secrets.

use std::error::Error;
use std::sync::Arc;

use wayfarer_lang::catalog::CatalogError;
use wayfarer_lang::diagnostic::Findings;
use wayfarer_lang::text::Source;
use wayfarer_lang::types::TypeError;
use wayfarer_step::{PortError, ShapeError};
use wayfarer_store::{NameError, StoreError};

/// A place in what a caller sent, and what is wrong there. It never holds the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The way to the place, as `address.lines[0]`; empty for the whole.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    /// The same problem, seen from the field `name` that holds the place.
    pub(crate) fn within(self, name: &str) -> Self {
        let path = match self.path.as_str() {
            "" => name.to_owned(),
            inner if inner.starts_with('[') => format!("{name}{inner}"),
            inner => format!("{name}.{inner}"),
        };
        Self { path, ..self }
    }
}

impl From<TypeError> for Problem {
    fn from(error: TypeError) -> Self {
        Self { path: error.path, message: error.message }
    }
}

/// A request to the engine was not carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// No such journey is loaded for the tenant, or it is none that a client starts.
    #[error("there is no journey `{journey}`")]
    UnknownJourney {
        /// The id that was asked for.
        journey: Arc<str>,
    },
    /// The start parameters do not fit the journey's declaration (R54).
    #[error("the start parameters do not fit: {}", list(problems))]
    InvalidParameters {
        /// What is wrong, at each place.
        problems: Vec<Problem>,
    },
    /// The handle is unknown, used, expired, or no handle: all the same to its holder (R55).
    #[error("the handle is not valid")]
    StaleHandle,
    /// The request was made before with another body, or is being worked on (law 5; R48).
    #[error("the request conflicts with one made before")]
    Conflict,
    /// The answer does not fit what was asked (R50). The handle remains good.
    #[error("the answer does not fit: {}", list(problems))]
    InvalidAnswer {
        /// What is wrong, at each place.
        problems: Vec<Problem>,
    },
    /// Something that is needed is away. The same request may be made again (R120).
    #[error("the service is not available")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The tenant's name is none.
    #[error(transparent)]
    Tenant(#[from] NameError),
    /// The engine itself is at fault.
    #[error("the engine failed")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl EngineError {
    /// The stable word for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownJourney { .. } => "unknown_journey",
            Self::InvalidParameters { .. } => "invalid_parameters",
            Self::StaleHandle => "stale_handle",
            Self::Conflict => "conflict",
            Self::InvalidAnswer { .. } => "invalid_answer",
            Self::Unavailable(_) => "unavailable",
            Self::Tenant(_) => "invalid_tenant",
            Self::Internal(_) => "internal",
        }
    }

    pub(crate) fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    pub(crate) fn invalid_answer(path: &str, message: &str) -> Self {
        Self::InvalidAnswer { problems: vec![Problem { path: path.to_owned(), message: message.to_owned() }] }
    }
}

impl From<StoreError> for EngineError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused { .. } | StoreError::Sealed { .. } | StoreError::Damaged { .. } => {
                Self::internal(error)
            }
            away => Self::Unavailable(away.into()),
        }
    }
}

impl From<PortError> for EngineError {
    fn from(error: PortError) -> Self {
        Self::Unavailable(error.into())
    }
}

fn list(problems: &[Problem]) -> String {
    let one = |Problem { path, message }: &Problem| {
        if path.is_empty() { message.clone() } else { format!("`{path}`: {message}") }
    };
    problems.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Journeys could not be loaded; those loaded before stay.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Journeys have mistakes.
    #[error("{} of the journeys cannot run", files.len())]
    Findings {
        /// Each such file with its findings.
        files: Vec<(Source, Findings)>,
    },
    /// The bundles could not be stored.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// A version of a journey was not made live or put on trial; what served before serves on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeployError {
    /// The journey was never deployed, or its file is gone.
    #[error("there is no deployed journey `{journey}`")]
    UnknownJourney {
        /// The id that was asked for.
        journey: Arc<str>,
    },
    /// The journey has no version of this number.
    #[error("there is no version {version}")]
    UnknownVersion {
        /// The number that was asked for.
        version: u32,
    },
    /// No other version was live before.
    #[error("no other version was live before")]
    NothingBefore,
    /// The version to be tried is the live one.
    #[error("version {version} is live already")]
    LiveAlready {
        /// Its number.
        version: u32,
    },
    /// The share of starts is none.
    #[error("a trial gets 1 to 99 of a hundred starts, and 0 ends it")]
    Percent,
    /// A caller does not know which version it gets, so both must take what it sends.
    #[error("version {version} takes other start parameters than the live one: make it live instead")]
    OtherParameters {
        /// The version on trial.
        version: u32,
    },
    /// The version's texts do not check any more with the steps of this program.
    #[error("version {version} cannot run with the steps of this program")]
    CannotRun {
        /// Its number.
        version: u32,
    },
    /// The store is away, or the engine at fault.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl DeployError {
    /// The stable word for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownJourney { .. } => "unknown_journey",
            Self::UnknownVersion { .. } => "unknown_version",
            Self::NothingBefore => "nothing_before",
            Self::LiveAlready { .. } => "live_already",
            Self::Percent => "invalid_percent",
            Self::OtherParameters { .. } => "other_parameters",
            Self::CannotRun { .. } => "cannot_run",
            Self::Engine(error) => error.code(),
        }
    }
}

impl From<StoreError> for DeployError {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

/// A step type could not be registered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The step's shape contradicts itself.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// The catalogue does not take it.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The name is that of a form or of another step.
    #[error("the step type `{name}` is registered twice or is a form of the language")]
    Taken {
        /// The name.
        name: Arc<str>,
    },
}
