//! The YAML of journeys comes in; steps, exits and where they lead go out, read without the checker.

use std::collections::HashMap;

use serde_yaml::Value;
use wayfarer::lang::Catalog;
use wayfarer::lang::catalog::Unlinked;

/// Where an exit leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum To {
    Step(usize),
    Again(usize),
    Abort,
}

#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) type_name: String,
    pub(crate) exits: Vec<(String, To)>,
    pub(crate) is_marked: bool,
    /// The exit that proves the user.
    pub(crate) proves: Option<String>,
    /// The first step of the body.
    pub(crate) body: Option<usize>,
    /// What a form decides by.
    pub(crate) test: Option<String>,
    pub(crate) most: usize,
    pub(crate) plays: Option<String>,
}

/// A journey; none of it is known to be right.
#[derive(Clone, Debug)]
pub(crate) struct Journey {
    pub(crate) id: String,
    pub(crate) steps: Vec<Step>,
    /// Whether every target is there.
    pub(crate) is_whole: bool,
}

struct Raw<'y> {
    id: String,
    value: &'y Value,
    home: Option<usize>,
    body: Option<usize>,
}

pub(crate) fn journey(text: &str, catalog: &Catalog) -> Option<Journey> {
    let document: Value = serde_yaml::from_str(text).ok()?;
    let mut raw = Vec::new();
    flatten(document.get("steps")?, None, &mut raw);
    let by_id: HashMap<&str, usize> = raw.iter().enumerate().map(|(index, step)| (&*step.id, index)).collect();
    let mut is_whole = true;
    let mut steps: Vec<Step> = Vec::new();
    for step in &raw {
        let step = lower(step, &by_id, &steps, catalog, &mut is_whole)?;
        steps.push(step);
    }
    let id = document.get("journey")?.as_str()?.to_owned();
    (!steps.is_empty()).then_some(Journey { id, steps, is_whole })
}

fn flatten<'y>(steps: &'y Value, home: Option<usize>, raw: &mut Vec<Raw<'y>>) {
    for (id, value) in steps.as_mapping().into_iter().flatten() {
        let index = raw.len();
        let body = value.get("steps").map(|_| index + 1);
        raw.push(Raw { id: id.as_str().unwrap_or_default().to_owned(), value, home, body });
        if let Some(steps) = value.get("steps") {
            flatten(steps, Some(index), raw);
        }
    }
}

fn lower(
    raw: &Raw<'_>,
    by_id: &HashMap<&str, usize>,
    before: &[Step],
    catalog: &Catalog,
    is_whole: &mut bool,
) -> Option<Step> {
    let type_name = raw.value.get("type")?.as_str()?;
    let declaration = catalog.get(type_name)?;
    let with = |key: &str| raw.value.get("with").and_then(|with| with.get(key));
    let mut target = |name: &str| match (name, raw.home) {
        ("abort", _) => To::Abort,
        ("continue", Some(home)) => To::Again(home),
        ("break", Some(home)) => {
            let next = before[home].exits.iter().find(|(exit, _)| exit == "next");
            next.map_or(To::Abort, |(_, to)| *to)
        }
        (name, _) => by_id.get(name).map_or_else(
            || {
                *is_whole = false;
                To::Abort
            },
            |index| To::Step(*index),
        ),
    };
    let mut names: Vec<String> = declaration.exits.iter().map(|exit| exit.name.to_string()).collect();
    if let Some(Value::Mapping(keys)) = declaration.exits_from.as_deref().and_then(with) {
        names.extend(keys.keys().filter_map(|key| key.as_str().map(str::to_owned)));
    }
    if raw.value.get("timeout").is_some() && !names.iter().any(|name| name == "timeout") {
        names.push("timeout".to_owned());
    }
    let linked = |name: &str| {
        let branch = raw.value.get("branches").and_then(|branches| branches.get(name));
        branch.or_else(|| raw.value.get("next").filter(|_| name == "next")).and_then(Value::as_str)
    };
    let follows = |name: &str| {
        let exit = declaration.exits.iter().find(|exit| &*exit.name == name);
        match exit.map(|exit| &exit.unlinked) {
            Some(Unlinked::Follows(other)) => Some(other.to_string()),
            None if name == "timeout" => Some("failure".to_owned()),
            _ => None,
        }
    };
    let mut exits = Vec::new();
    for name in names {
        let written = linked(&name).or_else(|| follows(&name).as_deref().and_then(linked)).unwrap_or("abort");
        exits.push((name, target(written)));
    }
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default(),
    };
    Some(Step {
        type_name: type_name.to_owned(),
        exits,
        is_marked: raw.value.get("unauthenticated").and_then(Value::as_bool) == Some(true),
        proves: declaration.verifies.as_ref().map(|verifies| verifies.exit.to_string()),
        body: raw.body,
        test: with("if").or_else(|| with("while")).map(text),
        most: with("max_iterations").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok()).unwrap_or(1),
        plays: with("journey").and_then(Value::as_str).map(str::to_owned),
    })
}
