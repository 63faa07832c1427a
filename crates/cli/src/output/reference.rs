//! A declaration of a form, a step or a function comes in, its reference page in Markdown goes out.

use std::fmt::Write;

use wayfarer_lang::Declaration;
use wayfarer_lang::catalog::{Exit, Origin, Outward, Parameter, Place, Unlinked};
use wayfarer_lang::expr::functions::{Function, Purity};
use wayfarer_lang::types::Type;

/// The page of a form or a step.
pub(crate) fn step(declaration: &Declaration) -> String {
    let mut page = format!("# {}: {}\n", declaration.name, declaration.summary);
    if !declaration.doc.is_empty() {
        section(&mut page, declaration.doc.trim_end());
    }
    section(&mut page, &nature(declaration));
    section(&mut page, "## Parameters\n");
    if declaration.parameters.is_empty() {
        line(&mut page, "none");
    }
    for parameter in &declaration.parameters {
        line(&mut page, &parameter_line(parameter));
    }
    section(&mut page, "## Exits\n");
    if declaration.exits.is_empty() && declaration.exits_from.is_none() {
        line(&mut page, "none: the run ends here");
    }
    for exit in &declaration.exits {
        line(&mut page, &exit_line(exit));
    }
    if let Some(parameter) = &declaration.exits_from {
        line(&mut page, &format!("- and one for each key of `{parameter}`"));
    }
    if let Some(output) = &declaration.output {
        section(&mut page, &format!("## Output\n\n{}", type_words(output)));
    }
    if !declaration.error_codes.is_empty() {
        section(&mut page, "## What `error_output` may hold\n");
        for error in &declaration.error_codes {
            line(&mut page, &format!("- `{}`: {}", error.code, error.doc));
        }
    }
    page
}

/// The page of a function.
pub(crate) fn function(function: &Function) -> String {
    let mut page = format!("# @{}.{}\n", function.namespace, function.name);
    section(&mut page, &format!("```\n{}\n```", function.types()));
    section(&mut page, function.doc.trim_end());
    for parameter in function.parameters {
        if let Some(language) = parameter.pattern {
            section(
                &mut page,
                &format!("`{}` is a {}, written out in the expression.", parameter.name, language.word()),
            );
        }
    }
    let purity = match function.purity {
        Purity::Pure => "The same arguments always give the same value.",
        Purity::Time => "The value depends on the run's time.",
        Purity::Random => "The value depends on the run's random numbers.",
        Purity::Keys => "The value depends on the keys that go by their aliases.",
    };
    section(&mut page, purity);
    if !function.errors.is_empty() {
        let errors: Vec<_> = function.errors.iter().map(|code| format!("`{code}`")).collect();
        section(
            &mut page,
            &format!("## Errors\n\n{}; `bad-argument` for an argument of another type.", errors.join(", ")),
        );
    }
    let (expression, value) = function.example;
    section(&mut page, &format!("## Example\n\n```\n{expression}\n```\n\ngives `{value}`"));
    page
}

fn section(page: &mut String, text: &str) {
    line(page, &format!("\n{text}"));
}

fn line(page: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(page, "{text}");
}

fn nature(declaration: &Declaration) -> String {
    let mut words = vec![match declaration.origin {
        Origin::Form => "a form of the language".to_owned(),
        Origin::Step => format!("a step, version {}", declaration.version),
    }];
    if declaration.prompts {
        words.push("waits for the client".to_owned());
    } else if declaration.waits {
        words.push("may wait".to_owned());
    }
    if let Some(verifies) = &declaration.verifies {
        words.push(format!("verifies `{}`: exit `{}` proves who the user is", verifies.method, verifies.exit));
    }
    if declaration.identifies {
        words.push("may name the user, without proof".to_owned());
    }
    match declaration.outward {
        Outward::None => {}
        Outward::Idempotent => words.push("acts on the outside world, and may do so again".to_owned()),
        Outward::Once => words.push("acts on the outside world, at most once".to_owned()),
    }
    words.join("; ")
}

fn parameter_line(parameter: &Parameter) -> String {
    let mut words = vec![match parameter.place {
        Place::Value => type_words(&parameter.ty),
        Place::Expression => "an expression".to_owned(),
        Place::Assignments => "variables and their values".to_owned(),
        Place::Fields => "fields by their names".to_owned(),
        Place::Cases => "exits and their values".to_owned(),
        Place::Journey => "the id of a sub-journey".to_owned(),
        Place::Arguments => "the sub-journey's parameters and their values".to_owned(),
    }];
    if !parameter.required {
        words.push("optional".to_owned());
    }
    if parameter.secret {
        words.push("takes secrets".to_owned());
    }
    let about = if parameter.doc.is_empty() { String::new() } else { format!(": {}", parameter.doc) };
    format!("- `{}` ({}){about}", parameter.name, words.join(", "))
}

fn exit_line(exit: &Exit) -> String {
    let about = if exit.doc.is_empty() { String::new() } else { format!(": {}", exit.doc) };
    match &exit.unlinked {
        Unlinked::Error => format!("- `{}`{about}", exit.name),
        Unlinked::Follows(other) => format!("- `{}` (unlinked, it goes where `{other}` goes){about}", exit.name),
        Unlinked::Aborts => format!("- `{}` (unlinked, the run fails){about}", exit.name),
    }
}

/// A type in words, such as `array of string` or `object with a, b`.
fn type_words(ty: &Type) -> String {
    let mut words = ty.kind.word().to_owned();
    if let Some(items) = &ty.items {
        words.push_str(&format!(" of {}", type_words(items)));
    }
    if let Some(properties) = &ty.properties {
        let names: Vec<_> = properties.keys().map(|name| format!("`{name}`")).collect();
        words.push_str(&format!(" with {}", names.join(", ")));
    }
    if let Some(values) = &ty.values {
        let values: Vec<_> = values.iter().map(|value| value.to_json_masked().to_string()).collect();
        words.push_str(&format!(", one of {}", values.join(", ")));
    }
    if ty.nullable {
        words.push_str(" or null");
    }
    words
}
