//! A verb comes in; its command is performed; how it ended goes out.

mod check;
mod explain;
mod graph;
mod new;
mod steps;

use std::sync::Arc;

use anyhow::Result;
use wayfarer_step::AnyStep;

use crate::Ending;
use crate::args::{Arguments, Verb};
use crate::console::Console;

/// Performs the verb, with the host's steps beside the built-in ones.
pub(crate) fn perform(arguments: Arguments, further: Vec<Arc<dyn AnyStep>>, console: &mut Console) -> Result<Ending> {
    let mut steps = wayfarer_steps::all();
    steps.extend(further);
    match arguments.verb {
        Verb::Check(arguments) => check::perform(&arguments, &steps, console),
        Verb::New(arguments) => new::perform(&arguments, &steps, console),
        Verb::Graph(arguments) => graph::perform(&arguments, &steps, console),
        Verb::Explain(arguments) => explain::perform(&arguments, &steps, console),
        Verb::Steps(arguments) => steps::perform(&arguments, &steps, console),
        _ => Err(crate::failure::Failure::usage("not built yet").into()),
    }
}
