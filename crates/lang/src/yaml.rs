//! The bytes of a journey file come in; a tree in which every value knows its place, and every refusal, come out.
//!
//! The dialect is YAML 1.2 with the core schema, less what makes YAML a risk or a riddle: no anchors, aliases, tags,
//! merge keys, directives, duplicate keys or further documents. All limits are in [`Budget`].

mod build;
mod characters;
mod collection;
mod comment;
mod escape;
mod node;
mod scalar;
mod syntax;
mod write;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings};
use crate::text::{self, Span};

pub(crate) use characters::is_refused;
pub use comment::comments;
pub use escape::Escape;
pub use node::{Node, NodeKind, Style, Text};
pub(crate) use scalar::is_plain_text;
pub use write::{WriteError, write};

/// How much of a file is read at most. The defaults are those of the product; a bench or a test may set others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of the file.
    pub bytes: usize,
    /// Collections within collections; the outermost counts as 1.
    pub depth: usize,
    /// Values, keys and collections together.
    pub nodes: usize,
    /// Findings after which reading stops.
    pub findings: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: text::LARGEST, depth: 32, nodes: 50_000, findings: 100 }
    }
}

/// A file that was read: one mapping.
///
/// It may come with findings; then the parts that could not be read are [`NodeKind::Refused`] or left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    root: Node,
}

impl Document {
    /// The outermost mapping.
    pub const fn root(&self) -> &Node {
        &self.root
    }
}

/// Reads one document. No document is returned when nothing after a refusal could be trusted: bytes that are not
/// UTF-8, control characters, broken syntax, a spent budget, an empty file, or one that is no mapping.
pub fn read(bytes: &[u8], budget: &Budget) -> (Option<Document>, Findings) {
    let text = match decode(bytes, budget) {
        Ok(text) => text,
        Err(finding) => return (None, Findings::from(vec![*finding])),
    };
    let (readable, findings) = characters::inspect(text, budget.findings);
    let (root, mut findings) = if readable { build::build(text, budget, &findings) } else { (None, findings) };
    if root.is_none() && findings.is_empty() {
        let finding = Diagnostic::error(Code::EMPTY, Span::at(0), "the file holds no values");
        findings.push(finding.help("begin it with `journey: ` and the id of the journey"));
    }
    findings.sort();
    (root.map(|root| Document { root }), findings)
}

/// The cheapest refusals first: size before anything that looks at the bytes.
fn decode<'a>(bytes: &'a [u8], budget: &Budget) -> Result<&'a str, Box<Diagnostic>> {
    if bytes.len() > budget.bytes {
        let message = format!("the file is larger than {} KiB", budget.bytes / 1024);
        let finding = Diagnostic::error(Code::TOO_LARGE, Span::at(0), message);
        return Err(Box::new(finding.help("split the journey: a part that stands for itself can be a sub-journey")));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        // Shown text has `U+FFFD`, three bytes long, in the place of what could not be read.
        let start = error.valid_up_to();
        let finding = |message| Diagnostic::error(Code::NOT_UTF8, Span::from_range(start..start + 3), message);
        Box::new(if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            finding("the file is UTF-16").help("save it as UTF-8")
        } else {
            finding("the bytes here are not UTF-8").help("save the file as UTF-8; is it a text at all?")
        })
    })
}

#[cfg(test)]
mod tests;
