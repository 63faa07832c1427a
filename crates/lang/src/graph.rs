//! A program comes in; a picture of its flow goes out, as text for tools that draw.

mod mermaid;

pub use mermaid::mermaid;
