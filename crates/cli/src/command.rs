//! A verb comes in; its command is performed; how it ended goes out.

mod audit;
mod check;
mod client;
mod code;
mod demo;
mod dev;
mod eval;
mod explain;
mod fmt;
mod graph;
mod journey;
mod key;
mod new;
mod openapi;
mod run;
mod schema;
mod serve;
mod steps;
pub(crate) mod user;

use anyhow::Result;

use crate::Ending;
use crate::args::{Arguments, Verb};
use crate::compose::Further;
use crate::console::Console;

/// Performs the verb, with the host's steps beside the built-in ones.
pub(crate) fn perform(arguments: Arguments, further: &Further, console: &mut Console) -> Result<Ending> {
    match arguments.verb {
        Verb::Demo(arguments) => demo::perform(&arguments, console),
        Verb::Check(arguments) => check::perform(&arguments, further, console),
        Verb::Fmt(arguments) => fmt::perform(&arguments, console),
        Verb::Run(arguments) => run::perform(&arguments, further, console),
        Verb::New(arguments) => new::perform(&arguments, console),
        Verb::Graph(arguments) => graph::perform(&arguments, further, console),
        Verb::Explain(arguments) => explain::perform(&arguments, further, console),
        Verb::Steps(arguments) => steps::perform(&arguments, further, console),
        Verb::Eval(arguments) => eval::perform(&arguments, console),
        Verb::Schema(arguments) => schema::perform(&arguments, further, console),
        Verb::User(arguments) => user::perform(&arguments, console),
        Verb::Code(arguments) => code::perform(&arguments, console),
        Verb::Client(arguments) => client::perform(&arguments, console),
        Verb::Dev(arguments) => dev::perform(&arguments, further, console),
        Verb::Serve(arguments) => serve::perform(&arguments, further, console),
        Verb::Journey(arguments) => journey::perform(&arguments, further, console),
        Verb::Openapi => openapi::perform(console),
        Verb::Key(arguments) => key::perform(&arguments, console),
        Verb::Audit(arguments) => audit::perform(&arguments, console),
    }
}
