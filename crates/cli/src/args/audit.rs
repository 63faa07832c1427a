//! The words of `audit`.

use clap::{Args, Subcommand};

use super::Place;

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Show what happened, oldest first
    #[command(after_help = "Example:\n  wayfarer audit show --limit 20 --format json")]
    Show(AuditShow),
    /// Prove that nothing in the trail was changed, moved or cut
    #[command(after_help = "Example:\n  wayfarer audit verify")]
    Verify(AuditVerify),
}

#[derive(Debug, Args)]
pub(crate) struct AuditShow {
    /// Only about this user, by user id
    #[arg(long, value_name = "ID")]
    pub(crate) user_id: Option<String>,
    /// Only of this run
    #[arg(long, value_name = "ID")]
    pub(crate) run: Option<String>,
    /// Only this kind, such as `tempcode.issued`
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Only the last so many
    #[arg(long, default_value_t = 100, value_name = "COUNT")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct AuditVerify {
    #[command(flatten)]
    pub(crate) place: Place,
}
