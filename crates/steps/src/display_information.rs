//! `display_information`: a title, a text and a button come in; the client shows them, and goes on when the button is pressed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wayfarer_step::{Choice, Context, Event, Prompt, Reply, Shape, Step, StepError, Value};

/// Shows a text to the user and waits until it is acknowledged.
#[derive(Clone, Copy, Debug)]
pub struct DisplayInformation;

/// What stands under `with:`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The headline.
    title: String,
    /// The text.
    text: String,
    /// What stands on the button.
    button_text: String,
}

impl Step for DisplayInformation {
    const TYPE: &'static str = "display_information";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("shows a text and waits until the user has acknowledged it")
            .prompts()
            .exit("next", "the user pressed the button")
    }

    async fn enter(&self, _: &mut Context, params: Params) -> Result<Reply<(), ()>, StepError> {
        let shown = Value::from_serialize(&params)
            .map_err(|error| StepError::failed("invalid_parameters", error.to_string()))?;
        let button = Choice::submit("submit", params.button_text, None);
        Ok(Reply::prompt(Prompt::new("information", shown).choice(button), ()))
    }

    async fn resume(&self, _: &mut Context, _: Params, (): (), event: Event) -> Result<Reply<(), ()>, StepError> {
        match event {
            Event::Submit { .. } => Ok(Reply::exit("next")),
            Event::Signal { .. } | Event::Timeout => {
                Err(StepError::failed("unexpected_event", "only the client can acknowledge an information"))
            }
        }
    }
}

#[cfg(test)]
mod tests;
