//! The text of an expression comes in; a compiled form goes out, which reads a scope and gives a value, in bounded time and memory.

pub mod ast;
mod build;
mod code;
mod compile;
mod dice;
mod error;
mod eval;
mod expression;
pub mod functions;
mod given;
pub mod infer;
mod keys;
mod operator;
mod parse;
mod pattern;
mod print;
mod scan;
mod scope;
mod secrets;
mod template;
mod text;

pub use code::Reads;
pub use compile::compile;
pub use dice::{Dice, Seed};
pub use error::{CompileError, CompileErrorKind, EvalCode, EvalError};
pub use expression::Expression;
pub use given::Given;
pub use keys::{NamedKey, NamedKeys, NoKeys, PublicKey, SignatureAlgorithm};
pub use parse::{SyntaxError, SyntaxKind, parse};
pub use pattern::Language;
pub use print::print;
pub use scope::{Names, NoNames, Root, Roots, Scope};
pub use secrets::{IsSecret, Origin, SecretFlow, SecretRead};
pub use template::{Mode, Template, compile_node, compile_text};

/// The most bytes of an expression's text (R92).
pub const MAX_SOURCE: usize = 4 * 1024;
/// The deepest nesting, of brackets in the text and of nodes in the tree (R92).
pub const MAX_DEPTH: usize = 32;
/// The most nodes of an expression (R92).
pub const MAX_NODES: usize = 1000;
/// The units of work that one evaluation may do: a node costs one, large values cost more (R92).
pub const FUEL: u32 = 10_000;
/// The most bytes of a value that an expression makes (R92).
pub const MAX_SIZE: usize = 256 * 1024;
