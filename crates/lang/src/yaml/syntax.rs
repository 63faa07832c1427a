//! What the YAML parser could not read comes in; a finding in our own words, or a repair, comes out.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use crate::code::Code;
use crate::diagnostic::{Certainty, Diagnostic, Fix, quoted};
use crate::text::Span;

/// A text of the same length in which the parser gets past its error.
pub(super) struct Repair {
    /// The text.
    pub(super) text: String,
    /// Where a character was replaced that has no finding yet.
    pub(super) unquoted: Option<usize>,
}

/// Repairs what can be repaired without a guess about the rest of the text.
pub(super) fn repair(error: &ScanError, text: &str) -> Option<Repair> {
    let offset = error.marker().byte_offset()?;
    let (before, rest) = text.split_at_checked(offset)?;
    match error.kind() {
        // `@policy…`: as if a letter stood there.
        ErrorKind::UnexpectedCharacter { character: '@' | '`' | '%' } => {
            let rest = rest.strip_prefix(['@', '`', '%'])?;
            Some(Repair { text: format!("{before}x{rest}"), unquoted: Some(offset) })
        }
        // `!a!b`: as if the tag were `!axb`, which needs no declaration and is refused all the same.
        ErrorKind::UndeclaredTagHandle => {
            let (handle, rest) = rest.strip_prefix('!')?.split_once('!')?;
            Some(Repair { text: format!("{before}!{handle}x{rest}"), unquoted: None })
        }
        _ => None,
    }
}

