//! A document that says what surrounds an expression comes in; names to compile it with and a scope to evaluate it in go out, or
//! every mistake in the document.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::dice::{Dice, Seed};
use super::infer::{Facts, Known, Subject};
use super::keys::NamedKey;
use super::scope::{Names, Root, Roots, Scope};
use crate::diagnostic::{nearest, quoted};
use crate::journey::{is_variable_name, unknown_key, wrong_shape};
use crate::value::Object;
use crate::yaml::{Node, NodeKind};
use crate::{Code, Diagnostic, Findings, Secret, Value};

/// What stands in a scope beside the variables.
const KEYS: [&str; 9] =
    ["@params", "@user", "@tokens", "@authenticated", "@device", "@saved", "@now", "@random", "@keys"];

const DIGITS: &str = "a text of hexadecimal digits, two for each byte";

/// The marks of a value that JSON cannot say.
const MARKS: [&str; 2] = ["$secret", "$unset"];

/// What surrounds an expression, as somebody has written it down.
///
/// A document is a mapping from the names of variables to their values. `{ $secret: … }` is a secret, and `{ $unset: true }` a
/// variable that no step has set yet. What is no variable begins with `@`: `@params` with the start parameters by name, `@user`,
/// `@tokens`, `@device` and `@saved` with what their roots give, `@authenticated`, the moment `@now` (RFC 3339), `@random: false`
/// where nothing random is to be had, and `@keys` with keys by alias in hexadecimal digits.
#[derive(Clone, Debug, Default)]
pub struct Given {
    parameter_names: Vec<Arc<str>>,
    parameters: Vec<Value>,
    variable_names: Vec<Arc<str>>,
    variables: Vec<Option<Value>>,
    user: Value,
    tokens: Value,
    device: Value,
    saved: Value,
    authenticated: bool,
    now: Option<Timestamp>,
    without_dice: bool,
    keys: BTreeMap<String, NamedKey>,
}

impl Given {
    /// Reads a document. What is wrong in it is left out.
    pub fn read(root: &Node) -> (Self, Findings) {
        let (mut given, mut findings) = (Self::default(), Findings::new());
        for (key, node) in root.as_mapping().unwrap_or_default() {
            if let Some(name) = key.as_text() {
                given.take(name, key, node, &mut findings);
            }
        }
        (given, findings)
    }

    fn take(&mut self, name: &Arc<str>, key: &Node, node: &Node, findings: &mut Findings) {
        let wrong = |wanted, help| wrong_shape(&quoted(name), wanted, node, help);
        match (&**name, &node.kind) {
            ("@params", NodeKind::Mapping(entries)) => {
                for (name, node) in entries {
                    if let Some((name, value)) = name.as_text().zip(whole(node, findings)) {
                        self.parameters.push(value);
                        self.parameter_names.push(Arc::clone(name));
                    }
                }
            }
            ("@user", _) => self.user = whole(node, findings).unwrap_or_default(),
            ("@tokens", _) => self.tokens = whole(node, findings).unwrap_or_default(),
            ("@device", _) => self.device = whole(node, findings).unwrap_or_default(),
            ("@saved", _) => self.saved = whole(node, findings).unwrap_or_default(),
            ("@authenticated", NodeKind::Bool(proven)) => self.authenticated = *proven,
            ("@random", NodeKind::Bool(random)) => self.without_dice = !random,
            ("@now", NodeKind::Text(text)) if text.value.parse::<Timestamp>().is_ok() => {
                self.now = text.value.parse().ok();
            }
            ("@keys", NodeKind::Mapping(entries)) => {
                for (alias, node) in entries {
                    let alias = alias.as_text().map(ToString::to_string).unwrap_or_default();
                    match node.as_text().and_then(|digits| bytes(digits)) {
                        Some(bytes) => drop(self.keys.insert(alias, NamedKey::Symmetric(Secret::new(bytes)))),
                        None => findings.extend(wrong_shape(&quoted(&alias), DIGITS, node, None)),
                    }
                }
            }
            ("@params" | "@keys", _) => findings.extend(wrong("a mapping of names and values", None)),
            ("@authenticated" | "@random", _) => findings.extend(wrong("`true` or `false`", None)),
            ("@now", _) => {
                findings.extend(wrong("a moment (RFC 3339)", Some("write it as `\"2026-11-23T10:00:00Z\"`")));
            }
            (unknown, _) if unknown.starts_with('@') => findings.push(unknown_key(key, "a scope", &KEYS)),
            (name, _) if !is_variable_name(name) => {
                let message = format!("{} is no name of a variable", quoted(name));
                let help = "a name begins with a letter or `_`, goes on with letters, digits and `_`, and has 64 characters at most";
                findings.push(Diagnostic::error(Code::BAD_ID, key.span, message).help(help));
            }
            (name, _) => {
                if let Some(value) = value(node, findings) {
                    self.variables.push(value);
                    self.variable_names.push(Arc::from(name));
                }
            }
        }
    }

