//! The words of `client`.

use clap::{Args, Subcommand};

use super::Place;

#[derive(Debug, Subcommand)]
pub(crate) enum Client {
    /// Add a client; its secret is shown once
    #[command(after_help = "\
Examples:
  wayfarer client add support --scope otp:direct --scope users:read
  wayfarer client add web --public --scope journeys:run --origin https://app.example.com")]
    Add(NewClient),
    /// Give a client a new secret; the one before stays good until the next time
    #[command(after_help = "Example:\n  wayfarer client rotate support")]
    Rotate(NamedClient),
    /// Let a client call no more; its tokens are void at once
    #[command(after_help = "Example:\n  wayfarer client disable support")]
    Disable(NamedClient),
    /// Let a disabled client call again
    #[command(after_help = "Example:\n  wayfarer client enable support")]
    Enable(NamedClient),
    /// List the clients
    #[command(after_help = "Example:\n  wayfarer client list")]
    List(ListClients),
}

#[derive(Debug, Args)]
pub(crate) struct NewClient {
    /// The client id [default: a new one]
    #[arg(value_name = "CLIENT_ID")]
    pub(crate) client_id: Option<String>,
    /// What people call it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// What it may do, such as `journeys:run` or `otp:direct`; nothing is implied by another
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// A page's origin that may call on its behalf, as browsers write it; `http://localhost:*` for development
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub(crate) origins: Vec<String>,
    /// A journey that it may start [default: every journey]
    #[arg(long = "journey", value_name = "ID")]
    pub(crate) journeys: Vec<String>,
    /// What a page gets when a journey of a proven user completes: the `token`, a `code` for the backend, or `both`
    #[arg(long, default_value = "token", value_name = "WHAT")]
    pub(crate) completion: String,
    /// It runs in pages or apps and can keep no secret
    #[arg(long)]
    pub(crate) public: bool,
    /// The application that it belongs to
    #[arg(long, default_value = "default", value_name = "ID")]
    pub(crate) application: String,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct NamedClient {
    /// The client id
    #[arg(value_name = "CLIENT_ID")]
    pub(crate) client_id: String,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct ListClients {
    #[command(flatten)]
    pub(crate) place: Place,
}
