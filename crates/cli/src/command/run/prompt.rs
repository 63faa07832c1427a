//! What a step asks comes in; it is put to the person in front of the terminal, or to standard input; the answer goes out.

use std::sync::Arc;

use anyhow::Result;
use wayfarer::step::{Choice, Prompt};
use wayfarer_lang::types::Type;
use wayfarer_lang::{Object, Value};

use super::params::{line, typed};
use crate::console::Console;
use crate::output::style::{BAD, NAME, QUIET, TITLE, paint};
use crate::output::text::safe;

/// The chosen option and what was filled in; `None` when the input has ended.
pub(super) fn ask(prompt: &Prompt, console: &mut Console) -> Result<Option<(Arc<str>, Value)>> {
    show(prompt, console)?;
    let Some(choice) = choose(&prompt.choices, console)? else { return Ok(None) };
    let data = match &choice.answer {
        None => Some(Value::Null),
        Some(answer) => fill_in(answer, console)?,
    };
    Ok(data.map(|data| (Arc::from(&*choice.id), data)))
}

fn show(prompt: &Prompt, console: &mut Console) -> Result<()> {
    let data = &prompt.data.0;
    let text = |name| data.get(name).and_then(Value::as_text);
    console.say("")?;
    match (text("title"), text("text")) {
        (None, None) if *data != Value::Null => {
            console.say(safe(&serde_json::to_string_pretty(&data.to_json_masked())?))?;
        }
        (title, text) => {
            if let Some(title) = title {
                console.say(format_args!("  {}", paint(TITLE, safe(title))))?;
            }
            for line in text.unwrap_or_default().lines() {
                console.say(format_args!("  {}", safe(line)))?;
            }
        }
    }
    Ok(())
}

/// A sole option is taken by pressing enter; of several one is named, by its number or its id.
fn choose<'a>(choices: &'a [Choice], console: &mut Console) -> Result<Option<&'a Choice>> {
    if let [only] = choices {
        if only.answer.is_some() {
            return Ok(Some(only));
        }
        let question = format!("  {} {}", paint(NAME, format!("[{}]", safe(&only.label))), paint(QUIET, "press enter"));
        return Ok(console.ask(question)?.map(|_| only));
    }
    loop {
        for (number, choice) in (1..).zip(choices) {
            console.say(format_args!("  {} {}", paint(NAME, format!("{number})")), safe(&choice.label)))?;
        }
        let Some(word) = console.ask(format!("  choose 1 to {}:", choices.len()))? else { return Ok(None) };
        let word = word.trim();
        let by_number = || word.parse::<usize>().ok()?.checked_sub(1).and_then(|index| choices.get(index));
        if let Some(choice) = choices.iter().find(|choice| choice.id == word).or_else(by_number) {
            return Ok(Some(choice));
        }
    }
}

/// A line for each field, or one for a value without fields.
fn fill_in(answer: &Type, console: &mut Console) -> Result<Option<Value>> {
    let Some(fields) = &answer.properties else { return field("answer", answer, console) };
    let mut filled = Object::new();
    for (name, ty) in fields {
        match field(name, ty, console)? {
            None => return Ok(None),
            // Nothing was typed where nothing is needed.
            Some(Value::Null) if !ty.is_required() => {}
            Some(value) => {
                filled.insert(name.clone(), value);
            }
        }
    }
    Ok(Some(Value::from(filled)))
}

fn field(name: &str, ty: &Type, console: &mut Console) -> Result<Option<Value>> {
    loop {
        let Some(text) = line(&format!("  {name}"), ty, console)? else { return Ok(None) };
        if text.expose().is_empty() && !ty.is_required() {
            return Ok(Some(Value::Null));
        }
        match typed(name, ty, &text) {
            Ok(value) => return Ok(Some(value)),
            Err(error) if console.is_interactive() => {
                console.say(format_args!("  {} {}", paint(BAD, "!"), safe(&error.to_string())))?;
            }
            Err(error) => return Err(error),
        }
    }
}
