//! How far a run has come comes in; what the SDK makes its response of goes out.

use serde_json::{Map, Value as Json, json};
use wayfarer_engine::{Answer, Handle, Outcome, Problem};
use wayfarer_lang::Value;
use wayfarer_step::{Choice, Prompt};

use super::ending;
use super::envelope::{Denial, Envelope};
use super::visitor::Visitor;
use crate::app::App;
use crate::refusal::Refusal;

/// The option of a step's own answer, which the SDK calls `client_input` and always offers.
pub(super) const SUBMIT: &str = "submit";

/// The SDK's type for a step that waits for somebody else.
pub(super) const WAIT: &str = "wait_for_ticket";

/// The SDK's code for an answer that does not fit.
const NOT_VALID: u32 = 28;

/// How an answer is told.
pub(super) struct Told {
    /// Whether it is that of a start, which names the run.
    pub(super) first: bool,
    /// What was wrong with what the page sent.
    pub(super) fault: Option<Fault>,
}

/// What was wrong with an answer. It holds nothing of the answer.
pub(super) struct Fault(Vec<Problem>);

impl From<Vec<Problem>> for Fault {
    fn from(problems: Vec<Problem>) -> Self {
        Self(problems)
    }
}

impl Told {
    /// The answer in its envelope.
    pub(super) async fn of(self, app: &App, visitor: &Visitor, answer: &Answer) -> Result<Envelope, Denial> {
        let handed = ending::handed_over(app, &visitor.client, answer).await?;
        Ok(self.envelope(handed, app, visitor, answer)?.on_beat(answer.refused))
    }

    fn envelope(
        self,
        mine: Map<String, Json>,
        app: &App,
        visitor: &Visitor,
        answer: &Answer,
    ) -> Result<Envelope, Denial> {
        let provided = answer.provided.as_ref().map(shown).transpose()?;
        let element = match &answer.outcome {
            Outcome::Completed { data, .. } => {
                let mut told = state("completed", handed(data.as_ref(), provided)?);
                told.insert("assertions_complete".to_owned(), json!(true));
                told.extend(mine);
                return Ok(Envelope::good(Json::Object(told)));
            }
            Outcome::Rejected { data } => return Ok(Envelope::rejected(handed(data.as_ref(), provided)?)),
            Outcome::Failed { .. } => return Ok(Envelope::rejected(None)),
            Outcome::Prompt { handle, step, prompt, .. } => asked(handle, step, prompt)?,
            Outcome::Waiting { handle, .. } => {
                Map::from_iter([named("type", WAIT), named("assertion_id", handle.expose()), ticket(handle)])
            }
        };
        let mut told = state("pending", handed(None, provided)?);
        told.insert("assertions_complete".to_owned(), json!(false));
        let element = self.with_fault(element, &mut told);
        told.insert("control_flow".to_owned(), json!([element]));
        let envelope = Envelope::good(Json::Object(told));
        Ok(if self.first {
            envelope.header("session_id", &app.engine().alias(app.tenant(), &visitor.client.client_id, answer.run))
        } else {
            envelope
        })
    }

    /// Says what was wrong: with what the page sent, or, if the author says so, with the answer before.
    fn with_fault(&self, mut element: Map<String, Json>, told: &mut Map<String, Json>) -> Map<String, Json> {
        let message = match &self.fault {
            Some(Fault(problems)) => {
                let error = |problem: &Problem| json!({ "field": field(problem), "message": problem.message });
                let errors: Vec<_> = problems.iter().map(error).collect();
                element
                    .insert("error_data".to_owned(), json!({ "code": "client_response_not_valid", "errors": errors }));
                Some("the answer does not fit".to_owned())
            }
            None => element.get("error_data").and_then(|error| error.get("message")?.as_str()).map(str::to_owned),
        };
        if let Some(message) = message {
            told.insert("assertion_error_code".to_owned(), json!(NOT_VALID));
            told.insert("assertion_error_message".to_owned(), json!(message));
        }
        element
    }
}

/// The field that a problem belongs to; null for the whole answer.
fn field(problem: &Problem) -> Option<&str> {
    problem.path.strip_prefix("data.")
}

fn named(name: &str, value: &str) -> (String, Json) {
    (name.to_owned(), json!(value))
}

/// Lets the page ask whether the wait is over. It may be shown to others, which a handle may not.
fn ticket(handle: &Handle) -> (String, Json) {
    named("raw_ticket_id", &handle.mark())
}

/// A prompt as an element of the SDK's control flow.
fn asked(handle: &Handle, step: &str, prompt: &Prompt) -> Result<Map<String, Json>, Denial> {
    let mut element = match shown(&prompt.data.0)? {
        Json::Object(data) => data,
        Json::Null => Map::new(),
        other => Map::from_iter([("data".to_owned(), other)]),
    };
    let kind = match &*prompt.kind {
        "form" => {
            form(&mut element);
            element.extend([named("form_id", step)]);
            "form"
        }
        "wait_for_another_device" => {
            element.extend([ticket(handle)]);
            WAIT
        }
        other => other,
    };
    let escapes: Vec<_> = prompt.choices.iter().filter(|choice| choice.id != SUBMIT).map(escape).collect();
    element.extend([named("type", kind), named("assertion_id", handle.expose())]);
    element.insert("escapes".to_owned(), json!(escapes));
    Ok(element)
}

fn escape(choice: &Choice) -> Json {
    json!({ "id": choice.id, "display_name": choice.label })
}

/// The fields of a form as the SDK's pages look for them.
fn form(element: &mut Map<String, Json>) {
    let fields = match element.remove("fields") {
        Some(Json::Object(fields)) => fields,
        _ => Map::new(),
    };
    let is_required = |field: &Json| field.get("required").and_then(Json::as_bool) == Some(true);
    let required: Vec<_> = fields.iter().filter(|(_, field)| is_required(field)).map(|(name, _)| json!(name)).collect();
    element.insert("form_schema".to_owned(), json!({ "type": "object", "properties": fields, "required": required }));
    element.entry("app_data").or_insert_with(|| json!({}));
    if let Some(error) = element.remove("error") {
        element.insert("error_data".to_owned(), error);
    }
}

fn state(word: &str, data: Option<Json>) -> Map<String, Json> {
    let mut told = Map::from_iter([named("state", word)]);
    told.extend(data.map(|data| ("data".to_owned(), data)));
    told
}

/// What the author hands out, and what steps on the way had for the page: the SDK looks for that under `json_data`.
fn handed(data: Option<&Value>, provided: Option<Json>) -> Result<Option<Json>, Denial> {
    let data = data.filter(|data| !matches!(data, Value::Null)).map(shown).transpose()?;
    let Some(provided) = provided else { return Ok(data) };
    let mut fields = match data {
        None => Map::new(),
        Some(Json::Object(fields)) => fields,
        Some(other) => Map::from_iter([("data".to_owned(), other)]),
    };
    fields.insert("json_data".to_owned(), provided);
    Ok(Some(Json::Object(fields)))
}

/// A secret never gets here; if one did, it would stay here.
fn shown(value: &Value) -> Result<Json, Denial> {
    value.to_json().map_err(|_| {
        tracing::error!("a secret was to be shown");
        Denial::from(Refusal::Internal)
    })
}
