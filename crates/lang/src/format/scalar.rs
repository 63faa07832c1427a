//! A text value and what the file says for it come in; how the canonical layout writes it comes out.

use crate::journey::is_identifier;
use crate::yaml::{self, Budget, Style, Text};

/// Words that readers of older YAML take for booleans; they keep their quotes.
const MISREAD: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];

/// The text on one line, as a key or within brackets.
pub(super) fn inline(text: &Text, raw: &str) -> String {
    let one_line = !raw.contains(['\n', '\r']);
    match text.style {
        // Where it stands now, three of these would begin a document, or end one.
        Style::Plain if one_line && !raw.starts_with("---") && !raw.starts_with("...") => raw.to_owned(),
        Style::SingleQuoted | Style::DoubleQuoted if is_word(&text.value) => text.value.to_string(),
        // Escapes that somebody chose say what could not be seen otherwise.
        Style::DoubleQuoted if one_line && holds_escapes(raw) => raw.to_owned(),
        _ => quoted(&text.value),
    }
}

/// A text that its author wrote on several lines, without quotes or in them: the same lines, without indentation.
pub(super) fn lines(style: Style, raw: &str) -> Vec<&str> {
    let mut lines = split_lines(raw);
    let last = lines.len().saturating_sub(1);
    for (index, line) in lines.iter_mut().enumerate() {
        if index > 0 {
            *line = line.trim_start_matches(BLANK);
        }
        if index < last {
            *line = without_end(style, line);
        }
    }
    lines
}

const BLANK: [char; 2] = [' ', '\t'];

/// The line without blanks at its end. One that is escaped is none.
fn without_end(style: Style, line: &str) -> &str {
    let kept = line.trim_end_matches(BLANK);
    let backslashes = kept.len() - kept.trim_end_matches('\\').len();
    let escaped = style == Style::DoubleQuoted && backslashes % 2 == 1 && kept.len() < line.len();
    line.get(..kept.len() + usize::from(escaped)).unwrap_or(line)
}

/// A block scalar: what stands behind the key, and its lines without indentation. None if it cannot keep its block, as
/// blank lines at its end would count as those behind it.
pub(super) fn block(text: &Text, raw: &str, column: usize) -> Option<(String, Vec<String>)> {
    let body = text.value.strip_suffix('\n').unwrap_or(&text.value);
    if body.rsplit('\n').next().is_none_or(|last| last.trim().is_empty()) {
        return None;
    }
    let lines: Vec<String> = match text.style {
        Style::Literal => body.split('\n').map(str::to_owned).collect(),
        Style::Folded => folded(body, raw, column)?,
        _ => return None,
    };
    let first = lines.iter().find(|line| !line.trim().is_empty())?;
    let header = format!(
        "{}{}{}",
        if text.style == Style::Literal { '|' } else { '>' },
        if first.starts_with(' ') { "2" } else { "" },
        if body.len() == text.value.len() { "-" } else { "" },
    );
    keeps(&header, &lines, &text.value).then_some((header, lines))
}

/// The lines of a folded text as its author broke them.
fn folded(body: &str, raw: &str, column: usize) -> Option<Vec<String>> {
    let before = body.len() - body.trim_start_matches('\n').len();
    let mut lines = vec![String::new(); before];
    for (index, line) in split_lines(raw).into_iter().enumerate() {
        let blank = line.len() - line.trim_start_matches(' ').len();
        let indentation = if index == 0 { 0 } else { column };
        match line.get(indentation..) {
            Some(rest) if blank >= indentation => lines.push(rest.to_owned()),
            _ if line.trim().is_empty() => lines.push(String::new()),
            _ => return None,
        }
    }
    Some(lines)
}

/// Whether the reader takes the block for `value`.
fn keeps(header: &str, lines: &[String], value: &str) -> bool {
    let mut text = format!("k: {header}\n");
    for line in lines {
        text.push_str(if line.is_empty() { "" } else { "  " });
        text.push_str(line);
        text.push('\n');
    }
    text.push_str("z: 0\n");
    let budget = Budget { bytes: usize::MAX, ..Budget::default() };
    let (document, findings) = yaml::read(text.as_bytes(), &budget);
    let read = document.as_ref().and_then(|document| document.root().get("k")?.as_text());
    findings.is_empty() && read.is_some_and(|read| **read == *value)
}

fn split_lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r']) {
        let (line, behind) = rest.split_at(at);
        lines.push(line);
        rest = behind.strip_prefix("\r\n").or_else(|| behind.get(1..)).unwrap_or_default();
    }
    lines.push(rest);
    lines
}

/// Whether quotes around it say nothing: a word in the form of an id, that nobody reads as anything else.
fn is_word(text: &str) -> bool {
    is_identifier(text) && yaml::is_plain_text(text) && !MISREAD.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a text in double quotes holds an escape of anything but a quote or a backslash.
fn holds_escapes(raw: &str) -> bool {
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        if character == '\\' && !matches!(characters.next(), Some('"' | '\\')) {
            return true;
        }
    }
    false
}

/// The text in quotes: double ones, unless single ones need fewer escapes.
fn quoted(value: &str) -> String {
    let invisible = |character: char| character.is_control() || yaml::is_refused(character);
    let doubled = value.matches(['"', '\\']).count();
    let single = value.matches('\'').count();
    if doubled > single && !value.chars().any(invisible) {
        return format!("'{}'", value.replace('\'', "''"));
    }
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if !invisible(character) => out.push(character),
            _ => match u32::from(character) {
                code @ ..=0xff => out.push_str(&format!("\\x{code:02X}")),
                code @ ..=0xffff => out.push_str(&format!("\\u{code:04X}")),
                code => out.push_str(&format!("\\U{code:08X}")),
            },
        }
    }
    out.push('"');
    out
}
