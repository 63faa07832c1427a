//! Steps that speak to other runs, and one that keeps a record.

use schemars::JsonSchema;
use serde::Deserialize;
use wayfarer_lang::Value;
use wayfarer_step::{Context, Expected, Reply, Shape, Step, StepError, Write};

/// Speaks under a key, as often as it is told.
pub(crate) struct Say;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct SayParams {
    key: String,
    text: Option<String>,
    times: Option<usize>,
    /// What it does besides: `fail`, or `secret`.
    act: Option<String>,
}

impl Step for Say {
    const TYPE: &'static str = "say";
    const VERSION: u32 = 1;
    type Params = SayParams;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("speaks to other runs").exit("next", "it has").exit_or_abort("failure", "it may not")
    }

    async fn enter(&self, cx: &mut Context, params: SayParams) -> Result<Reply<(), ()>, StepError> {
        let text = Value::from(params.text.unwrap_or_default());
        let data = if params.act.as_deref() == Some("secret") { text.into_secret() } else { text };
        for _ in 0..params.times.unwrap_or(1) {
            cx.signal(&*params.key, data.clone());
        }
        match params.act.as_deref() {
            Some("fail") => Err(StepError::failed("told_to", "it was told to fail")),
            _ => Ok(Reply::exit("next")),
        }
    }
}

/// Counts in a record how often it was visited.
pub(crate) struct Tally;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct TallyParams {
    id: String,
    /// Whether it asks for a record that is not its own.
    astray: Option<bool>,
}

impl Step for Tally {
    const TYPE: &'static str = "tally";
    const VERSION: u32 = 1;
    type Params = TallyParams;
    type State = ();
    type Output = u8;

    fn shape() -> Shape {
        Shape::new("counts its visits").exit("next", "counted").exit_or_abort("failure", "it cannot be read")
    }

    async fn enter(&self, cx: &mut Context, params: TallyParams) -> Result<Reply<(), u8>, StepError> {
        let kind = if params.astray == Some(true) { "test-code" } else { "step-tally" };
        let id = params.id.into_bytes();
        let found = cx.record(kind, &id).await?;
        let count = 1 + found.as_ref().and_then(|found| found.value.first().copied()).unwrap_or_default();
        let expected = found.map_or(Expected::Absent, |found| found.expected());
        let expires_at = cx.now().checked_add(jiff::SignedDuration::from_secs(60)).ok();
        cx.stage(Write::Put { kind, id, expected, value: vec![count], expires_at });
        Ok(Reply::exit("next").output(count))
    }
}
