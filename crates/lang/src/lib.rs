//! The journey language: text comes in; a checked program, or every mistake in the text, comes out.

pub mod catalog;
pub mod check;
pub mod code;
pub mod diagnostic;
pub mod expr;
pub mod format;
pub mod graph;
pub mod journey;
pub mod program;
pub mod response;
pub mod rules;
pub mod schema;
pub mod secret;
pub mod text;
pub mod types;
pub mod value;
pub mod yaml;

pub use catalog::{Catalog, Declaration};
pub use check::{Assumed, Checked, check, check_all, check_all_with, check_within};
pub use code::Code;
pub use diagnostic::{Diagnostic, Findings, Fix, Hop, Label, Severity};
pub use journey::Journey;
pub use program::Program;
pub use rules::Rules;
pub use secret::{Secret, Wipe};
pub use text::{Position, Source, Span};
pub use types::{Type, TypeError, TypeKind};
pub use value::{Object, Value, ValueError};
