//! The fields of a form as an author declares them come in; the type of its answers, or findings, come out.

use super::fit::depends;
use super::names::{Symbols, Typed};
use crate::catalog::Place;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Findings, quoted};
use crate::journey::is_variable_name;
use crate::types::{FIELD_KEYS, FIELD_WORDS, Field, Type, TypeKind};
use crate::yaml::{Node, NodeKind};

/// What `output` takes from a step: what its type declares, or, for a form, what its fields do, or, for a journey that is
/// invoked, its outputs.
pub(super) fn output(step: &Typed<'_>) -> Option<Type> {
    if let Some(outputs) = step.callee.and_then(|callee| callee.outputs.as_ref()) {
        return Some(outputs.clone());
    }
    let declaration = step.declaration?;
    let output = declaration.output.as_ref()?;
    let fields = declaration.parameters.iter().find(|parameter| parameter.place == Place::Fields);
    let Some(fields) = fields else { return Some(output.clone()) };
    let entry = step.source.with.iter().find(|entry| entry.name.value == fields.name);
    let Some(entries) = entry.and_then(|entry| entry.value.as_mapping()) else { return Some(output.clone()) };
    let field = |(key, node): &(Node, Node)| {
        Some((key.as_text()?.clone(), read(node).map_or_else(|_| Type::any(), |field| field.ty)))
    };
    Some(Type::object_of(entries.iter().filter_map(field)))
}

/// Checks the fields of a form. What they take must be known from the file; labels may depend on the run.
pub(super) fn check(name: &str, node: &Node, symbols: &Symbols, findings: &mut Findings) {
    let Some(entries) = node.as_mapping() else {
        if !node.is_refused() {
            let message = format!("{} must be a mapping of fields, and this is {}", quoted(name), node.describe());
            findings.push(Diagnostic::error(Code::WRONG_SHAPE, node.span, message));
        }
        return;
    };
    for (key, field) in entries {
        let Some(id) = key.as_text() else { continue };
        if !is_variable_name(id) {
            let message = format!("a field cannot be called {}", quoted(id));
            let help = "begin with a letter or `_`; then letters, digits and `_`, 64 characters at most";
            findings.push(Diagnostic::error(Code::BAD_ID, key.span, message).help(help));
        }
        if !field.is_refused() {
            one(id, field, symbols, findings);
        }
    }
}

fn one(name: &str, node: &Node, symbols: &Symbols, findings: &mut Findings) {
    let word = if matches!(node.kind, NodeKind::Mapping(_)) { node.get("type") } else { Some(node) };
    if let Some((word, text)) = word.and_then(|word| Some((word, word.as_text()?)))
        && TypeKind::find(text).is_none()
        && !FIELD_WORDS.contains(&&**text)
    {
        let words: Vec<_> = TypeKind::ALL.map(TypeKind::word).into_iter().chain(FIELD_WORDS).collect();
        let guess = symbols.nearest(text, words.iter().copied());
        let help = || format!("the types of fields are `{}`", words.join("`, `"));
        let message = format!("there is no field type {}", quoted(text));
        findings.push(Diagnostic::error(Code::UNKNOWN_VALUE_TYPE, word.span, message).guess_or(guess, help));
        return;
    }
    let mut known = true;
    let word = word.and_then(Node::as_text).map_or("", |word| word);
    for (key, value) in node.as_mapping().into_iter().flatten() {
        let Some(text) = key.as_text() else { continue };
        if !crate::journey::TYPE_KEYS.contains(&&**text) && !FIELD_KEYS.contains(&&**text) {
            let message = format!("a field has no key {}", quoted(text));
            let keys: Vec<_> = crate::journey::TYPE_KEYS.into_iter().chain(FIELD_KEYS).collect();
            let guess = symbols.nearest(text, keys.iter().copied());
            let help = || format!("the keys are `{}`", keys.join("`, `"));
            findings.push(Diagnostic::error(Code::UNKNOWN_KEY, key.span, message).guess_or(guess, help));
            known = false;
        } else if depends(value) && !word.is_empty() && !Field::takes(word, text) {
            // Whatever it will be.
            let message =
                format!("the field {} cannot be asked for: {} has no {}", quoted(name), quoted(word), quoted(text));
            findings.push(Diagnostic::error(Code::FIELD_CONTRADICTION, key.span, message).help("delete it"));
            known = false;
        }
    }
    if let (true, Err(error)) = (known, read(node)) {
        let place = error.path.split(['.', '[']).next().and_then(|key| node.get(key)).unwrap_or(node);
        let message = format!("the field {} cannot be asked for: {}", quoted(name), error.message);
        findings.push(Diagnostic::error(Code::FIELD_CONTRADICTION, place.span, message));
    }
}

/// The field as far as the file tells: what depends on the run is left to it.
fn read(node: &Node) -> Result<Field, crate::types::TypeError> {
    let NodeKind::Mapping(entries) = &node.kind else { return Field::read(&node.to_value()) };
    let fixed = |(key, value): &(Node, Node)| {
        let key = key.as_text()?;
        match &**key {
            "type" => Some((key.clone(), value.to_value())),
            // The ids of the options are known even if their labels are not.
            "options" => match value.as_mapping() {
                Some(options) => {
                    let option = |(id, _): &(Node, Node)| Some((id.as_text()?.clone(), "".into()));
                    Some((key.clone(), options.iter().filter_map(option).collect::<crate::Object>().into()))
                }
                None if depends(value) => Some((key.clone(), crate::Value::from(vec!["".into()]))),
                None => Some((key.clone(), value.to_value())),
            },
            _ => (!depends(value)).then(|| (key.clone(), value.to_value())),
        }
    };
    let known: crate::Object = entries.iter().filter_map(fixed).collect();
    Field::read(&known.into())
}
