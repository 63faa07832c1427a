//! The last answer of a run comes in; how it ended goes out, without a token unless it was asked for.

use anyhow::Result;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};
use wayfarer::engine::{Answer, Outcome};
use wayfarer_lang::Value;

use crate::Ending;
use crate::console::Console;
use crate::journey::Programs;
use crate::output::style::{BAD, GOOD, NAME, QUIET, paint};
use crate::output::table::columns;
use crate::output::text::safe;

/// How a run ended.
pub(super) struct Report<'a> {
    pub(super) answer: &'a Answer,
    /// Whether the texts of tokens are shown.
    pub(super) show_tokens: bool,
}

/// One step of the path, for people.
pub(super) fn step(programs: &Programs, id: &str) -> String {
    let type_name = programs.type_of(id).unwrap_or_default();
    format!("  {} {} {}", paint(QUIET, "●"), paint(NAME, format!("{id:<24}")), paint(QUIET, type_name))
}

/// What a step has for the client, for people.
pub(super) fn provided(data: &Value) -> Result<String> {
    Ok(format!("  {} {}", paint(QUIET, "data for the client"), safe(&data.to_json()?.to_string())))
}

/// Until when something other than this client is waited for, for people.
pub(super) fn waits(until: &Timestamp) -> String {
    format!("  {}", paint(QUIET, format!("waiting until {until:.0} for something from elsewhere; stop it with Ctrl-C")))
}

impl Report<'_> {
    /// Shows it, and says how the command ends.
    pub(super) fn show(&self, json: bool, console: &mut Console) -> Result<Ending> {
        if json {
            console.print_json(&self.to_json()?)?;
        } else {
            self.print(console)?;
        }
        Ok(match self.answer.outcome {
            Outcome::Completed { .. } => Ending::Good,
            Outcome::Rejected { .. } => Ending::Bad,
            _ => Ending::Failed,
        })
    }

    /// All fields of the outcome; those that it has no value for are left out.
    fn to_json(&self) -> Result<Json> {
        let mut report = Map::new();
        report.insert("outcome".to_owned(), json!(self.answer.outcome.word()));
        report.insert("path".to_owned(), json!(self.answer.path));
        if let Some(provided) = &self.answer.provided {
            report.insert("provided".to_owned(), provided.to_json()?);
        }
        for (name, value) in self.fields()? {
            report.insert(name.to_owned(), value);
        }
        report.insert("run".to_owned(), json!(self.answer.run.to_string()));
        Ok(Json::Object(report))
    }

    fn fields(&self) -> Result<Vec<(&'static str, Json)>> {
        let plain = |name, value: &Option<Value>| {
            Ok(value.as_ref().map(|value| value.to_json()).transpose()?.map(|value| (name, value)))
        };
        let fields: Result<Vec<Option<_>>> = match &self.answer.outcome {
            Outcome::Completed { data, tokens, claims } => {
                let tokens = tokens.as_ref().map(|tokens| self.tokens(tokens)).transpose()?;
                [plain("data", data), Ok(tokens.map(|tokens| ("tokens", tokens))), plain("claims", claims)]
                    .into_iter()
                    .collect()
            }
            Outcome::Rejected { data } => Ok(vec![plain("data", data)?]),
            Outcome::Failed { code } => Ok(vec![Some(("error", json!({ "code": code, "message": "the run failed" })))]),
            Outcome::Prompt { .. } | Outcome::Waiting { .. } => Ok(Vec::new()),
        };
        Ok(fields?.into_iter().flatten().collect())
    }

    /// What is no secret of the tokens; all of it if it was asked for.
    fn tokens(&self, tokens: &Value) -> Result<Json> {
        let mut shown = Map::new();
        for (name, value) in tokens.as_object().into_iter().flatten() {
            match value {
                Value::Secret(_) if !self.show_tokens => {}
                Value::Secret(token) => {
                    shown.insert(name.to_string(), token.expose().to_json()?);
                }
                plain => {
                    shown.insert(name.to_string(), plain.to_json()?);
                }
            }
        }
        Ok(Json::Object(shown))
    }

    fn print(&self, console: &mut Console) -> Result<()> {
        let (style, mark) = match self.answer.outcome {
            Outcome::Completed { .. } => (GOOD, "✔"),
            _ => (BAD, "✘"),
        };
        console.say("")?;
        console.print(paint(style, format_args!("{mark} {}", self.answer.outcome.word())))?;
        for (name, value) in self.fields()? {
            let rows: Vec<_> = match &value {
                Json::Object(fields) => {
                    fields.iter().map(|(field, value)| [format!("{name}.{field}"), words(value)]).collect()
                }
                other => vec![[name.to_owned(), words(other)]],
            };
            for line in columns(&rows) {
                console.print(format_args!("  {line}"))?;
            }
        }
        console.print(format_args!("  run  {}", self.answer.run))?;
        if !matches!(self.answer.outcome, Outcome::Completed { .. }) {
            let hint = format!("`wayfarer audit show --run {}` tells why", self.answer.run);
            console.say(paint(QUIET, hint))?;
        }
        Ok(())
    }
}

/// A text without its quotes, anything else as JSON.
fn words(value: &Json) -> String {
    safe(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}
