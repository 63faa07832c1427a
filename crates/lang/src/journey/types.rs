//! A type as it stands in a journey file comes in; the [`Type`], and findings at the exact word that is wrong, come out.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, nearest, quoted};
use crate::types::{Format, Type, TypeKind};
use crate::yaml::{Node, NodeKind};

/// The keys of a type's mapping.
pub const TYPE_KEYS: [&str; 14] = [
    "type",
    "items",
    "properties",
    "format",
    "values",
    "required",
    "default",
    "secret",
    "nullable",
    "min_length",
    "max_length",
    "minimum",
    "maximum",
    "description",
];

/// Reads a type. One that cannot be read is `any`, so that its uses raise no further findings.
pub(super) fn lower(node: &Node, findings: &mut Findings) -> Type {
    let before = findings.len();
    match &node.kind {
        NodeKind::Text(word) => return kind(node, &word.value, findings).map_or_else(Type::any, Type::from),
        NodeKind::Mapping(entries) => entries.iter().for_each(|(key, value)| part(key, value, findings)),
        _ => findings.extend(wrong_shape("a type", "a word such as `string`, or a mapping with `type`", node, None)),
    }
    if node.as_mapping().is_some() && node.get("type").is_none() {
        let finding = Diagnostic::error(Code::MISSING_KEY, node.span, "the key `type` is missing");
        findings.push(finding.help("say which type it is: `type: string`, for example"));
    }
    if findings.len() > before || node.is_refused() {
        return Type::any();
    }
    let ty = node
        .to_value()
        .to_json()
        .map_err(|_| String::new())
        .and_then(|json| serde_json::from_value::<Type>(json).map_err(|error| error.to_string()));
    let ty = match ty {
        Ok(ty) => ty,
        Err(message) => {
            findings.push(Diagnostic::error(Code::WRONG_SHAPE, node.span, format!("this is not a type: {message}")));
            return Type::any();
        }
    };
    if let Err(error) = ty.validate() {
        let key = error.path.split(['.', '[']).next().unwrap_or_default();
        let span = node.get(key).map_or(node.span, |value| value.span);
        findings.push(Diagnostic::error(Code::TYPE_CONTRADICTION, span, error.to_string()));
        return Type::any();
    }
    ty
}

/// One key of a type's mapping.
fn part(key: &Node, value: &Node, findings: &mut Findings) {
    let Some(name) = key.as_text() else { return };
    let wanted = match (&**name, &value.kind) {
        (_, NodeKind::Refused) | ("default", _) => return,
        ("type", NodeKind::Text(word)) => {
            kind(value, &word.value, findings);
            return;
        }
        ("items", _) => {
            lower(value, findings);
            return;
        }
        ("properties", NodeKind::Mapping(entries)) => {
            for (_, ty) in entries {
                lower(ty, findings);
            }
            return;
        }
        ("values", NodeKind::Sequence(_))
        | ("required" | "secret" | "nullable", NodeKind::Bool(_))
        | ("minimum" | "maximum", NodeKind::Int(_) | NodeKind::Float(_))
        | ("description", NodeKind::Text(_)) => return,
        ("format", NodeKind::Text(word)) if Format::ALL.iter().any(|format| format.word() == &*word.value) => return,
        ("format", _) => "`email` or `phone`",
        ("min_length" | "max_length", NodeKind::Int(length)) if u32::try_from(*length).is_ok() => return,
        ("type" | "description", _) => "a text",
        ("properties", _) => "a mapping of names and types",
        ("values", _) => "a list",
        ("required" | "secret" | "nullable", _) => "`true` or `false`",
        ("minimum" | "maximum", _) => "a number",
        ("min_length" | "max_length", _) => "a whole number, 0 or more",
        _ => return findings.push(unknown_key(key, "a type", &TYPE_KEYS)),
    };
    findings.extend(wrong_shape(&subject(name), wanted, value, None));
}

fn kind(node: &Node, word: &str, findings: &mut Findings) -> Option<TypeKind> {
    let kind = TypeKind::find(word);
    if kind.is_none() {
        let words = TypeKind::ALL.map(TypeKind::word);
        let help = || format!("the types are `{}`", words.join("`, `"));
        let message = format!("there is no type {}", quoted(word));
        let finding = Diagnostic::error(Code::UNKNOWN_VALUE_TYPE, node.span, message);
        findings.push(finding.guess_or(nearest(word, words), help));
    }
    kind
}

/// A key as the subject of a sentence; what is no key (`a step`) stays as it is.
pub(super) fn subject(what: &str) -> String {
    if what.contains(' ') { what.to_owned() } else { quoted(what) }
}

/// The finding for a value of another shape than `wanted`; none for a value that has its finding already.
pub fn wrong_shape(what: &str, wanted: &str, value: &Node, help: Option<&str>) -> Option<Diagnostic> {
    if value.is_refused() {
        return None;
    }
    let message = format!("{what} must be {wanted}, and this is {}", value.describe());
    let finding = Diagnostic::error(Code::WRONG_SHAPE, value.span, message);
    Some(match help {
        Some(help) => finding.help(help),
        None => finding,
    })
}

/// The finding for a key that means nothing in `what`.
pub fn unknown_key(key: &Node, what: &str, known: &[&str]) -> Diagnostic {
    let name = key.as_text().map_or("", |name| name);
    let help = || format!("the keys are `{}`", known.join("`, `"));
    let finding = Diagnostic::error(Code::UNKNOWN_KEY, key.span, format!("{what} has no key {}", quoted(name)));
    finding.guess_or(nearest(name, known.iter().copied()), help)
}
