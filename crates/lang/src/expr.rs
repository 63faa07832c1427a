//! The text of an expression comes in; a compiled form goes out, which reads a scope and gives a value, in bounded time and memory.

pub mod ast;
mod build;
mod parse;
mod print;
mod scan;

pub use parse::{SyntaxError, SyntaxKind, parse};
pub use print::print;

/// The most bytes of an expression's text (R92).
pub const MAX_SOURCE: usize = 4 * 1024;
/// The deepest nesting, of brackets in the text and of nodes in the tree (R92).
pub const MAX_DEPTH: usize = 32;
/// The most nodes of an expression (R92).
pub const MAX_NODES: usize = 1000;
