//! Steps of a host and the words of a command line come in; data on stdout, talk on stderr and an exit code go out.
//!
//! A host with steps of its own ships its own `wayfarer`:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     wayfarer_cli::main(Vec::new()) // its steps, beside the built-in ones
//! }
//! ```

mod args;
mod command;
mod compose;
mod config;
mod console;
mod desk;
mod failure;
mod files;
mod http;
mod journey;
mod named_keys;
mod output;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use wayfarer::step::AnyStep;

use crate::args::{Arguments, Color};
use crate::config::Mistakes;
use crate::console::Console;

/// How a command ended, for the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// All is well.
    Good = 0,
    /// There are findings, or the run was rejected.
    Bad = 1,
    /// Wrong usage, a failed run, or a failure.
    Failed = 2,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending as u8)
    }
}

/// Runs the command line of this process, with `steps` beside the built-in ones.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "a host makes its steps for this one call")]
pub fn main(steps: Vec<Arc<dyn AnyStep>>) -> ExitCode {
    let mut arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(told) => {
            // A closed pipe is the only thing that can go wrong here, and then nobody reads.
            drop(told.print());
            return if told.use_stderr() { refused_words(&told) } else { Ending::Good }.into();
        }
    };
    let settled = arguments.verb.settle();
    let traced = output::log::start(&arguments, settled.as_ref().ok().and_then(|config| config.log.as_deref()));
    let mut console = Console::new(arguments.color);
    let json = arguments.verb.wants_json();
    // What has begun to send traces is held to the end of the command.
    match settled.and(traced).and_then(|_traced| command::perform(arguments, &steps, &mut console)) {
        Ok(ending) => ending.into(),
        Err(error) => {
            if let Some(mistakes) = error.downcast_ref::<Mistakes>() {
                drop(output::findings::mistakes(&mut console, &mistakes.text, &mistakes.findings, json));
                return Ending::Bad.into();
            }
            if !failure::is_closed_pipe(&error) {
                drop(output::failure::show(&mut console, &error, json));
            }
            Ending::Failed.into()
        }
    }
}

/// The words cannot be understood. A machine that would have read JSON gets it; the words themselves stay out of it, for
/// one of them may be a secret.
#[expect(clippy::disallowed_methods, reason = "the arguments are read here, at the rim")]
fn refused_words(told: &clap::Error) -> Ending {
    let words: Vec<_> = std::env::args_os().collect();
    let json = words.iter().any(|word| word == "--format=json")
        || words.windows(2).any(|pair| matches!(pair, [name, value] if name == "--format" && value == "json"));
    if json {
        let error = failure::Failure::usage(format!("wrong usage: {}", told.kind()));
        drop(Console::new(Color::Never).print_json(&output::failure::report(&error.into())));
    }
    Ending::Failed
}