/// The finding for a plain scalar at a repaired place.
pub(super) fn unquoted(text: &str, span: Span) -> Diagnostic {
    let raw = text.get(span.range()).unwrap_or_default();
    let first = raw.chars().next().map(String::from).unwrap_or_default();
    let message =
        format!("a text that begins with {} must stand in quotes", quoted(&first).replace("```", "a back-tick"));
    let quote = if raw.contains(['"', '\\']) { '\'' } else { '"' };
    let help = if raw.contains(['\n', '\'', '`']) || raw.chars().count() > 60 {
        "put quotes around it".to_owned()
    } else {
        format!("write `{quote}{raw}{quote}`")
    };
    let fix = (!raw.contains(['\n', '\'']) && !span.is_empty()).then(|| {
        // Brackets may have ended the text, or what looks like a comment.
        let line = text.get(span.range().end..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let certain = first == "@" && is_closed(raw) && !line.contains('#');
        let certainty = if certain { Certainty::Certain } else { Certainty::Likely };
        Fix::replace(certainty, span, format!("{quote}{raw}{quote}"))
    });
    Diagnostic::error(Code::UNQUOTED, span, message).help(help).fix(fix)
}

/// Whether brackets and double quotes are closed as they are opened.
fn is_closed(text: &str) -> bool {
    let count = |bracket: char| text.matches(bracket).count();
    count('(') == count(')') && count('[') == count(']') && count('{') == count('}') && count('"') % 2 == 0
}

/// The finding for the second of two equal keys.
pub(super) fn duplicate_key(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(Code::DUPLICATE_KEY, span, format!("the key {} stands here a second time", quoted(name)))
        .help("delete one of the two, or rename it")
        .label(first, "first here")
}

/// The finding for a `%…` line.
pub(super) fn directive(range: Range<usize>) -> Diagnostic {
    Diagnostic::error(Code::DIRECTIVE, Span::from_range(range), "directives are not allowed")
        .help("delete this line: a journey is always YAML 1.2")
}

/// The finding for a collection in too many others.
pub(super) fn too_deep(span: Span, depth: usize) -> Diagnostic {
    Diagnostic::error(Code::TOO_DEEP, span, format!("the values here are nested in more than {depth} others"))
        .help("flatten the data, or move a part of the journey to a sub-journey")
}

/// The place of the character at `offset`; empty at the end of the text.
pub(super) fn character(text: &str, offset: usize) -> Span {
    let length = text.get(offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::from_range(offset..offset + length)
}

/// The finding for an error of the parser, at the character where it gave up.
pub(super) fn explain(error: &ScanError, text: &str, depth: usize) -> Diagnostic {
    let start = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let span = character(text, start);
    let syntax = |message: String, help: &str| Diagnostic::error(Code::SYNTAX, span, message).help(help);
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(span, depth),
        ErrorKind::UndeclaredTagHandle
        | ErrorKind::ExpectedTagBang
        | ErrorKind::InvalidGlobalTagCharacter
        | ErrorKind::InvalidTagTerminator
        | ErrorKind::MissingTagUri
        | ErrorKind::UnclosedVerbatimTag
        | ErrorKind::InvalidTagEscape
        | ErrorKind::InvalidTagUtf8LeadingByte
        | ErrorKind::InvalidTagUtf8TrailingByte
        | ErrorKind::InvalidTagUtf8 => {
            Diagnostic::error(Code::TAG, span, "tags are not allowed, and this one is broken")
                .help("delete it; if a text is meant, put it in quotes")
        }
        ErrorKind::DuplicateVersionDirective
        | ErrorKind::UnsupportedYamlMajorVersion
        | ErrorKind::DuplicateTagDirective
        | ErrorKind::ExpectedTagDirectiveBang
        | ErrorKind::InvalidDirectiveTerminator
        | ErrorKind::MissingYamlVersionSeparator
        | ErrorKind::MissingDirectiveName
        | ErrorKind::InvalidDirectiveName
        | ErrorKind::DirectiveByteLimitExceeded { .. }
        | ErrorKind::TooManyReservedDirectiveParams { .. }
        | ErrorKind::YamlVersionTooLong
        | ErrorKind::MissingYamlVersion
        | ErrorKind::MissingDocumentEndBeforeDirective
        | ErrorKind::InvalidTagDirectiveTerminator => directive(span.range()),
        ErrorKind::MissingAnchorOrAliasName => {
            let what = if text.get(span.range()) == Some("*") { "an alias" } else { "an anchor" };
            syntax(format!("this begins {what}, without a name"), "if a text is meant, put it in quotes")
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => syntax(
            "a key is not possible here".to_owned(),
            "put a text that holds `: ` in quotes; indent the keys of one mapping alike",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey | ErrorKind::ExpectedBlockMappingKey => syntax(
            "a key and a `:` are expected here".to_owned(),
            "write `key: value`, with a space after the `:`; indent the keys of one mapping alike",
        ),
        ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::BlockSequenceEntryNotAllowed => syntax(
            "an item of a list and a key cannot stand side by side".to_owned(),
            "indent the items of one list alike",
        ),
        ErrorKind::UnclosedQuotedScalar => syntax("this quote is never closed".to_owned(), "close it on the same line"),
        ErrorKind::UnclosedFlowCollection { open } => {
            syntax(format!("this `{open}` is never closed"), "close it, or put the text in quotes")
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => syntax(
            format!("this `{open}` is closed by a `{close}`"),
            "close brackets in the order in which they were opened",
        ),
        ErrorKind::MisplacedFlowCollectionEnd => {
            syntax("this bracket closes nothing".to_owned(), "delete it, or put the text in quotes")
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            syntax("a `,` or the closing bracket is expected here".to_owned(), "put a `,` between the items")
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => {
            Diagnostic::error(Code::SYNTAX, first_tab(text, start).unwrap_or(span), "a tab cannot indent")
                .help("use spaces; two for each level are usual")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => syntax(
            "nothing can follow the closing quote".to_owned(),
            "put the whole text in quotes; write `''` for a `'` in single quotes",
        ),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => {
            Diagnostic::error(Code::SYNTAX, wrong_escape(text, start).unwrap_or(span), "this escape means no character")
                .help("write `\\\\` for a backslash, or use single quotes, in which nothing is escaped")
        }
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidFlowScalarIndent => {
            syntax("this line is not indented like the lines that it belongs to".to_owned(), "indent it further")
        }
        ErrorKind::UnexpectedCharacter { character } => syntax(
            format!("the character {} is not possible here", quoted(character.encode_utf8(&mut [0; 4]))),
            "if a text is meant, put it in quotes",
        ),
        other => {
            let mut message = other.to_string();
            message.truncate(message.trim_end_matches('.').len());
            if let Some(first) = message.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            Diagnostic::error(Code::SYNTAX, span, message)
        }
    }
}

/// The first tab of the line up to and including `offset`.
fn first_tab(text: &str, offset: usize) -> Option<Span> {
    let line = text.get(..offset)?.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let tab = line + text.get(line..=offset)?.find('\t')?;
    Some(Span::from_range(tab..tab + 1))
}

/// The first escape that means nothing, in the double-quoted text around or behind `offset`.
fn wrong_escape(text: &str, offset: usize) -> Option<Span> {
    let line = text.get(..offset)?.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let mut characters = text.get(line..)?.char_indices();
    while let Some((at, character)) = characters.next() {
        if character != '\\' {
            continue;
        }
        let (_, escaped) = characters.next()?;
        let digits = match escaped {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '0' | 'a' | 'b' | 't' | 'n' | 'v' | 'f' | 'r' | 'e' | 'N' | '_' | 'L' | 'P' => 0,
            '"' | '/' | '\\' | ' ' | '\t' | '\n' | '\r' => 0,
            _ => return Some(Span::from_range(line + at..line + at + 1 + escaped.len_utf8())),
        };
        let code: String = characters.as_str().chars().take(digits).take_while(char::is_ascii_hexdigit).collect();
        // Half of a surrogate pair is left to the whole-text place: which half is wrong depends on the other.
        if code.len() < digits || digits == 8 && u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).is_none()
        {
            return Some(Span::from_range(line + at..line + at + 2 + code.len()));
        }
    }
    None
}
