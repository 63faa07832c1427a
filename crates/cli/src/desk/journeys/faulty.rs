//! Files and what a server found wrong with them come in; the findings go out as if they had been found here.

use serde::Deserialize;
use serde_json::Value as Json;
use wayfarer_lang::diagnostic::{Certainty, Edit};
use wayfarer_lang::text::{Position, Source, Span};
use wayfarer_lang::{Code, Diagnostic, Findings, Fix, Hop, Severity};

/// A finding, as machines are told of it.
#[derive(Deserialize)]
struct Told {
    code: String,
    severity: String,
    message: String,
    help: Option<String>,
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    fix: Option<ToldFix>,
    #[serde(default)]
    path: Vec<ToldHop>,
}

#[derive(Deserialize)]
struct ToldHop {
    step: String,
    exit: Option<String>,
}

#[derive(Deserialize)]
struct ToldFix {
    certainty: String,
    edits: Vec<ToldEdit>,
}

#[derive(Deserialize)]
struct ToldEdit {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    text: String,
}

/// The findings by file; none where this program does not know one of them, or its file.
pub(super) fn faulty(files: &[(String, String)], found: &[Json]) -> Option<Vec<(Source, Findings)>> {
    let mut sorted: Vec<_> =
        files.iter().map(|(name, text)| (Source::new(name.as_str(), text.as_str()), Findings::new())).collect();
    for told in found {
        let told: Told = Told::deserialize(told).ok()?;
        let (source, findings) = sorted.iter_mut().find(|(source, _)| **source.name() == *told.file)?;
        findings.push(finding(source, told)?);
    }
    sorted.retain(|(_, findings)| !findings.is_empty());
    Some(sorted)
}

fn finding(source: &Source, told: Told) -> Option<Diagnostic> {
    let severity = [Severity::Error, Severity::Warning, Severity::Note];
    let severity = severity.into_iter().find(|severity| severity.word() == told.severity)?;
    let span = span(source, (told.line, told.column), (told.end_line, told.end_column))?;
    let finding = Diagnostic { severity, ..Diagnostic::error(Code::find(&told.code)?, span, told.message) };
    let hop = |told: ToldHop| Hop { step: told.step.into(), exit: told.exit.map(Into::into) };
    let finding = finding.path(told.path.into_iter().map(hop).collect());
    let finding = match told.help {
        Some(help) => finding.help(help),
        None => finding,
    };
    Some(match told.fix {
        Some(told) => finding.fix(fix(source, told)?),
        None => finding,
    })
}

fn fix(source: &Source, told: ToldFix) -> Option<Fix> {
    let certainty = [Certainty::Certain, Certainty::Likely];
    let certainty = certainty.into_iter().find(|certainty| certainty.word() == told.certainty)?;
    let edit = |told: ToldEdit| {
        let span = span(source, (told.line, told.column), (told.end_line, told.end_column))?;
        Some(Edit { span, text: told.text })
    };
    Some(Fix { certainty, edits: told.edits.into_iter().map(edit).collect::<Option<_>>()? })
}

/// The place between two that are given by line and column.
fn span(source: &Source, start: (u32, u32), end: (u32, u32)) -> Option<Span> {
    let offset = |(line, column)| offset(source, Position { line, column });
    Some(Span::new(offset(start)?, offset(end)?))
}

/// The first place in the text that is counted so.
fn offset(source: &Source, wanted: Position) -> Option<u32> {
    let text = source.text();
    let offsets: Vec<u32> =
        text.char_indices().map(|(at, _)| at).chain([text.len()]).map(u32::try_from).collect::<Result<_, _>>().ok()?;
    offsets.get(offsets.partition_point(|at| source.position(*at) < wanted)).copied()
}

#[cfg(test)]
mod tests;
