//! The words of the verbs that read journeys: `check`, `fmt`, `run`, `new`, `graph`, `explain`, `steps`, `eval`, `schema`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use wayfarer_lang::Secret;

use super::{Catalogs, Formatted, Place};

/// What makes `check` fail besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    Warnings,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Journey files, or folders of them
    #[arg(required = true, value_name = "FILE|DIR")]
    pub(crate) paths: Vec<PathBuf>,
    /// What makes it fail besides errors
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,
    /// Cure what can be cured for certain, in the files themselves, and check what is left
    #[arg(long)]
    pub(crate) fix: bool,
    /// For whom the findings are
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Report,
    #[command(flatten)]
    pub(crate) catalogs: Catalogs,
}

/// For whom findings are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    /// Drawn, with the place underlined
    #[default]
    Human,
    /// One object, for programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands, which GitHub Actions shows beside the lines
    Github,
}

#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Journey files, or folders of them; `-` is a journey on standard input, laid out on standard output
    #[arg(required = true, value_name = "FILE|DIR|-")]
    pub(crate) paths: Vec<PathBuf>,
    /// Change nothing; name the files that are not laid out so
    #[arg(long)]
    pub(crate) check: bool,
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
    /// A flowchart for Markdown, as GitHub and GitLab show it
    #[default]
    Mermaid,
    /// A digraph for Graphviz
    Dot,
    /// One object, for programs
    Json,
    /// A picture, which every browser shows
    Svg,
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
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Steps {
    #[command(flatten)]
    pub(crate) catalogs: Catalogs,
    #[command(flatten)]
    pub(crate) format: Formatted,
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The expression; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) expression: String,
    /// What surrounds it: a YAML or JSON file with the variables by name, start parameters under `@params`, the user under `@user`, and so on
    #[arg(long, value_name = "FILE")]
    pub(crate) scope: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) format: Formatted,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    #[command(flatten)]
    pub(crate) catalogs: Catalogs,
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
