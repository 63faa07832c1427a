//! The section `clients` comes in; the clients that shall be there go out, each in its application.

use std::collections::BTreeMap;
use std::sync::Arc;

use wayfarer::identity::{ClientScope, Completion, NewClient, Origin};
use wayfarer_lang::diagnostic::{did_you_mean, quoted};
use wayfarer_lang::journey::Spanned;
use wayfarer_lang::{Code, Diagnostic};

use super::applications::Member;
use super::section::Section;
use super::{Profile, too_weak};

/// The clients that are declared. `applications` are those that there are, and `members` what they list.
pub(super) fn read(
    root: &mut Section<'_>,
    profile: Profile,
    applications: &[String],
    members: &[Member],
) -> Vec<NewClient> {
    let mut of = BTreeMap::<Arc<str>, Arc<str>>::new();
    for Member { client, application } in members {
        if let Some(other) = of.insert(client.value.clone(), application.clone()) {
            let message = format!("the client {} belongs to {} already", quoted(&client.value), quoted(&other));
            root.find(contradiction(client, message).help("list it under one application"));
        }
    }
    let mut declared = Vec::new();
    let clients = root.each("clients", "the client", |id, section| {
        declared.push(id.value.clone());
        let application = match (of.get(&id.value), applications) {
            (Some(listed), _) => Some(listed.to_string()),
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        };
        if application.is_none() {
            let message = format!("no application lists the client {}", quoted(&id.value));
            section.find(contradiction(id, message).help("write its id under `clients` of its application"));
        }
        client(id, &application.unwrap_or_default(), section, profile)
    });
    for Member { client, .. } in members.iter().filter(|member| !declared.contains(&member.client.value)) {
        let message = format!("the client {} is not declared", quoted(&client.value));
        let near = did_you_mean(&client.value, declared.iter().map(|id| &**id));
        let help = near.unwrap_or_else(|| "declare it under `clients:`, with what it may do".to_owned());
        root.find(contradiction(client, message).help(help));
    }
    clients.unwrap_or_default()
}

fn client(id: &Spanned<Arc<str>>, application: &str, section: &mut Section<'_>, profile: Profile) -> NewClient {
    let words = ClientScope::ALL.map(ClientScope::as_str);
    let wanted = format!("of `{}`", words.join("`, `"));
    let mut client = NewClient { client_id: Some(id.value.to_string()), ..NewClient::confidential(application) };
    client.name = section.text("name").map(|name| name.value.to_string());
    client.confidential = !section.flag("public").unwrap_or(false);
    for word in section.texts("scopes") {
        client.scopes.extend(section.parse("scopes", &word, &wanted, |word| word.parse::<ClientScope>().ok()));
    }
    for text in section.texts("origins") {
        match Origin::new(&text.value) {
            Ok(origin) => client.origins.push(origin),
            Err(error) => section.find(Diagnostic::error(Code::NOT_A_CHOICE, text.span, error.to_string())),
        }
        if profile.is_hardened() && text.value.starts_with("http://") {
            section.find(too_weak(text.span, "origin", &text.value, "let it begin with `https://`"));
        }
    }
    if let Some(word) = section.text("completion") {
        let read =
            section.parse("completion", &word, "`token`, `code` or `both`", |word| word.parse::<Completion>().ok());
        client.completion = read.unwrap_or_default();
    }
    let all = section.node("journeys").is_none();
    let journeys = section.texts("journeys");
    client.journeys = (!all).then(|| journeys.iter().map(|id| id.value.to_string()).collect());
    if let Err(error) = client.check() {
        section.find(contradiction(id, error.to_string()));
    }
    client
}

fn contradiction(place: &Spanned<Arc<str>>, message: String) -> Diagnostic {
    Diagnostic::error(Code::SETTINGS_CONTRADICT, place.span, message)
}
