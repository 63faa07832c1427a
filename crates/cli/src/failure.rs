//! An error of any crate comes in; a stable word for machines and a cure for people go out.

use std::error::Error;
use std::io;

use wayfarer::OpenError;
use wayfarer::engine::{DeployError, EngineError};
use wayfarer::identity::IdentityError;
use wayfarer::store::{KeyError, StoreError};

/// Something that the command line itself refuses or cannot do.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    code: &'static str,
    message: String,
    help: Option<String>,
    #[source]
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    /// A failure with a stable code and one sentence.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, cause: None }
    }

    /// Wrong usage that the argument parser could not see.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new("usage", message)
    }

    /// The same with what caused it.
    pub(crate) fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The same with its cure, if there is one to offer.
    pub(crate) fn help(mut self, help: impl Into<Option<String>>) -> Self {
        self.help = help.into();
        self
    }
}

/// The stable word for machines: the innermost error that has one decides.
pub(crate) fn code(error: &anyhow::Error) -> &'static str {
    error.chain().filter_map(code_of).last().unwrap_or("failure")
}

fn code_of(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let failure = |failure: &Failure| failure.code;
    error
        .downcast_ref()
        .map(failure)
        .or_else(|| error.downcast_ref().map(EngineError::code))
        .or_else(|| error.downcast_ref().map(DeployError::code))
        .or_else(|| error.downcast_ref().map(identity_code))
        .or_else(|| error.downcast_ref().map(store_code))
        .or_else(|| error.downcast_ref().map(key_code))
        .or_else(|| opening(error).and_then(code_of))
}

/// What lies in an error of opening, which shows its content as its own.
fn opening<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref()? {
        OpenError::Store(error) => Some(error),
        OpenError::Keys(error) => Some(error),
        OpenError::Identity(error) => Some(error),
        _ => None,
    }
}

fn identity_code(error: &IdentityError) -> &'static str {
    match error {
        IdentityError::Store(error) => store_code(error),
        IdentityError::Keys(error) => key_code(error),
        other => other.code(),
    }
}

const fn store_code(error: &StoreError) -> &'static str {
    match error {
        StoreError::Held { .. } => "store_held",
        StoreError::Foreign { .. } => "store_foreign",
        StoreError::Format { .. } => "store_format",
        StoreError::WrongKey => "wrong_key",
        StoreError::Damaged { .. } | StoreError::Sealed { .. } => "store_damaged",
        _ => "store_failed",
    }
}

const fn key_code(error: &KeyError) -> &'static str {
    match error {
        KeyError::Exposed { .. } => "key_file_exposed",
        KeyError::NotRetirable => "key_not_retirable",
        KeyError::TooMany { .. } => "too_many_keys",
        KeyError::Missing { .. } | KeyError::OtherStore => "wrong_key",
        KeyError::Malformed { .. } | KeyError::Format { .. } => "key_file_malformed",
        _ => "key_file_failed",
    }
}

/// What may cure it.
pub(crate) fn help(error: &anyhow::Error) -> Option<String> {
    let own = error.chain().find_map(|error| error.downcast_ref::<Failure>()?.help.clone());
    own.or_else(|| {
        let cure = match code(error) {
            "store_held" => "end the other command, or name another folder by `--data`",
            "wrong_key" => "give the key file that the store was made with, by `--keys` or `WAYFARER_KEYS`",
            "unknown_user" => "`wayfarer user add` adds one",
            "method_disabled" => "`wayfarer code enable` lets the user have codes again",
            _ => return None,
        };
        Some(cure.to_owned())
    })
}

/// Whether nobody reads our output any more: then there is nobody to tell.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
