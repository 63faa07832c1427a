//! A finding and its source come in; the workflow command by which GitHub Actions shows it at its line goes out.

use wayfarer_lang::text::Source;
use wayfarer_lang::{Diagnostic, Severity};

/// One line, such as `::error file=a.yaml,line=1,…::message`. Columns are given only for a place on one line: GitHub takes
/// them for no other.
pub(crate) fn annotation(source: &Source, finding: &Diagnostic) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (start, end) = (source.position(finding.span.start), source.position(finding.span.end));
    let mut place = format!("file={},line={},endLine={}", property(source.name()), start.line, end.line);
    if start.line == end.line {
        place.push_str(&format!(",col={},endColumn={}", start.column, end.column));
    }
    let title = property(&format!("{}: {}", finding.code, finding.code.title()));
    let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!("::{command} {place},title={title}::{}", data(&format!("{}{help}", finding.message)))
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which a comma or a colon would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests;
