//! The contract a step fulfils and the ports it may use: what comes in are evaluated parameters and events, what goes out is a [`Reply`].
//!
//! This is the crate that third parties compile against. It is small and slow to change; the built-in steps have no other door.

pub mod attempt;
mod context;
mod declare;
mod error;
mod event;
pub mod fact;
pub mod port;
mod prompt;
mod reply;
mod scope;
mod shape;
mod signal;
mod source;
mod step;
pub mod testing;
mod write;

pub use attempt::{Attempts, Claim, Journal, Proof, Refusal, Verdict};
pub use context::{Context, Remains, Services};
pub use declare::{ShapeError, declaration};
pub use error::{PortError, StepError};
pub use event::Event;
pub use fact::{Actor, Fact};
pub use prompt::{Choice, ChoiceKind, Prompt};
pub use reply::{AnyReply, Failure, RawOutput, Reply, Wait};
pub use scope::{Identifier, Method, Scope, Subject, Visit};
pub use shape::Shape;
pub use signal::Signal;
pub use source::Source;
pub use step::{AnyStep, Step};
pub use write::{Expected, Write};

pub use wayfarer_lang as lang;
pub use wayfarer_lang::catalog::{Catalog, Declaration, Outward};
pub use wayfarer_lang::{Secret, Value};

#[doc(hidden)]
pub use {async_trait::async_trait, jiff, schemars, serde, serde_json};
