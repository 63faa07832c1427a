//! The section `rules` comes in; what the project asks of the ways through its journeys goes out.

use std::sync::Arc;

use anyhow::Result;
use wayfarer_lang::diagnostic::{did_you_mean, quoted};
use wayfarer_lang::journey::{Spanned, is_identifier};
use wayfarer_lang::rules::{Glob, MOST_RULES, Place, Rule};
use wayfarer_lang::{Catalog, Code, Diagnostic, Findings, Rules, Source};

use super::file::Mistakes;
use super::section::Section;

/// The most characters of what a rule says to those who break it.
const LONGEST_MESSAGE: usize = 200;

/// The rules of the file, and the step types that they name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    rules: Arc<Rules>,
    types: Vec<Spanned<Arc<str>>>,
    pub(super) source: Option<Arc<Source>>,
}

impl Written {
    /// The rules, whatever they name.
    pub(crate) fn all(&self) -> Arc<Rules> {
        self.rules.clone()
    }

    /// The rules, if there is every step type that they name: a slip there would be a rule that never holds.
    ///
    /// # Errors
    /// All types that are not in the catalogue.
    pub(crate) fn known_to(&self, catalog: &Catalog) -> Result<Arc<Rules>> {
        let mut findings = Findings::new();
        for name in self.types.iter().filter(|name| catalog.get(&name.value).is_none()) {
            let message = format!("there is no step type {}", quoted(&name.value));
            let known = catalog.iter().map(|declaration| &*declaration.name);
            let help = did_you_mean(&name.value, known.collect::<Vec<_>>());
            let help = help.unwrap_or_else(|| "`wayfarer steps` lists the types".to_owned());
            findings.push(Diagnostic::error(Code::UNKNOWN_STEP_TYPE, name.span, message).help(help));
        }
        match &self.source {
            Some(source) if !findings.is_empty() => {
                Err(Mistakes { text: Box::new(source.as_ref().clone()), findings }.into())
            }
            _ => Ok(self.rules.clone()),
        }
    }
}

/// `rules: { NAME: { never or always_before, journeys, message } }`.
pub(super) fn read(root: &mut Section<'_>) -> Written {
    let mut types = Vec::new();
    let rules = root.each("rules", "the rule", |name, section| rule(name, section, &mut types));
    let rules: Vec<_> = rules.unwrap_or_default();
    if let Some(node) = root.node("rules").filter(|_| rules.len() > MOST_RULES) {
        let message = format!("`rules` holds {}, and {MOST_RULES} are the most", rules.len());
        root.find(Diagnostic::error(Code::OUT_OF_BOUNDS, node.span, message));
    }
    Written { rules: Arc::new(Rules { rules: rules.into_iter().flatten().collect() }), types, source: None }
}

fn rule(name: &Spanned<Arc<str>>, section: &mut Section<'_>, types: &mut Vec<Spanned<Arc<str>>>) -> Option<Rule> {
    if !is_identifier(&name.value) {
        let message = format!("a rule cannot be called {}", quoted(&name.value));
        let finding = Diagnostic::error(Code::BAD_ID, name.span, message);
        section.find(finding.help("begin with a letter or `_`; then letters, digits, `_` and `-`"));
    }
    let never = section.within("never", |never| {
        let (from, to) = (place(never, "from", types), needed(never, "to", types));
        (from, to, place(never, "unless", types))
    });
    let before =
        section.within("always_before", |before| (None, needed(before, "step", types), needed(before, "comes", types)));
    let journeys = section.node("journeys").is_some().then(|| {
        let texts = section.texts("journeys");
        texts.iter().filter_map(|text| glob(section, "journeys", text)).collect()
    });
    let message = section.text("message");
    if let Some(message) = message.as_ref().filter(|text| text.value.chars().count() > LONGEST_MESSAGE) {
        let told = format!("`message` must have at most {LONGEST_MESSAGE} characters");
        section.find(Diagnostic::error(Code::OUT_OF_BOUNDS, message.span, told));
    }
    let (from, to, unless) = match (never, before) {
        (Some(ways), None) | (None, Some(ways)) => ways,
        (None, None) => {
            section.missing("never", "say what must not be: `never` or `always_before`");
            return None;
        }
        (Some(_), Some(_)) => {
            let message = format!("the rule {} has both `never` and `always_before`", quoted(&name.value));
            section.find(Diagnostic::error(Code::SETTINGS_CONTRADICT, name.span, message).help("make two rules of it"));
            return None;
        }
    };
    Some(Rule { name: name.value.clone(), journeys, from, to: to?, unless, message: message.map(|it| it.value) })
}

fn needed(section: &mut Section<'_>, key: &'static str, types: &mut Vec<Spanned<Arc<str>>>) -> Option<Place> {
    if section.lacks(key) {
        section.missing(key, "say which steps: `{ type: complete_journey }`, for example");
    }
    place(section, key, types)
}

/// `{ id, type, exit }`, of which something must be said.
fn place(section: &mut Section<'_>, key: &'static str, types: &mut Vec<Spanned<Arc<str>>>) -> Option<Place> {
    section.within(key, |section| {
        let (id, type_name) = (section.text("id"), section.text("type"));
        let exit = section.parsed("exit", "the name of an exit", |text| is_identifier(text).then(|| text.into()));
        if section.lacks("id") && section.lacks("type") && section.lacks("exit") {
            section.missing("type", "say which steps, by `id`, `type` or `exit`");
        }
        let id = id.and_then(|text| glob(section, "id", &text));
        let kind = type_name.as_ref().and_then(|text| glob(section, "type", text));
        types.extend(type_name.filter(|_| kind.as_ref().is_some_and(Glob::is_plain)));
        Place { id, type_name: kind, exit }
    })
}

fn glob(section: &mut Section<'_>, key: &str, text: &Spanned<Arc<str>>) -> Option<Glob> {
    let wanted = "an id, in which `*` stands for any characters";
    section.parse(key, text, wanted, |text| {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_-*".contains(&byte);
        ((1..=64).contains(&text.len()) && text.bytes().all(letter)).then(|| Glob::new(text))
    })
}

#[cfg(test)]
mod tests;
