//! The schemas of texts in one form: ids, names of variables, targets, durations.

use serde_json::{Value as Json, json};

use crate::journey::RESERVED;

/// An id, as [`is_identifier`](crate::journey::is_identifier) reads it.
const ID: &str = "^[A-Za-z_][A-Za-z0-9_-]{0,63}$";

/// The name of a variable, as [`is_variable_name`](crate::journey::is_variable_name) reads it.
const VARIABLE: &str = "^[A-Za-z_][A-Za-z0-9_]{0,63}$";

/// Whole numbers with units, the greater unit first.
const DURATION: &str = "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";

pub(super) fn id() -> Json {
    json!({
        "type": "string",
        "pattern": ID,
        "patternErrorMessage": "An id begins with a letter or `_`; then letters, digits, `_` and `-`, 64 characters at most.",
    })
}

/// The id of a step: no word that is a target of its own.
pub(super) fn step_id() -> Json {
    json!({
        "pattern": ID,
        "patternErrorMessage": "The id of a step begins with a letter or `_`; then letters, digits, `_` and `-`, 64 characters at most.",
        "if": { "enum": RESERVED },
        "then": { "pattern": "^$", "patternErrorMessage": "This is a target with a meaning of its own; give the step another id." },
    })
}

/// The name of an exit of the author's own: none that has a meaning already.
pub(super) fn exit_id(taken: &[&str]) -> Json {
    json!({
        "pattern": ID,
        "patternErrorMessage": "An exit begins with a letter or `_`; then letters, digits, `_` and `-`, 64 characters at most.",
        "if": { "enum": taken },
        "then": { "pattern": "^$", "patternErrorMessage": "This is an exit with a meaning of its own; take another name." },
    })
}

pub(super) fn variable() -> Json {
    json!({
        "type": "string",
        "pattern": VARIABLE,
        "patternErrorMessage": "A name begins with a letter or `_`; then letters, digits and `_`, 64 characters at most.",
    })
}

pub(super) fn target() -> Json {
    json!({
        "type": "string",
        "pattern": ID,
        "patternErrorMessage": "Name a step, or `abort` to end the journey as failed.",
    })
}

pub(super) fn duration() -> Json {
    json!({
        "type": "string",
        "minLength": 2,
        "pattern": DURATION,
        "patternErrorMessage": "Write whole numbers with units, such as `30s`, `5m` or `1h30m`.",
        "errorMessage": "Write whole numbers with units, such as `30s`, `5m` or `1h30m`.",
    })
}
