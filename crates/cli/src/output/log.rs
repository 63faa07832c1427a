//! The wish for logs comes in; a subscriber that writes to stderr is set for the process, or none. With the feature `otel` it
//! also sends traces.

#[cfg(feature = "otel")]
mod otel;

use std::io::IsTerminal;

use anyhow::Result;
#[cfg(feature = "otel")]
use tracing::Level;
use tracing_subscriber::EnvFilter;
#[cfg(feature = "otel")]
use tracing_subscriber::filter::FilterFn;
#[cfg(not(feature = "otel"))]
use tracing_subscriber::layer::Identity;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::args::{Arguments, Color, Verb};

/// Starts logging if it was asked for, on the command line, in the environment or by the configuration. No secret is ever
/// logged, at any level (R114).
#[expect(clippy::disallowed_methods, reason = "logs go to stderr, and this is the rim")]
pub(crate) fn start(arguments: &Arguments, configured: Option<&str>) -> Result<Traced> {
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
    let color = match arguments.color {
        Color::Auto => std::io::stderr().is_terminal(),
        Color::Always => true,
        Color::Never => false,
    };
    let lines = (wanted != "off").then(|| {
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(color);
        lines.with_filter(EnvFilter::new(wanted))
    });
    let (traces, traced) = traces(arguments)?;
    if lines.is_some() || traced.is_some() {
        // A host that has set its own keeps it.
        drop(tracing_subscriber::registry().with(lines).with(traces).try_init());
    }
    Ok(traced)
}

/// What has to be held as long as there is something to trace.
#[cfg(feature = "otel")]
pub(crate) type Traced = Option<otel::Sender>;
#[cfg(not(feature = "otel"))]
pub(crate) type Traced = Option<std::convert::Infallible>;

/// The traces of requests, runs and steps, if a collector is named.
#[cfg(feature = "otel")]
fn traces<S>(arguments: &Arguments) -> Result<(Option<impl Layer<S> + use<S>>, Traced)>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    let Some(endpoint) = arguments.otlp.as_deref().filter(|endpoint| !endpoint.is_empty()) else {
        return Ok((None, None));
    };
    let (layer, sender) = otel::layer(endpoint)?;
    // What sends the traces must not be traced itself.
    let ours = FilterFn::new(|metadata| metadata.target().starts_with("wayfarer") && *metadata.level() <= Level::INFO);
    Ok((Some(layer.with_filter(ours)), Some(sender)))
}

#[cfg(not(feature = "otel"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
fn traces(_: &Arguments) -> Result<(Option<Identity>, Traced)> {
    Ok((None, None))
}
