//! The words of the command line come in; typed arguments go out. Its comments are the help texts.

mod client;
mod journey;
mod serve;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use wayfarer_lang::Secret;

pub(crate) use self::client::{Client, ListClients, NamedClient, NewClient};
pub(crate) use self::journey::{DeployJourneys, Journey, ListJourneys};
pub(crate) use self::serve::Serve;

/// Identity journeys as code: check them, run them, look after their users.
#[derive(Debug, Parser)]
#[command(name = "wayfarer", version, disable_help_subcommand = true, after_help = FIRST_STEPS)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,

    /// Colour in the output; `auto` is where a terminal reads, unless NO_COLOR is set
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,

    /// Say more about what happens; twice for details
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// What to log on stderr, such as `wayfarer_engine=trace`
    #[arg(long, global = true, env = "WAYFARER_LOG", hide = true)]
    pub(crate) log: Option<String>,
}

const FIRST_STEPS: &str = "\
First steps:
  wayfarer demo                    see account recovery with a temporary code, live
  wayfarer new my_journey          write a journey to start from
  wayfarer check journeys          find every mistake in every journey

Exit codes: 0 all is well; 1 findings, or a rejected run; 2 wrong usage, a failed run, or a failure.";

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Play account recovery with a temporary code, live, on a store that is thrown away
    #[command(after_help = "Example:\n  wayfarer demo")]
    Demo,
    /// Find every mistake in journey files
    #[command(after_help = "Examples:\n  wayfarer check journeys\n  wayfarer check journeys/login.yaml --format json")]
    Check(Check),
    /// Run one journey in the terminal
    #[command(after_help = "\
Examples:
  wayfarer run journeys/temp_code_auth_journey.yaml -p external_user_id=user123 -p temp_code=-
  echo 482913 | wayfarer run recovery.yaml -p external_user_id=user123 -p temp_code=- --format json")]
    Run(Run),
    /// Write a journey to start from
    #[command(after_help = "Example:\n  wayfarer new account_recovery --dir journeys")]
    New(New),
    /// Draw a journey
    #[command(after_help = "Example:\n  wayfarer graph journeys/temp_code_auth_journey.yaml")]
    Graph(Graph),
    /// Explain a finding, a step or a function
    #[command(after_help = "\
Examples:
  wayfarer explain J0301
  wayfarer explain temp_code_authentication
  wayfarer explain strings.length")]
    Explain(Explain),
    /// List what may stand after `type:`
    #[command(after_help = "Examples:\n  wayfarer steps\n  wayfarer steps --format json > catalog.json")]
    Steps(Steps),
    /// Look after users
    #[command(
        subcommand,
        after_help = "Example:\n  wayfarer user add --external-user-id user123 --email ann@example.com"
    )]
    User(User),
    /// Issue temporary access codes, and take them back
    #[command(
        subcommand,
        after_help = "Example:\n  wayfarer code issue --identifier-type external_user_id --identifier user123 --expires-in 600"
    )]
    Code(Code),
    /// Look after the programs that may call the server
    #[command(subcommand, after_help = "Example:\n  wayfarer client add support --scope otp:direct --scope users:read")]
    Client(Client),
    /// Serve journeys over HTTP until SIGTERM or SIGINT
    #[command(after_help = "\
Example:
  wayfarer serve --journeys journeys --issuer https://id.example.com

While it runs, it holds the store: add clients before.")]
    Serve(Serve),
    /// Look after the versions of journeys: which are live, tried, rolled back
    #[command(subcommand, after_help = "Examples:\n  wayfarer journey list\n  wayfarer journey rollback recovery")]
    Journey(Journey),
    /// Print the OpenAPI document of what the server offers
    #[command(after_help = "Example:\n  wayfarer openapi > openapi.json")]
    Openapi,
    /// Read the audit trail, and prove that it is whole
    #[command(subcommand, after_help = "Examples:\n  wayfarer audit show --limit 20\n  wayfarer audit verify")]
    Audit(Audit),
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// For whom the output is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Human,
    Json,
}

/// What makes `check` fail besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    Warnings,
}

/// Steps beyond those that this program holds.
#[derive(Debug, Default, Args)]
pub(crate) struct Catalogs {
    /// Know the steps of a catalogue file too, as `steps --format json` writes it
    #[arg(long = "catalog", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Which store, and with which keys.
#[derive(Debug, Args)]
pub(crate) struct Store {
    /// The folder that holds the state
    #[arg(long, default_value = ".wayfarer", value_name = "DIR")]
    pub(crate) data: PathBuf,

