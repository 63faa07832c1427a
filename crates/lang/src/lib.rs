//! The journey language: text comes in; a checked program, or every mistake in the text, comes out.

pub mod code;
pub mod diagnostic;
pub mod text;

pub use code::Code;
pub use diagnostic::{Diagnostic, Findings, Label, Severity};
pub use text::{Position, Source, Span};
