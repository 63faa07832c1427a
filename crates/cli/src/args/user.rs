//! The words of `user`, and by which a user is named.

use clap::{Args, Subcommand, ValueEnum};

use super::Place;

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add a user
    #[command(after_help = "Example:\n  wayfarer user add --external-user-id user123 --email ann@example.com")]
    Add(NewUser),
    /// Show a user
    #[command(after_help = "Example:\n  wayfarer user show --identifier user123")]
    Show(Named),
    /// Let a user sign in no more
    #[command(after_help = "Example:\n  wayfarer user disable --identifier user123")]
    Disable(Named),
    /// Let a disabled user sign in again
    #[command(after_help = "Example:\n  wayfarer user enable --identifier user123")]
    Enable(Named),
    /// Change a user; what is not named stays
    #[command(after_help = "\
Examples:
  wayfarer user update --identifier user123 --email ann@example.org
  wayfarer user update --identifier user123 --remove phone_number")]
    Update(UserUpdate),
    /// Delete a user for good; the user id stays taken
    #[command(after_help = "Example:\n  wayfarer user delete --identifier user123")]
    Delete(Named),
}

#[derive(Debug, Args)]
pub(crate) struct NewUser {
    /// The id under which your application knows the user
    #[arg(long, value_name = "ID")]
    pub(crate) external_user_id: Option<String>,
    /// The user id [default: a new one]
    #[arg(long, value_name = "ID")]
    pub(crate) user_id: Option<String>,
    /// The mail address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,
    /// The phone number, with its country: +49…
    #[arg(long, value_name = "NUMBER")]
    pub(crate) phone_number: Option<String>,
    /// The user name
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// A user, by one of the identifiers.
#[derive(Debug, Args)]
pub(crate) struct Who {
    /// What the identifier is
    #[arg(long, value_enum, default_value_t, value_name = "TYPE")]
    pub(crate) identifier_type: IdentifierType,
    /// The identifier
    #[arg(long, value_name = "VALUE")]
    pub(crate) identifier: String,
}

#[derive(Debug, Args)]
pub(crate) struct Named {
    #[command(flatten)]
    pub(crate) who: Who,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// What an identifier is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum IdentifierType {
    UserId,
    #[default]
    ExternalUserId,
    Email,
    PhoneNumber,
    Username,
}

#[derive(Debug, Args)]
pub(crate) struct UserUpdate {
    #[command(flatten)]
    pub(crate) who: Who,
    /// Another id under which your application knows the user
    #[arg(long, value_name = "ID")]
    pub(crate) external_user_id: Option<String>,
    /// Another mail address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,
    /// Another phone number, with its country: +49…
    #[arg(long, value_name = "NUMBER")]
    pub(crate) phone_number: Option<String>,
    /// Another user name
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// Take a field away
    #[arg(long = "remove", value_enum, value_name = "FIELD")]
    pub(crate) removed: Vec<Field>,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// What can be taken away from a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Field {
    ExternalUserId,
    Email,
    PhoneNumber,
    Username,
    Name,
    CustomData,
}
