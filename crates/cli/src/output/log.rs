//! The wish for logs comes in; a subscriber that writes to stderr is set for the process, or none.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::args::{Arguments, Color, Verb};

/// Starts logging if it was asked for, on the command line, in the environment or by the configuration. No secret is ever
/// logged, at any level (R114).
#[expect(clippy::disallowed_methods, reason = "logs go to stderr, and this is the rim")]
pub(crate) fn start(arguments: &Arguments, configured: Option<&str>) {
    let default = match arguments.verbose {
        0 if configured.is_some() => configured.unwrap_or_default(),
        // Nobody sits beside a server: what goes wrong there is told.
        0 if matches!(arguments.verb, Verb::Serve(_)) => "warn",
        // Somebody does: what the command itself tells is said once.
        0 if matches!(arguments.verb, Verb::Dev(_)) => "warn,wayfarer_cli=off",
        0 => "off",
        1 => "info",
        _ => "debug",
    };
    let wanted = arguments.log.as_deref().filter(|log| !log.is_empty()).unwrap_or(default);
    if wanted == "off" {
        return;
    }
    let color = match arguments.color {
        Color::Auto => std::io::stderr().is_terminal(),
        Color::Always => true,
        Color::Never => false,
    };
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(wanted))
        .with_writer(std::io::stderr)
        .with_ansi(color)
        .finish();
    // A host that has set its own keeps it.
    drop(tracing::subscriber::set_global_default(subscriber));
}