    /// Evaluates in this scope. It is `now` unless the document says otherwise, and dice are thrown by `seed` unless it wants none.
    pub fn within<T>(&self, now: Timestamp, seed: Seed, evaluate: impl FnOnce(&Scope<'_>) -> T) -> T {
        let dice = Dice::new(seed);
        let roots = Roots {
            user: &self.user,
            tokens: &self.tokens,
            authenticated: self.authenticated,
            device: &self.device,
            saved: &self.saved,
            now: self.now.unwrap_or(now),
            dice: (!self.without_dice).then_some(&dice),
            keys: &self.keys,
        };
        evaluate(&Scope {
            parameters: &self.parameters,
            parameter_names: &self.parameter_names,
            variables: &self.variables,
            roots,
        })
    }

    /// The names of the start parameters, by slot.
    pub fn parameter_names(&self) -> &[Arc<str>] {
        &self.parameter_names
    }

    /// What would be known of it before a run, if these values were of the declared types: their types alone.
    pub fn facts(&self) -> Facts {
        let mut facts = Facts::new(self.parameters.iter().map(Known::like).collect(), self.variables.len());
        for (slot, value) in (0..).zip(&self.variables) {
            if let Some(value) = value {
                facts.set(Subject::Variable(slot), Known::like(value));
            }
        }
        let roots = [
            (Root::UserContext, &self.user),
            (Root::UserTokens, &self.tokens),
            (Root::Device, &self.device),
            (Root::SdkSavedData, &self.saved),
        ];
        for (root, value) in roots {
            facts.set(Subject::Root(root), Known::like(value));
        }
        facts
    }
}

impl Names for Given {
    fn variable(&self, name: &str) -> Option<u16> {
        slot(&self.variable_names, name)
    }

    fn parameter(&self, name: &str) -> Option<u16> {
        slot(&self.parameter_names, name)
    }

    fn variables(&self) -> Vec<&str> {
        self.variable_names.iter().map(|name| &**name).collect()
    }

    fn parameters(&self) -> Vec<&str> {
        self.parameter_names.iter().map(|name| &**name).collect()
    }
}

fn slot(names: &[Arc<str>], name: &str) -> Option<u16> {
    names.iter().position(|known| **known == *name)?.try_into().ok()
}

/// A value that is there; none where there is a finding instead.
fn whole(node: &Node, findings: &mut Findings) -> Option<Value> {
    let value = value(node, findings)?;
    if value.is_none() {
        let finding = Diagnostic::error(Code::WRONG_SHAPE, node.span, "only a variable can be unset");
        findings.push(finding.help("leave it out, or write `null`"));
    }
    value
}

/// A value, or that it is not set; none where there is a finding instead.
fn value(node: &Node, findings: &mut Findings) -> Option<Option<Value>> {
    let entries = match &node.kind {
        NodeKind::Mapping(entries) => entries,
        NodeKind::Sequence(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| whole(item, findings)).collect();
            return Some(Some(Value::from(items?)));
        }
        NodeKind::Refused => return None,
        _ => return Some(Some(node.to_value())),
    };
    let marked = |(key, _): &&(Node, Node)| key.as_text().is_some_and(|name| name.starts_with('$'));
    let Some((key, inner)) = entries.iter().find(marked) else {
        let mut object = Object::default();
        for (key, node) in entries {
            if let Some(name) = key.as_text() {
                object.insert(Arc::clone(name), whole(node, findings)?);
            }
        }
        return Some(Some(Value::from(object)));
    };
    let name = key.as_text().map_or("", |name| name);
    match (name, &inner.kind) {
        ("$secret", _) if entries.len() == 1 => whole(inner, findings).map(|value| Some(value.into_secret())),
        ("$unset", NodeKind::Bool(true)) if entries.len() == 1 => Some(None),
        _ => {
            let message = format!("{} means nothing here", quoted(name));
            let help = || "`{ $secret: … }` is a secret, and `{ $unset: true }` a variable that is not set".to_owned();
            let finding = Diagnostic::error(Code::UNKNOWN_KEY, key.span, message);
            findings.push(finding.guess_or(nearest(name, MARKS), help));
            None
        }
    }
}

/// The bytes of hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = digits.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

#[cfg(test)]
mod tests;
