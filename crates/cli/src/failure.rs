//! An error of any crate comes in; a stable word for machines and a cure for people go out.

use std::error::Error;
use std::io;

use wayfarer_store::{KeyError, StoreError};

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
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return Some(failure.code);
    }
    if let Some(error) = error.downcast_ref::<StoreError>() {
        return Some(match error {
            StoreError::Held { .. } => "store_held",
            StoreError::Foreign { .. } => "store_foreign",
            StoreError::Format { .. } => "store_format",
            StoreError::WrongKey => "wrong_key",
            StoreError::Damaged { .. } | StoreError::Sealed { .. } => "store_damaged",
            _ => "store_failed",
        });
    }
    if let Some(error) = error.downcast_ref::<KeyError>() {
        return Some(match error {
            KeyError::Exposed { .. } => "key_file_exposed",
            KeyError::Malformed { .. } | KeyError::Format { .. } => "key_file_malformed",
            _ => "key_file_failed",
        });
    }
    None
}

/// What may cure it.
pub(crate) fn help(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|error| {
        if let Some(failure) = error.downcast_ref::<Failure>() {
            return failure.help.clone();
        }
        match error.downcast_ref::<StoreError>()? {
            StoreError::Held { .. } => Some("end the other command, or name another folder by `--data`".to_owned()),
            StoreError::WrongKey => {
                Some("give the key file that the store was made with, by `--keys` or `WAYFARER_KEYS`".to_owned())
            }
            _ => None,
        }
    })
}

/// Whether nobody reads our output any more: then there is nobody to tell.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
