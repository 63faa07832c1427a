//! A value in the file and a type come in; a finding for each part of the value that does not fit comes out.

use super::names::Symbols;
use crate::code::Code;
use crate::diagnostic::{Certainty, Diagnostic, Findings, Fix, quoted};
use crate::types::{Type, TypeKind};
use crate::value::{Object, Value};
use crate::yaml::{Node, NodeKind};

/// Checks what is written against `ty`. Parts that are only known when the journey runs are left to that time.
pub(super) fn fit(name: &str, node: &Node, ty: &Type, symbols: &Symbols, findings: &mut Findings) {
    let before = findings.len();
    match (&node.kind, &ty.properties, &ty.items) {
        (NodeKind::Mapping(entries), Some(properties), _) => {
            for (key, value) in entries {
                let Some(field) = key.as_text() else { continue };
                match properties.get(field) {
                    Some(ty) => fit(field, value, ty, symbols, findings),
                    None => {
                        let known = properties.keys().map(|name| &**name);
                        let message = format!("{} has no field {}", quoted(name), quoted(field));
                        let finding = Diagnostic::error(Code::WRONG_TYPE, key.span, message);
                        findings.push(match symbols.nearest(field, known) {
                            Some(guess) => finding.guess(guess),
                            None => finding,
                        });
                    }
                }
            }
            for (field, ty) in properties {
                if ty.is_required() && node.get(field).is_none() {
                    let message = format!("the field {} of {} is missing", quoted(field), quoted(name));
                    findings.push(Diagnostic::error(Code::WRONG_TYPE, node.span, message));
                }
            }
        }
        (NodeKind::Sequence(items), _, Some(ty)) => {
            items.iter().for_each(|item| fit(name, item, ty, symbols, findings));
        }
        _ => {}
    }
    if findings.len() > before {
        return;
    }
    let value = match &node.kind {
        _ if !depends(node) => node.to_value(),
        // Whatever is in it, it is a list, or it has fields.
        NodeKind::Sequence(_) if !matches!(ty.kind, TypeKind::Array | TypeKind::Any) => Value::from(Vec::new()),
        NodeKind::Mapping(_) if !matches!(ty.kind, TypeKind::Object | TypeKind::Any) => Value::from(Object::new()),
        _ => return,
    };
    if let Err(error) = ty.accept(&value) {
        let message = format!("{} does not fit: {error}", quoted(name));
        let finding = Diagnostic::error(Code::WRONG_TYPE, node.span, message);
        findings.push(cured(finding, node, ty, symbols));
    }
}

/// The finding with its cure, if there is one.
fn cured(finding: Diagnostic, node: &Node, ty: &Type, symbols: &Symbols) -> Diagnostic {
    match (&node.kind, ty.kind, &ty.values) {
        (NodeKind::Text(text), _, Some(values)) => {
            let values: Vec<_> = values.iter().filter_map(|value| value.as_text()).collect();
            match symbols.nearest(&text.value, values.iter().copied()) {
                Some(guess) => finding.guess(guess),
                None if values.is_empty() => finding,
                None => finding.help(format!("the values are `{}`", values.join("`, `"))),
            }
        }
        (NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_), TypeKind::String, values) => {
            // Where only some texts will do, the next check says which.
            let certainty = if values.is_none() { Certainty::Certain } else { Certainty::Likely };
            finding.help("put it in quotes to make it a text").fix(Fix::quote(certainty, node.span))
        }
        _ => finding,
    }
}

/// Whether the value holds an expression or a refused part, so that it is not known yet.
pub(super) fn depends(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Text(text) => text.value.starts_with('@') || text.value.contains("${"),
        NodeKind::Sequence(items) => items.iter().any(depends),
        NodeKind::Mapping(entries) => entries.iter().any(|(_, value)| depends(value)),
        NodeKind::Refused => true,
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_) => false,
    }
}
