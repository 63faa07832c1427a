//! A journey that is whole comes in, resolved and compiled; the parts of a [`Program`](crate::Program) go out.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::backend;
use super::library::Interface;
use super::links::Links;
use super::names::{Symbols, Typed};
use super::values::{self, Values};
use crate::catalog::{Declaration, Origin};
use crate::expr::Template;
use crate::journey::Journey;
use crate::program::{Case, Node, ParameterDeclaration, Parts, Retry, StepIndex, Work};

/// Puts them together. None if one is missing, for which there is a finding then.
pub(super) fn parts(
    journey: &Journey,
    symbols: &Symbols,
    steps: Vec<Typed<'_>>,
    links: Vec<Links>,
    values: Vec<Values>,
    start: usize,
    text: &Arc<str>,
) -> Option<Parts> {
    let is_backend = backend::is_backend(journey);
    let mut versions = BTreeMap::new();
    let mut nodes = Vec::with_capacity(steps.len());
    let (mut loops, mut callees) = (0, Vec::new());
    for ((step, links), values) in steps.into_iter().zip(links).zip(values) {
        let (source, declaration) = (step.source, step.declaration?);
        let work = match (&source.body, step.callee) {
            (Some(_), _) => turns(&step, values, &mut loops)?,
            (None, Some(callee)) => invocation(callee, values, &mut callees)?,
            (None, None) => work(declaration, values, is_backend)?,
        };
        if declaration.origin == Origin::Step {
            versions.insert(Arc::clone(&declaration.name), declaration.version);
        }
        let takes_time = !declaration.is_instant();
        nodes.push(Node {
            id: Arc::clone(&source.id.value),
            type_name: Arc::clone(&declaration.name),
            work,
            output: source.output.as_ref().and_then(|name| symbols.slot(&name.value)),
            error_output: source.error_output.as_ref().and_then(|name| symbols.slot(&name.value)),
            exits: links.links,
            timeout: source.timeout.as_ref().filter(|_| takes_time).map(|timeout| timeout.value),
            retry: source
                .retry
                .as_ref()
                .filter(|_| takes_time)
                .map(|retry| Retry { times: retry.value.times, delay: retry.value.delay }),
            span: source.id.span,
        });
    }
    let index = |(index, node): (usize, &Node)| Some((Arc::clone(&node.id), StepIndex(u32::try_from(index).ok()?)));
    let parameters: Vec<_> = journey
        .parameters
        .iter()
        .map(|parameter| ParameterDeclaration {
            name: Arc::clone(&parameter.name.value),
            required: parameter.ty.is_required(),
            default: parameter.ty.default.as_ref().and_then(|value| parameter.ty.accept(value).ok()),
            ty: parameter.ty.clone(),
        })
        .collect();
    Some(Parts {
        id: Arc::clone(&journey.id.as_ref()?.value),
        kind: journey.kind.as_ref().map(|kind| kind.value).unwrap_or_default(),
        title: journey.title.as_ref().map(|title| Arc::clone(&title.value)),
        parameter_names: parameters.iter().map(|parameter| Arc::clone(&parameter.name)).collect(),
        parameters,
        outputs: if is_backend { Some(backend::answer(values::outputs(journey))) } else { values::outputs(journey) },
        variables: symbols.variable_names().to_vec(),
        variable_types: symbols.variable_types.clone(),
        start: StepIndex(u32::try_from(start).ok()?),
        loops: usize::try_from(loops).ok()?,
        index: nodes.iter().enumerate().filter_map(index).collect(),
        steps: nodes,
        callees,
        step_versions: versions.into_iter().collect(),
        text: Arc::clone(text),
    })
}

/// A loop; `loops` counts them.
fn turns(step: &Typed<'_>, values: Values, loops: &mut u32) -> Option<Work> {
    let counter = *loops;
    *loops += 1;
    let most = values.entries.iter().find(|entry| &*entry.name == "max_iterations")?.template.constant()?.as_int()?;
    Some(Work::Loop {
        test: values.test?,
        most: u32::try_from(most).ok()?,
        counter,
        body: StepIndex(u32::try_from(step.index + 1).ok()?),
        end: StepIndex(u32::try_from(step.end).ok()?),
    })
}

/// An invocation; `callees` gathers the journeys that are invoked, each once.
fn invocation(callee: &Interface, values: Values, callees: &mut Vec<Arc<str>>) -> Option<Work> {
    let place = callees.iter().position(|id| *id == callee.id).unwrap_or_else(|| {
        callees.push(Arc::clone(&callee.id));
        callees.len() - 1
    });
    let mut given = values.entries;
    let mut take = |name: &str| {
        let place = given.iter().position(|entry| &*entry.name == name)?;
        Some(given.swap_remove(place).template)
    };
    let arguments = callee.parameters.iter().map(|parameter| take(&parameter.name.value)).collect();
    Some(Work::Invoke { callee: u16::try_from(place).ok()?, arguments })
}

fn work(declaration: &Declaration, values: Values, is_backend: bool) -> Option<Work> {
    if declaration.origin == Origin::Step {
        return Some(Work::Call {
            version: declaration.version,
            with: Template::object(values.entries.into_iter().map(|entry| (entry.name, entry.template))),
            verifies: declaration.verifies.clone(),
            gives: declaration.exits.iter().filter(|exit| exit.gives).map(|exit| Arc::clone(&exit.name)).collect(),
            identifies: declaration.identifies,
            prompts: declaration.prompts,
            outward: declaration.outward,
        });
    }
    let entries = values.entries;
    Some(match &*declaration.name {
        "condition" => Work::Condition { test: values.test? },
        "match_case" => Work::Match {
            on: values.test?,
            cases: entries.into_iter().map(|entry| Case { exit: entry.name, value: entry.template }).collect(),
        },
        "set_temporary_variables" => {
            Work::SetVariables(values.assignments.into_iter().map(|one| (one.slot, one.template)).collect())
        }
        "is_user_authenticated" => Work::IsUserAuthenticated,
        "complete_journey" if is_backend => Work::Complete { data: Some(answer(entries)) },
        "complete_journey" => Work::Complete { data: take(entries, "data") },
        "reject_access" => Work::Reject { data: take(entries, "data") },
        _ => return None,
    })
}

/// The HTTP answer to a backend, in the parts that the author gives.
fn answer(entries: Vec<values::Value>) -> Template {
    Template::object(entries.into_iter().map(|entry| (entry.name, entry.template)))
}

fn take(entries: Vec<values::Value>, name: &str) -> Option<Template> {
    entries.into_iter().find(|entry| &*entry.name == name).map(|entry| entry.template)
}
