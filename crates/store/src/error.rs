//! What can go wrong between a caller and the bytes on disk: one error each, with its cause.

use std::{error::Error, io, path::PathBuf, sync::Arc};

use crate::{
    keys::{KeyId, Purpose},
    record::Key,
};

/// A store could not do what was asked.
///
/// Cheap to clone, because one failed disk write is told to every batch that waited for it.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process, or another handle in this one, has the file open.
    #[error("the store `{}` is held by another process", path.display())]
    Held {
        /// The store's file.
        path: PathBuf,
    },
    /// The file is not a store of ours.
    #[error("`{}` is not a wayfarer store", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a version with another format.
    #[error("the store `{}` has format {found}, but this version reads format {known}", path.display())]
    Format {
        /// The store's file.
        path: PathBuf,
        /// The number in the file.
        found: u32,
        /// The number that this version reads and writes.
        known: u32,
    },
    /// The bytes on disk contradict each other.
    #[error("the store is damaged: {what}")]
    Damaged {
        /// What was found.
        what: String,
    },
    /// The file could not be read or written.
    #[error("cannot use the store `{}`", path.display())]
    Io {
        /// The store's file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
    /// The storage below failed; what was not acknowledged may or may not have been kept.
    #[error("the storage failed")]
    Backend(#[source] Arc<dyn Error + Send + Sync>),
    /// The store's writer has ended; the store must be opened anew.
    #[error("the store is closed")]
    Closed,
    /// The caller's batch contradicts itself or is too large; nothing was written.
    #[error("the batch is refused: {reason}")]
    Refused {
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// The store was made with another key.
    #[error("this store was made with another key")]
    WrongKey,
    /// A sealed value does not open: it was altered, moved, put back, or sealed with a key that is gone.
    #[error("a sealed {what} of tenant `{tenant}` does not open: it was altered or moved, or its key is gone")]
    Sealed {
        /// The record's kind, or the log's name.
        what: String,
        /// Whose it is.
        tenant: String,
    },
    /// A cryptographic operation failed, which it does not on healthy input.
    #[error("cannot seal a value")]
    Seal,
}

impl StoreError {
    pub(crate) fn backend(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Backend(Arc::new(error))
    }

    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}

/// A batch was not committed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommitError {
    /// A condition did not hold; nothing of the batch was written.
    #[error("the {} record changed meanwhile", key.kind)]
    Conflict {
        /// The first key whose condition did not hold.
        key: Key,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keys could not be read, written or made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Somebody besides its owner can read or write the key file.
    #[error("the key file `{}` can be read or written by others (mode {mode:04o}); run `chmod 600` on it", path.display())]
    Exposed {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file is not one of ours, or incomplete.
    #[error("the key file `{}` is malformed: {reason}", path.display())]
    Malformed {
        /// The key file.
        path: PathBuf,
        /// What is wrong; never a part of the content.
        reason: String,
    },
    /// The key file was written by a version with another format.
    #[error("the key file `{}` has format {found}, but this version reads format {known}", path.display())]
    Format {
        /// The key file.
        path: PathBuf,
        /// The number in the file.
        found: u32,
        /// The number that this version reads and writes.
        known: u32,
    },
    /// The key file could not be read or written.
    #[error("cannot use the key file `{}`", path.display())]
    Io {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Keys of this purpose stay for the life of a store.
    #[error("{purpose} keys cannot be rotated: every stored identifier is looked up by them")]
    Fixed {
        /// The purpose.
        purpose: Purpose,
    },
    /// A ring takes no further key of this purpose.
    #[error("there are too many {purpose} keys: retire those that nothing needs")]
    TooMany {
        /// The purpose.
        purpose: Purpose,
    },
    /// The keys are not in a file.
    #[error("the keys are not in a file: rotate them where they are kept")]
    NoFile,
    /// The keys are those of another store.
    #[error("these keys are of another store")]
    OtherStore,
    /// A key that stored data may bear is not among the keys.
    #[error("the {purpose} key {id} is missing: what bears it could not be read any more")]
    Missing {
        /// Which.
        id: KeyId,
        /// What it is for.
        purpose: Purpose,
    },
    /// The key cannot be taken out of the ring.
    #[error("the key is the active one, or not in the ring")]
    NotRetirable,
    /// The system gave no random bytes.
    #[error("cannot make keys: the system gives no random bytes")]
    Random,
}

/// A name breaks the rule for tenants, kinds or keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a tenant id: one to 64 of `A-Z a-z 0-9 _ -`")]
pub struct NameError {
    /// The name, cut to 64 characters, controls replaced.
    pub name: String,
}
