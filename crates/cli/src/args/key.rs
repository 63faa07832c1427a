//! The words of `key`.

use clap::{Args, Subcommand, ValueEnum};

use super::Place;

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// List the keys, what still bears each, and from when on it can be retired
    #[command(after_help = "Example:\n  wayfarer key list")]
    List(ListKeys),
    /// Make a new key, in use at once; the one before still opens what it has made
    #[command(after_help = "\
Examples:
  wayfarer key rotate sign
  wayfarer key rotate seal tag audit sign")]
    Rotate(RotateKeys),
    /// Take a key away that nothing needs any more
    #[command(after_help = "Example:\n  wayfarer key retire 1f0e6a52c9d34b78")]
    Retire(RetireKey),
}

#[derive(Debug, Args)]
pub(crate) struct ListKeys {
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct RotateKeys {
    /// What the keys are for
    #[arg(value_enum, required = true, value_name = "PURPOSE")]
    pub(crate) purposes: Vec<KeyPurpose>,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct RetireKey {
    /// The key's id, as `key list` shows it
    #[arg(value_name = "KEY")]
    pub(crate) key: String,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// What a key is for. Lookup keys are not among them: they stay for the life of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum KeyPurpose {
    /// Seals records and entries of the audit trail
    Seal,
    /// Tags codes and client secrets
    Tag,
    /// Seals segments of the audit trail
    Audit,
    /// Signs tokens
    Sign,
}

impl Key {
    /// Whose store, and for whom the output is.
    pub(crate) const fn place(&self) -> &Place {
        match self {
            Self::List(list) => &list.place,
            Self::Rotate(rotate) => &rotate.place,
            Self::Retire(retire) => &retire.place,
        }
    }
    /// The same, to be filled in.
    pub(crate) const fn place_mut(&mut self) -> &mut Place {
        match self {
            Self::List(list) => &mut list.place,
            Self::Rotate(rotate) => &mut rotate.place,
            Self::Retire(retire) => &mut retire.place,
        }
    }
}
