//! `name=value` words come in; start parameters of the declared types go out. What is missing is asked for.

use std::sync::Arc;

use anyhow::Result;
use wayfarer_lang::diagnostic::{did_you_mean, quoted};
use wayfarer_lang::types::{Type, TypeKind};
use wayfarer_lang::{Object, Program, Secret, Value};

use crate::args::Assignment;
use crate::console::Console;
use crate::failure::Failure;

/// The start parameters of a run. No error shows a value: it may be a secret.
pub(super) fn collect(program: &Program, given: &[Assignment], console: &mut Console) -> Result<Value> {
    let mut params = Object::new();
    for assignment in given {
        let Some(name) = &assignment.name else {
            return Err(Failure::usage("`-p` takes `name=value`")
                .help("`name=-` asks for the value".to_owned())
                .into());
        };
        let names = || program.parameter_names().iter().map(|name| &**name);
        let Some(declared) = program.parameters().iter().find(|declared| *declared.name == **name) else {
            let message = format!("the journey `{}` has no parameter {}", program.id(), quoted(name));
            let known: Vec<_> = names().map(quoted).collect();
            let listed =
                || if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
            let help = did_you_mean(name, names()).unwrap_or_else(listed);
            return Err(Failure::new("unknown_parameter", message).help(help).into());
        };
        let asked;
        let text = if assignment.value.expose() == "-" {
            asked = ask(&declared.name, &declared.ty, console)?;
            &asked
        } else {
            &assignment.value
        };
        let value = typed(&declared.name, &declared.ty, text)?;
        if params.insert(declared.name.clone(), value).is_some() {
            return Err(Failure::usage(format!("the parameter `{name}` is given twice")).into());
        }
    }
    for declared in program.parameters().iter().filter(|declared| declared.required) {
        if !params.contains_key(&declared.name) {
            if !console.is_interactive() {
                let message = format!("the parameter `{}` is missing", declared.name);
                let help = format!("give it by `-p {0}=…`, or by `-p {0}=-` and standard input", declared.name);
                return Err(Failure::new("missing_parameter", message).help(help).into());
            }
            let text = ask(&declared.name, &declared.ty, console)?;
            params.insert(declared.name.clone(), typed(&declared.name, &declared.ty, &text)?);
        }
    }
    Ok(Value::from(params))
}

fn ask(name: &Arc<str>, ty: &Type, console: &mut Console) -> Result<Secret<String>> {
    let line = line(name, ty, console)?;
    line.ok_or_else(|| {
        Failure::new("no_answer", format!("the parameter `{name}` is asked for, and the input has ended")).into()
    })
}

/// One line for a value; hidden if it is a secret. `None` when the input has ended.
pub(super) fn line(label: &str, ty: &Type, console: &mut Console) -> Result<Option<Secret<String>>> {
    let question = format!("{label}:");
    Ok(if ty.secret { console.ask_hidden(question)? } else { console.ask(question)?.map(Secret::new) })
}

/// The text as a value of the type: a text stays as it is, anything else is JSON.
pub(super) fn typed(name: &str, ty: &Type, text: &Secret<String>) -> Result<Value> {
    let as_text = || Value::from(text.expose().as_str());
    let value = match (ty.kind, serde_json::from_str::<serde_json::Value>(text.expose())) {
        (TypeKind::String | TypeKind::Date, _) | (TypeKind::Any, Err(_)) => as_text(),
        (_, Ok(json)) => Value::from(json),
        (kind, Err(_)) => return Err(refused(name, &format!("{} is needed, as JSON", a(kind)))),
    };
    let value = if ty.secret { value.into_secret() } else { value };
    ty.accept(&value).map_err(|error| refused(name, &error.to_string()))
}

fn refused(name: &str, why: &str) -> anyhow::Error {
    Failure::new("invalid_parameters", format!("the value of `{name}` does not fit: {why}")).into()
}

fn a(kind: TypeKind) -> String {
    let word = kind.word();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

#[cfg(test)]
mod tests;
