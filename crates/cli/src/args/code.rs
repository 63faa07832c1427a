//! The words of `code`.

use clap::{Args, Subcommand};

use super::{Named, Place, Who};

#[derive(Debug, Subcommand)]
pub(crate) enum Code {
    /// Issue a code; an earlier one is no longer good
    #[command(after_help = "\
Example:
  wayfarer code issue --identifier-type external_user_id --identifier user123 --expires-in 600")]
    Issue(Issue),
    /// Lift the lock that too many wrong codes have set
    #[command(after_help = "Example:\n  wayfarer code unlock --identifier user123 --reason 'called back, ticket 4711'")]
    Unlock(Reasoned),
    /// Let a user have codes again after too many failures in a row
    #[command(after_help = "Example:\n  wayfarer code enable --identifier user123 --reason 'identity card seen'")]
    Enable(Reasoned),
    /// Take the live code back
    #[command(after_help = "Example:\n  wayfarer code revoke --identifier user123")]
    Revoke(Named),
}

#[derive(Debug, Args)]
pub(crate) struct Issue {
    #[command(flatten)]
    pub(crate) who: Who,
    /// How long the code is good, in seconds: 60 to 3600 [default: the application's, 300]
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) expires_in: Option<i64>,
    /// What proved who called, such as a case number, for the audit trail; the profile `hardened` asks for it
    #[arg(long, value_name = "TEXT")]
    pub(crate) evidence: Option<String>,
    /// The application that the code is for
    #[arg(long, default_value = "default", value_name = "ID")]
    pub(crate) application: String,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Reasoned {
    #[command(flatten)]
    pub(crate) who: Who,
    /// Why, for the audit trail
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) place: Place,
}
