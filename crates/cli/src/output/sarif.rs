//! Findings, and what could not be read, come in; a log in the Static Analysis Results Interchange Format goes out.
//!
//! SARIF 2.1.0 (OASIS Standard, 2020). Places are lines and columns from 1, columns in code units of UTF-16.

use std::collections::HashMap;

use anstream::adapter::strip_str;
use anyhow::Error;
use serde_json::{Value as Json, json};
use wayfarer_lang::journey::{Journey, StepSource};
use wayfarer_lang::text::{Position, Source, Span};
use wayfarer_lang::{Code, Diagnostic, Fix, Hop};

use super::failure::sentence;
use super::page;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A finding, its source, and the journey in which it was found, as far as that could be read.
pub(crate) type Found<'a> = (&'a Source, Option<&'a Journey>, &'a Diagnostic);

/// The log of one run of `check`.
pub(crate) fn log<'a>(findings: impl Iterator<Item = Found<'a>>, unread: &[Error]) -> Json {
    let findings: Vec<_> = findings.collect();
    let mut codes: Vec<Code> = findings.iter().map(|(_, _, finding)| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let results: Vec<_> = findings.iter().map(|found| result(*found, &codes)).collect();
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

fn result((source, journey, finding): Found<'_>, codes: &[Code]) -> Json {
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
    if !finding.path.is_empty() {
        object.insert("codeFlows".to_owned(), json!([flow(source, journey, finding)]));
    }
    if let Some(fix) = &finding.fix {
        object.insert("fixes".to_owned(), json!([fixes(source, finding, fix)]));
    }
    result
}

/// The way that shows a finding, step by step (3.36).
fn flow(source: &Source, journey: Option<&Journey>, finding: &Diagnostic) -> Json {
    let places = journey.map(steps).unwrap_or_default();
    let location = |hop: &Hop| {
        let text = match &hop.exit {
            Some(exit) => format!("`{}` is left by `{exit}`", hop.step),
            None => format!("`{}`: here the way ends", hop.step),
        };
        let mut location = json!({
            "logicalLocations": [{ "name": &*hop.step }],
            "message": { "text": braced(&text) },
        });
        if let (Some(span), Some(object)) = (places.get(&*hop.step), location.as_object_mut()) {
            object.insert("physicalLocation".to_owned(), place(source, *span));
        }
        json!({ "location": location })
    };
    json!({ "threadFlows": [{ "locations": finding.path.iter().map(location).collect::<Vec<_>>() }] })
}

/// The places of all steps' ids.
fn steps(journey: &Journey) -> HashMap<&str, Span> {
    let mut places = HashMap::new();
    let mut open: Vec<&StepSource> = journey.steps.iter().collect();
    while let Some(step) = open.pop() {
        places.insert(&*step.id.value, step.id.span);
        open.extend(step.body.iter().flat_map(|body| &body.value));
    }
    places
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
