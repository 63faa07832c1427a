//! `collect_information`: the fields of a form come in; the client fills them in, and the checked answers go out.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wayfarer_step::lang::types::{Field, Type};
use wayfarer_step::lang::value::Object;
use wayfarer_step::serde_json::{Map, Value as Json};
use wayfarer_step::{Choice, Context, Event, Prompt, RawOutput, Reply, Shape, Step, StepError, Value};

/// Asks the client for the fields of a form.
#[derive(Clone, Copy, Debug)]
pub struct CollectInformation;

/// What stands under `with:`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The headline.
    title: Option<String>,
    /// The text above the fields.
    text: Option<String>,
    /// What is asked for: a type for each name, or a map with `type`, `label` and what narrows it.
    fields: Map<String, Json>,
    /// Further ways on: an exit for each id, with the text of its button.
    options: Option<Map<String, Json>>,
    /// Further data for the app.
    app_data: Option<Json>,
    /// What was wrong with the last answer; null if nothing was.
    error: Option<FormError>,
}

/// What was wrong with an answer.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct FormError {
    /// A word for the app.
    code: String,
    /// A sentence for the user.
    message: String,
    /// The field that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

/// What the client is shown.
#[derive(Serialize)]
struct Form<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: &'a Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: &'a Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_data: &'a Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: &'a Option<FormError>,
}

const SUBMIT: &str = "submit";
const CANCEL: &str = "cancel";

impl Step for CollectInformation {
    const TYPE: &'static str = "collect_information";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = RawOutput;

    fn shape() -> Shape {
        Shape::new("asks the client for the fields of a form")
            .doc(include_str!("collect_information.md"))
            .prompts()
            .fields("fields")
            .exit_giving(SUBMIT, "the form was filled in; `output` takes the answers")
            .exit_or_abort(CANCEL, "the user gave up")
            .exits_from("options")
            .error("invalid_form", "an expression gave a field that cannot be asked for")
    }

    async fn enter(&self, _: &mut Context, params: Params) -> Result<Reply<(), RawOutput>, StepError> {
        let Params { title, text, fields, options, app_data, error } = params;
        let (mut shown, mut types) = (Object::new(), Vec::new());
        for (name, declared) in fields {
            let field = Field::read(&Value::from(declared)).map_err(|error| invalid(&name, &error.to_string()))?;
            let name: Arc<str> = Arc::from(name);
            shown.insert(name.clone(), field.shown());
            types.push((name, field.ty));
        }
        let form = Form { title: &title, text: &text, app_data: &app_data, error: &error };
        let form = Value::from_serialize(&form).map_err(|error| invalid("form", &error.to_string()))?;
        let mut data: Object = form.as_object().cloned().unwrap_or_default();
        data.insert(Arc::from("fields"), Value::from(shown));

        let mut prompt = Prompt::new("form", Value::from(data));
        prompt = prompt.choice(Choice::submit(SUBMIT, "Submit", Some(Type::object_of(types))));
        for (id, label) in options.into_iter().flatten() {
            let Json::String(label) = label else { return Err(invalid(&id, "the text of an option must be a text")) };
            prompt = prompt.choice(Choice::custom(id, label));
        }
        Ok(Reply::prompt(prompt.choice(Choice::cancel(CANCEL, "Cancel")), ()))
    }

    async fn resume(
        &self,
        _: &mut Context,
        _: Params,
        (): (),
        event: Event,
    ) -> Result<Reply<(), RawOutput>, StepError> {
        match event {
            Event::Submit { option, data } if &*option == SUBMIT => Ok(Reply::exit(SUBMIT).output(RawOutput(data))),
            Event::Submit { option, .. } => Ok(Reply::exit_named(&*option)),
            Event::Signal { .. } | Event::Timeout => {
                Err(StepError::failed("unexpected_event", "only the client can fill in a form"))
            }
        }
    }
}

fn invalid(name: &str, why: &str) -> StepError {
    StepError::failed("invalid_form", format!("`{name}` cannot be asked for: {why}"))
}

#[cfg(test)]
mod tests;
