//! The words of the command line come in; typed arguments go out. Its comments are the help texts.

mod audit;
mod authoring;
mod client;
mod code;
mod demo;
mod dev;
mod journey;
mod key;
mod place;
mod serve;
mod user;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

pub(crate) use self::audit::{Audit, AuditShow, AuditVerify};
pub(crate) use self::authoring::{
    Assignment, Check, Drawing, Eval, Explain, Fmt, Graph, New, Page, Report, Run, Schema, Steps,
};
pub(crate) use self::client::{Client, ListClients, NamedClient, NewClient};
pub(crate) use self::code::{Code, Issue, Reasoned};
pub(crate) use self::demo::Demo;
pub(crate) use self::dev::Dev;
pub(crate) use self::journey::{DeployJourneys, Journey, ListJourneys, Trial, Versioned};
pub(crate) use self::key::{Key, KeyPurpose, ListKeys, RetireKey, RotateKeys};
pub(crate) use self::place::{Catalogs, Formatted, Place, Store};
pub(crate) use self::serve::Serve;
pub(crate) use self::user::{Field, IdentifierType, Named, NewUser, User, UserUpdate, Who};

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

    /// The collector that gets traces by OTLP, such as `http://127.0.0.1:4318`
    #[cfg(feature = "otel")]
    #[arg(long, global = true, env = "OTEL_EXPORTER_OTLP_ENDPOINT", hide = true)]
    pub(crate) otlp: Option<String>,
}

const FIRST_STEPS: &str = "\
First steps:
  wayfarer demo                    see account recovery with a temporary code, live
  wayfarer new my_journey          write a journey to start from
  wayfarer dev                     serve your journeys while you write them
  wayfarer check journeys          find every mistake in every journey

Exit codes: 0 all is well; 1 findings, or a rejected run; 2 wrong usage, a failed run, or a failure.";

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Play account recovery with a temporary code over HTTP, live, on a store that is thrown away
    #[command(after_help = "Examples:\n  wayfarer demo\n  wayfarer demo --keep")]
    Demo(Demo),
    /// Find every mistake in journey files
    #[command(after_help = "\
Examples:
  wayfarer check journeys
  wayfarer check journeys --fix
  wayfarer check journeys --format sarif > findings.sarif")]
    Check(Check),
    /// Lay out journey files in the one canonical way; comments are kept
    #[command(after_help = "\
Examples:
  wayfarer fmt journeys
  wayfarer fmt --check journeys
  wayfarer fmt - < journeys/login.yaml")]
    Fmt(Fmt),
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
    #[command(after_help = "\
Examples:
  wayfarer graph journeys/temp_code_auth_journey.yaml
  wayfarer graph journeys/temp_code_auth_journey.yaml --format svg > journey.svg
  wayfarer graph journeys/temp_code_auth_journey.yaml --format dot | dot -Tpdf > journey.pdf

A journey whose ways prove too little is drawn with those ways marked.")]
    Graph(Graph),
    /// Explain a finding, a step or a function
    #[command(after_help = "\
Examples:
  wayfarer explain J0301
  wayfarer explain temp_code_authentication
  wayfarer explain @std.map")]
    Explain(Explain),
    /// List what may stand after `type:`
    #[command(after_help = "Examples:\n  wayfarer steps\n  wayfarer steps --format json > catalog.json")]
    Steps(Steps),
    /// Evaluate one expression: its value, its type, and what it costs
    #[command(after_help = "\
Examples:
  wayfarer eval '1 + 2 * 3'
  wayfarer eval '@policy.request().params.amount > limit' --scope scope.yaml
  wayfarer eval - --scope scope.json --format json < expression.txt

A scope file holds variables by name, and start parameters under `@params`; docs/language tells the rest.")]
    Eval(Eval),
    /// Print the JSON Schema of journey files, by which editors complete, explain and check
    #[command(after_help = "\
Examples:
  wayfarer schema > journey.schema.json
  wayfarer schema --catalog catalog.json > journey.schema.json

The first line of a journey names it:
  # yaml-language-server: $schema=../journey.schema.json")]
    Schema(Schema),
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
    /// Serve journeys while they are written: as `serve`, with a support desk, a page and a user to try them
    #[command(after_help = "\
Example:
  wayfarer dev

A file that changes is checked and goes live; while it has mistakes, they are shown and its last good version serves.")]
    Dev(Dev),
    /// Serve journeys over HTTP until SIGTERM or SIGINT
    #[command(after_help = "\
Example:
  wayfarer serve --journeys journeys --issuer https://id.example.com

While it runs, it holds the store; `wayfarer client`, `code`, `user` and `audit` then go to it.")]
    Serve(Serve),
    /// Look after the versions of journeys: which are live, tried, rolled back
    #[command(subcommand, after_help = "Examples:\n  wayfarer journey list\n  wayfarer journey rollback recovery")]
    Journey(Journey),
    /// Print the OpenAPI document of what the server offers
    #[command(after_help = "Example:\n  wayfarer openapi > openapi.json")]
    Openapi,
    /// Look after the keys: what bears them, rotate them, retire them
    #[command(subcommand, after_help = "Examples:\n  wayfarer key list\n  wayfarer key rotate sign")]
    Key(Key),
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

impl Verb {
    /// Whether a machine reads the output, errors included.
    pub(crate) fn wants_json(&self) -> bool {
        let format = match self {
            Self::Demo(_) | Self::New(_) => Format::Human,
            Self::Check(Check { format: Report::Json, .. })
            | Self::Explain(Explain { format: Page::Json, .. })
            | Self::Graph(Graph { format: Drawing::Json, .. }) => Format::Json,
            Self::Check(_) | Self::Explain(_) | Self::Graph(_) => Format::Human,
            Self::Fmt(fmt) => fmt.format.format,
            Self::Openapi | Self::Schema(_) => Format::Json,
            Self::Steps(steps) => steps.format.format,
            Self::Eval(eval) => eval.format.format,
            Self::Run(run) => run.place.format.format,
            Self::User(User::Add(user)) => user.place.format.format,
            Self::User(User::Update(user)) => user.place.format.format,
            Self::User(User::Show(user) | User::Disable(user) | User::Enable(user) | User::Delete(user))
            | Self::Code(Code::Revoke(user)) => user.place.format.format,
            Self::Code(Code::Issue(code)) => code.place.format.format,
            Self::Code(Code::Unlock(code) | Code::Enable(code)) => code.place.format.format,
            Self::Client(Client::Add(client)) => client.place.format.format,
            Self::Client(Client::Rotate(client) | Client::Disable(client) | Client::Enable(client)) => {
                client.place.format.format
            }
            Self::Client(Client::List(clients)) => clients.place.format.format,
            Self::Dev(dev) => dev.serve.format.format,
            Self::Serve(serve) => serve.format.format,
            Self::Key(key) => key.place().format.format,
            Self::Journey(journey) => journey.place().format.format,
            Self::Audit(Audit::Show(audit)) => audit.place.format.format,
            Self::Audit(Audit::Verify(audit)) => audit.place.format.format,
        };
        format == Format::Json
    }
}

#[cfg(test)]
mod tests;
