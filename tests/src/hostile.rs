//! Bytes of a fuzzer or of a kept regression come in; a panic goes out if something that must always hold does not.
//!
//! The fuzzers of `xtask/fuzz` and the test `regressions` call the same functions, so that what a fuzzer has found is
//! held on every machine, without a fuzzer.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever is not as expected here is what is looked for"
)]

mod expression;
mod runs;
mod text;
mod types;

/// One way in from outside.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of its fuzzer and of its folders.
    pub name: &'static str,
    /// What must hold of any bytes.
    pub holds: fn(&[u8]),
}

/// All of them.
pub const ALL: &[Target] = &[
    Target { name: "yaml", holds: text::yaml },
    Target { name: "journey", holds: text::journey },
    Target { name: "format", holds: text::format_keeps },
    Target { name: "expression", holds: expression::expression },
    Target { name: "evaluation", holds: expression::evaluation },
    Target { name: "types", holds: types::types },
    Target { name: "submit", holds: runs::submit },
    Target { name: "state", holds: runs::state },
    Target { name: "handle", holds: runs::handle },
];

/// Holds bytes against the target of that name.
///
/// # Panics
/// When something does not hold, or there is no such target.
pub fn hold(name: &str, bytes: &[u8]) {
    let target = ALL.iter().find(|target| target.name == name);
    (target.unwrap_or_else(|| panic!("no target `{name}`")).holds)(bytes);
}
