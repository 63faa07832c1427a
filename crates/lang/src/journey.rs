//! The tree of a journey file comes in; the journey as its author wrote it, every part with its place, goes out.
//!
//! This is the model that checker, formatter and editor share. It says nothing yet about meaning: a target is a name.

mod duration;
mod lower;
mod model;
mod types;
mod value;

pub use duration::parse as parse_duration;
pub use lower::lower;
pub(crate) use lower::{JOURNEY_ORDER, KINDS, MOST_RETRIES, REQUIRED, RETRY_KEYS, STEP_ORDER};
pub use model::{
    Journey, LinkSource, ParameterSource, RESERVED, Requirement, RetrySource, Routes, Spanned, StepSource,
    VariableSource, WithEntry, is_identifier, is_variable_name,
};
pub use types::{TYPE_KEYS, unknown_key, wrong_shape};
pub use value::FromValueError;

#[cfg(test)]
mod tests;
