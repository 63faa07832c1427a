//! Findings, and what could not be read, come in; a log in the Static Analysis Results Interchange Format goes out.
//!
//! SARIF 2.1.0 (OASIS Standard, 2020). Places are lines and columns from 1, columns in code units of UTF-16.

use anstream::adapter::strip_str;
use anyhow::Error;
use serde_json::{Value as Json, json};
use wayfarer_lang::text::{Position, Source, Span};
use wayfarer_lang::{Code, Diagnostic, Fix};

use super::failure::sentence;
use super::page;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log of one run of `check`.
pub(crate) fn log<'a>(findings: impl Iterator<Item = (&'a Source, &'a Diagnostic)>, unread: &[Error]) -> Json {
    let findings: Vec<_> = findings.collect();
    let mut codes: Vec<Code> = findings.iter().map(|(_, finding)| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let results: Vec<_> = findings.iter().map(|(source, finding)| result(source, finding, &codes)).collect();
    let told = |error: &Error| json!({ "level": "error", "message": { "text": braced(&sentence(error)) } });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "wayfarer",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "invocations": [{
                "executionSuccessful": unread.is_empty(),
                "toolExecutionNotifications": unread.iter().map(told).collect::<Vec<_>>(),
            }],
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Json {
    json!({
        "id": code.id(),
        "shortDescription": { "text": code.title() },
        "help": { "text": strip_str(&page::terminal(code.page())).to_string(), "markdown": code.page() },
        "defaultConfiguration": { "level": code.severity().word() },
    })
}

fn result(source: &Source, finding: &Diagnostic, codes: &[Code]) -> Json {
    let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    let mut result = json!({
        "ruleId": finding.code.id(),
        "ruleIndex": codes.iter().position(|code| *code == finding.code),
        "level": finding.severity.word(),
        "message": { "text": braced(&format!("{}{help}", finding.message)) },
        "locations": [{ "physicalLocation": place(source, finding.span) }],
    });
    let Some(object) = result.as_object_mut() else { return result };
    if !finding.labels.is_empty() {
        let labels = finding.labels.iter().map(|label| {
            json!({ "physicalLocation": place(source, label.span), "message": { "text": braced(&label.text) } })
        });
        object.insert("relatedLocations".to_owned(), labels.collect());
    }
    if let Some(fix) = &finding.fix {
        object.insert("fixes".to_owned(), json!([fixes(source, finding, fix)]));
    }
    result
}

fn fixes(source: &Source, finding: &Diagnostic, fix: &Fix) -> Json {
    let edits = fix
        .edits
        .iter()
        .map(|edit| json!({ "deletedRegion": region(source, edit.span), "insertedContent": { "text": edit.text } }));
    json!({
        "description": { "text": braced(finding.help.as_deref().unwrap_or(&finding.message)) },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(source.name()) },
            "replacements": edits.collect::<Vec<_>>(),
        }],
    })
}

fn place(source: &Source, span: Span) -> Json {
    json!({ "artifactLocation": { "uri": uri(source.name()) }, "region": region(source, span) })
}

fn region(source: &Source, span: Span) -> Json {
    let (start, end) = (source.position(span.start), source.position(span.end));
    json!({
        "startLine": start.line,
        "startColumn": column(source, start),
        "endLine": end.line,
        "endColumn": column(source, end),
    })
}

/// The column in code units of UTF-16.
fn column(source: &Source, position: Position) -> usize {
    let line = source.line(position.line).unwrap_or_default();
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let before = line.chars().take((position.column as usize).saturating_sub(1));
    before.map(char::len_utf16).sum::<usize>() + 1
}

/// Braces mark places to be filled in (3.11.5), and a bracket before a parenthesis makes a link (3.11.6): a message has neither.
fn braced(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}").replace("](", "] (")
}

/// A path as a reference (RFC 3986); an absolute one as a `file` URI.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests;