    /// The key file [default: DIR.keys, beside the folder]
    #[arg(long, env = "WAYFARER_KEYS", value_name = "FILE", hide_env_values = true)]
    pub(crate) keys: Option<PathBuf>,
}

/// Which store, whose keys, and who asks.
#[derive(Debug, Args)]
pub(crate) struct Place {
    #[command(flatten)]
    pub(crate) store: Store,

    /// Who acts, for the audit trail
    #[arg(long = "as", env = "USER", default_value = "operator", value_name = "NAME", hide_env_values = true)]
    pub(crate) actor: String,

    #[command(flatten)]
    pub(crate) format: Formatted,
}

/// For whom the output is.
#[derive(Debug, Args)]
pub(crate) struct Formatted {
    /// For whom the output is
    #[arg(long = "format", value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Journey files, or folders of them
    #[arg(required = true, value_name = "FILE|DIR")]
    pub(crate) paths: Vec<PathBuf>,
    /// What makes it fail besides errors
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,
    #[command(flatten)]
    pub(crate) catalogs: Catalogs,
    #[command(flatten)]
    pub(crate) format: Formatted,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The journey file
    pub(crate) file: PathBuf,
    /// A start parameter; `name=-` asks for it, hidden if it is a secret, or reads a line of standard input
    #[arg(short, long = "param", value_name = "NAME=VALUE")]
    pub(crate) params: Vec<Assignment>,
    /// Answers to what client steps ask, played in order: a YAML or JSON file with a list of `{ step, option, data }` under `answers:`
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
    /// The application whose settings apply
    #[arg(long, default_value = "default", value_name = "ID")]
    pub(crate) application: String,
    /// Print the tokens themselves, not only what they say
    #[arg(long)]
    pub(crate) show_tokens: bool,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The journey's id
    pub(crate) name: String,
    /// The folder to write to
    #[arg(long, default_value = "journeys", value_name = "DIR")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Graph {
    /// The journey file
    pub(crate) file: PathBuf,
    /// The language of the drawing
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Drawing,
    #[command(flatten)]
    pub(crate) catalogs: Catalogs,
}

/// The language of a drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Drawing {
    #[default]
    Mermaid,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A finding's code, a step type, or a function; without it, all that there is
    pub(crate) name: Option<String>,
    /// For whom the page is
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Page,
    #[command(flatten)]
    pub(crate) catalogs: Catalogs,
}

/// For whom a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Page {
    #[default]
    Human,
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct Steps {
    #[command(flatten)]
    pub(crate) catalogs: Catalogs,
    #[command(flatten)]
    pub(crate) format: Formatted,
}

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

/// `name=value`; the value may be a secret, so nothing here prints it.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    /// What stands before the first `=`; none if there is no `=`.
    pub(crate) name: Option<String>,
    /// What stands behind it.
    pub(crate) value: Secret<String>,
}

/// Never fails: the parser's own error would show the text, and a lone word may well be the code.
impl From<&str> for Assignment {
    fn from(text: &str) -> Self {
        match text.split_once('=') {
            Some((name, value)) => Self { name: Some(name.to_owned()), value: Secret::new(value.to_owned()) },
            None => Self { name: None, value: Secret::new(text.to_owned()) },
        }
    }
}

impl Verb {
    /// Whether a machine reads the output, errors included.
    pub(crate) fn wants_json(&self) -> bool {
        let format = match self {
            Self::Demo | Self::New(_) | Self::Graph(_) | Self::Explain(_) => Format::Human,
            Self::Openapi => Format::Json,
            Self::Check(check) => check.format.format,
            Self::Steps(steps) => steps.format.format,
            Self::Run(run) => run.place.format.format,
            Self::User(User::Add(user)) => user.place.format.format,
            Self::User(User::Show(user) | User::Disable(user) | User::Enable(user))
            | Self::Code(Code::Revoke(user)) => user.place.format.format,
            Self::Code(Code::Issue(code)) => code.place.format.format,
            Self::Code(Code::Unlock(code) | Code::Enable(code)) => code.place.format.format,
            Self::Client(Client::Add(client)) => client.place.format.format,
            Self::Client(Client::Rotate(client) | Client::Disable(client) | Client::Enable(client)) => {
                client.place.format.format
            }
            Self::Client(Client::List(clients)) => clients.place.format.format,
            Self::Serve(serve) => serve.format.format,
            Self::Journey(journey) => journey.place().format.format,
            Self::Audit(Audit::Show(audit)) => audit.place.format.format,
            Self::Audit(Audit::Verify(audit)) => audit.place.format.format,
        };
        format == Format::Json
    }
}

#[cfg(test)]
mod tests;
