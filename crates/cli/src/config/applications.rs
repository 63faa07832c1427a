//! The section `applications` comes in; their settings, their names and their clients go out.

use std::collections::BTreeMap;
use std::sync::Arc;

use wayfarer::identity::{Application, Lifetime, Passcodes, RecoveryGrade, TokenSettings};
use wayfarer_lang::diagnostic::quoted;
use wayfarer_lang::journey::Spanned;
use wayfarer_lang::{Code, Diagnostic};

use super::profile::HARDENED_LENGTH;
use super::section::Section;
use super::{Profile, too_weak};

/// A client that an application lists, and the application.
pub(super) struct Member {
    pub(super) client: Spanned<Arc<str>>,
    pub(super) application: Arc<str>,
}

type ById = (BTreeMap<String, Application>, BTreeMap<String, Arc<str>>);

/// The applications by id and their names, if the section is there; and the clients that they list.
pub(super) fn read(root: &mut Section<'_>, profile: Profile) -> (Option<ById>, Vec<Member>) {
    let mut members = Vec::new();
    let all = root.each("applications", "the application", |id, section| {
        if !is_id(&id.value) {
            let message = format!("an application cannot be called {}", quoted(&id.value));
            section
                .find(Diagnostic::error(Code::BAD_ID, id.span, message).help("an id is 1 to 64 of `A-Z a-z 0-9 _ -`"));
        }
        let name = section.text("name").map(|name| name.value);
        let one_time_passcodes = section
            .within("one_time_passcodes", |section| passcodes(section, profile))
            .unwrap_or_else(|| lengths(profile));
        let tokens = section.within("tokens", |section| tokens(section, profile)).unwrap_or_default();
        let clients = section.texts("clients").into_iter();
        members.extend(clients.map(|client| Member { client, application: id.value.clone() }));
        (id.value.to_string(), Application { one_time_passcodes, tokens }, name)
    });
    if let Some(node) = root.node("applications").filter(|_| all.as_ref().is_some_and(Vec::is_empty)) {
        let finding = Diagnostic::error(Code::MISSING_KEY, node.span, "`applications` names none");
        root.find(finding.help("name one, such as `default: {}`, or leave the key out"));
    }
    let by_id = all.filter(|all| !all.is_empty()).map(|all| {
        let names = all.iter().filter_map(|(id, _, name)| Some((id.clone(), name.clone()?))).collect();
        (all.into_iter().map(|(id, application, _)| (id, application)).collect(), names)
    });
    (by_id, members)
}

/// An application of which nothing is said.
pub(super) fn default(profile: Profile) -> Application {
    Application { one_time_passcodes: lengths(profile), ..Application::default() }
}

fn lengths(profile: Profile) -> Passcodes {
    let passcodes = Passcodes::default();
    if profile.is_hardened() { passcodes.with_length(HARDENED_LENGTH).unwrap_or(passcodes) } else { passcodes }
}

fn passcodes(section: &mut Section<'_>, profile: Profile) -> Passcodes {
    let mut passcodes = lengths(profile);
    section.duration("expires_in", |value| {
        Lifetime::from_seconds(value).map(|it| passcodes = passcodes.with_expires_in(it))
    });
    section.duration("lockout", |value| passcodes.with_lockout(value).map(|it| passcodes = it));
    section.number("max_attempts", |value| passcodes.with_max_attempts(value).map(|it| passcodes = it));
    section.number("failure_cap", |value| passcodes.with_failure_cap(value).map(|it| passcodes = it));
    section.number("length", |value| passcodes.with_length(value).map(|it| passcodes = it));
    let weak = profile.is_hardened() && passcodes.length() < usize::try_from(HARDENED_LENGTH).unwrap_or(usize::MAX);
    if let Some(node) = section.node("length").filter(|_| weak) {
        let cure = format!("write {HARDENED_LENGTH} or more, or leave it out");
        section.find(too_weak(node.span, "code of a length of", &passcodes.length().to_string(), &cure));
    }
    passcodes
}

fn tokens(section: &mut Section<'_>, profile: Profile) -> TokenSettings {
    let written = section.text("after_temp_code");
    let grade = written.as_ref().and_then(|word| {
        section.parse("after_temp_code", word, "one of `recovery` and `login`", |word| match word {
            "recovery" => Some(RecoveryGrade::Recovery),
            "login" => Some(RecoveryGrade::Login),
            _ => None,
        })
    });
    let grade = grade.unwrap_or_default();
    if let Some(word) = written.filter(|_| profile.is_hardened() && grade == RecoveryGrade::Login) {
        section.find(too_weak(
            word.span,
            "session after a temporary code that is a",
            "login",
            "write `recovery`, or leave it out",
        ));
    }
    let seconds = TokenSettings::default().lifetime().as_secs();
    let mut tokens = TokenSettings::new(seconds, grade).unwrap_or_default();
    section.duration("lifetime", |value| TokenSettings::new(value, grade).map(|it| tokens = it));
    tokens
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
