//! `eval`: an expression and a file of what surrounds it come in; its value, its type and its cost go out.

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde_json::json;
use wayfarer::identity::SystemEntropy;
use wayfarer::step::port::Entropy as _;
use wayfarer_lang::expr::{EvalError, Expression, FUEL, Given, MAX_SOURCE, Seed, compile_text};
use wayfarer_lang::text::Source;
use wayfarer_lang::{Findings, Value, yaml};

use crate::args::{Eval, Format};
use crate::console::Console;
use crate::output::findings::{draw_failed, mistakes};
use crate::output::style::{NOTICE, paint};
use crate::output::text::safe;
use crate::{Ending, files};

/// What the expression is called where it is drawn.
const NAME: &str = "expression";

/// Evaluates it. Mistakes in the expression or the scope are findings, and an evaluation that fails is told with its place.
pub(crate) fn perform(arguments: &Eval, console: &mut Console) -> Result<Ending> {
    let json = arguments.format.format == Format::Json;
    let source = Source::new(NAME, text(arguments, console)?);
    let (scope, given, findings) = given(arguments)?;
    if findings.has_errors() {
        mistakes(console, &scope, &findings, json)?;
        return Ok(Ending::Bad);
    }
    let expression = match compile_text(source.text(), &given) {
        Ok(expression) => expression,
        Err(found) => {
            mistakes(console, &source, &Findings::from_iter(found), json)?;
            return Ok(Ending::Bad);
        }
    };
    let (result, cost) = evaluate(&expression, &given)?;
    let inferred = expression.infer(&given.facts(), given.parameter_names()).known.to_string();
    match result {
        Ok(value) => show(&value, &inferred, cost, json, console)?,
        Err(error) => {
            failed(&source, &error, cost, json, console)?;
            return Ok(Ending::Bad);
        }
    }
    Ok(Ending::Good)
}

/// The text of the expression, without the line break behind it.
fn text(arguments: &Eval, console: &Console) -> Result<String> {
    if arguments.expression != "-" {
        return Ok(arguments.expression.clone());
    }
    let bytes = console.read_all(MAX_SOURCE)?;
    let text = String::from_utf8(bytes).ok().context("the expression on standard input is not UTF-8")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// What surrounds it; nothing without a file.
fn given(arguments: &Eval) -> Result<(Source, Given, Findings)> {
    let Some(path) = &arguments.scope else {
        return Ok((Source::new(NAME, String::new()), Given::default(), Findings::new()));
    };
    let bytes = files::journey(path)?;
    let source = Source::from_bytes(path.display().to_string(), &bytes);
    let (document, mut findings) = yaml::read(&bytes, &yaml::Budget::default());
    let given = document.map(|document| {
        let (given, found) = Given::read(document.root());
        findings.extend(found);
        given
    });
    Ok((source, given.unwrap_or_default(), findings))
}

#[expect(clippy::disallowed_methods, reason = "somebody evaluates an expression here and now: this is the rim")]
fn evaluate(expression: &Expression, given: &Given) -> Result<(Result<Value, EvalError>, u32)> {
    let mut seed = [0; 32];
    SystemEntropy.fill(&mut seed)?;
    Ok(given.within(Timestamp::now(), Seed::new(seed), |scope| expression.measure(scope)))
}

fn show(value: &Value, inferred: &str, cost: u32, json: bool, console: &mut Console) -> Result<()> {
    let shown = value.to_json_masked();
    let is = if matches!(value, Value::Int(_)) { "integer" } else { value.type_name() };
    if json {
        console.print_json(&json!({ "value": shown, "type": is, "inferred": inferred, "cost": cost, "fuel": FUEL }))?;
        return Ok(());
    }
    console.print(safe(&serde_json::to_string_pretty(&shown)?))?;
    console.say(format_args!("{} {is}; `check` would know it as {inferred}", paint(NOTICE, "type")))?;
    console.say(format_args!("{} {cost} of {FUEL} units", paint(NOTICE, "cost")))?;
    Ok(())
}

fn failed(source: &Source, error: &EvalError, cost: u32, json: bool, console: &mut Console) -> Result<()> {
    if json {
        let at = source.position(error.span.start);
        let error = json!({
            "code": error.code.word(),
            "message": error.message,
            "line": at.line,
            "column": at.column,
            "text": source.text().get(error.span.range()),
        });
        console.print_json(&json!({ "error": error, "cost": cost, "fuel": FUEL }))?;
    } else {
        console.say(draw_failed(source, error.code.word(), &error.message, error.span))?;
    }
    Ok(())
}
