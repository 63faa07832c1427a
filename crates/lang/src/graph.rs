//! A checked journey comes in; a picture of its flow goes out, as text for tools that draw and for programs.

mod back;
mod dot;
mod json;
mod mermaid;
mod model;
mod plain;
#[cfg(test)]
mod samples;
mod sort;
mod way;

pub use dot::dot;
pub use json::json;
pub use mermaid::mermaid;
pub use model::{Arrow, ArrowKind, Graph, Node};
pub use plain::plain;
pub use sort::Sort;
pub use way::Way;
