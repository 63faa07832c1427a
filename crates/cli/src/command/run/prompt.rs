//! What a step asks comes in; it is put to the person in front of the terminal, or to standard input; the answer goes out.

use std::sync::Arc;

use anyhow::Result;
use wayfarer::step::{Choice, ChoiceKind, Prompt};
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
        Some(answer) => fill_in(answer, &prompt.data.0, console)?,
    };
    if data.is_none()
        && console.is_interactive()
        && let Some(cancel) = prompt.choices.iter().find(|choice| choice.kind == ChoiceKind::Cancel)
    {
        return Ok(Some((Arc::from(&*cancel.id), Value::Null)));
    }
    Ok(data.map(|data| (Arc::from(&*choice.id), data)))
}

/// Shows what is asked, or what is waited for.
pub(super) fn show(prompt: &Prompt, console: &mut Console) -> Result<()> {
    let data = &prompt.data.0;
    let text = |name| data.get(name).and_then(Value::as_text);
    let content = text("content").filter(|_| prompt.kind == "wait_for_another_device");
    console.say("")?;
    match (text("title"), text("text")) {
        (None, None) if *data != Value::Null && content.is_none() => {
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
    if let Some(content) = content {
        console.say(format_args!("  {}", paint(NAME, safe(content))))?;
    }
    if let Some(message) = data.get("error").and_then(|error| error.get("message")).and_then(Value::as_text) {
        console.say(format_args!("  {} {}", paint(BAD, "!"), safe(message)))?;
    }
    Ok(())
}

/// A sole option is taken by pressing enter; of several one is named, by its number or its id. Where there is only
/// something to fill in or to give up, it is filled in: giving up is ending the input.
fn choose<'a>(choices: &'a [Choice], console: &mut Console) -> Result<Option<&'a Choice>> {
    let mut onward = choices.iter().filter(|choice| choice.kind != ChoiceKind::Cancel);
    if let (Some(only), None) = (onward.next(), onward.next())
        && only.answer.is_some()
    {
        return Ok(Some(only));
    }
    if let [only] = choices {
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
fn fill_in(answer: &Type, shown: &Value, console: &mut Console) -> Result<Option<Value>> {
    let Some(fields) = &answer.properties else { return field("answer", answer, None, console) };
    let shown = shown.get("fields");
    let mut filled = Object::new();
    for (name, ty) in fields {
        match field(name, ty, shown.and_then(|shown| shown.get(name)), console)? {
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

/// One value, asked for by the label that the form gives the field.
fn field(name: &str, ty: &Type, shown: Option<&Value>, console: &mut Console) -> Result<Option<Value>> {
    let label = shown.and_then(|shown| shown.get("label")).and_then(Value::as_text).unwrap_or(name);
    let mut question = format!("  {}", safe(label));
    if let Some(default) = &ty.default {
        question += &format!(" [{}]", safe(&plain(default)));
    }
    let options: Vec<_> = ty.values.iter().flatten().collect();
    for (number, id) in (1..).zip(&options) {
        let label = shown.and_then(|shown| option_label(shown, id)).map_or_else(|| plain(id), str::to_owned);
        console.say(format_args!("  {} {}", paint(NAME, format!("{number})")), safe(&label)))?;
    }
    loop {
        let Some(text) = line(&question, ty, console)? else { return Ok(None) };
        let chosen = || text.expose().trim().parse::<usize>().ok()?.checked_sub(1).and_then(|index| options.get(index));
        let named = options.iter().any(|id| plain(id) == *text.expose());
        if let Some(id) = chosen().filter(|_| !named) {
            return Ok(Some((*id).clone()));
        }
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

/// A text without its quotes, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_text().map_or_else(|| value.to_json_masked().to_string(), str::to_owned)
}

/// What is shown for the option of a selection.
fn option_label<'a>(shown: &'a Value, id: &Value) -> Option<&'a str> {
    let options = shown.get("options")?.as_array()?;
    options.iter().find(|option| option.get("id") == Some(id))?.get("label")?.as_text()
}
