//! `provide_json_data`: data comes in; the client gets it with the next answer, and the journey goes on at once.

use schemars::JsonSchema;
use serde::Deserialize;
use wayfarer_step::{Context, Reply, Shape, Step, StepError, Value, serde_json};

/// Hands data to the client without asking anything.
#[derive(Clone, Copy, Debug)]
pub struct ProvideJsonData;

/// What stands under `with:`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// What the client gets, of any shape. It takes no secret.
    data: serde_json::Value,
}

impl Step for ProvideJsonData {
    const TYPE: &'static str = "provide_json_data";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("hands data to the client, with the next answer that it gets")
            .doc(include_str!("provide_json_data.md"))
            .exit("next", "the data is on its way")
    }

    async fn enter(&self, cx: &mut Context, params: Params) -> Result<Reply<(), ()>, StepError> {
        cx.provide(Value::from(params.data));
        Ok(Reply::exit("next"))
    }
}

#[cfg(test)]
mod tests;
