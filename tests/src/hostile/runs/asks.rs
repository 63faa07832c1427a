//! A client step that asks for a temporary code until it is right: answers of every type come in, a proof goes out.

use schemars::JsonSchema;
use serde::Deserialize;
use wayfarer::lang::{Secret, Type, Value};
use wayfarer::step::{
    Choice, Claim, Context, Event, Failure, Identifier, Method, Prompt, Reply, Shape, Step, StepError, Verdict,
};

/// Journeys around it: a loop, and in its body a sub-journey, in which it waits.
pub(super) const JOURNEYS: [&str; 2] = [MAIN, INSIDE];

const INSIDE: &str = "\
journey: asks_inside
kind: sub
params: { user: string }
outputs: { user: string }
vars: { note: { type: object, default: { kept: true } } }
steps:
  ask:
    type: asks_for_code
    with: { user: '@policy.request().params.user' }
    branches: { success: done, failure: deny }
  done:
    type: complete_journey
    with: { data: { user: '@policy.request().params.user' } }
  deny:
    type: reject_access
    with: { data: '@note' }
";

const MAIN: &str = "\
journey: asks
params: { user: string }
steps:
  turns:
    type: while_loop
    with: { while: 'true', max_iterations: 2 }
    branches: { next: deny, exhausted: deny }
    steps:
      call:
        type: invoke_sub_journey
        with: { journey: asks_inside, params: { user: '@policy.request().params.user' } }
        output: asked
        error_output: problem
        timeout: 2h
        branches: { completed: say, rejected: deny }
  say:
    type: display_information
    with: { title: Welcome, text: Welcome back, button_text: Go on }
    next: done
  done: { type: complete_journey }
  deny: { type: reject_access }
";

/// A field of each sort.
const ANSWER: &str = r#"{ "type": "object", "properties": {
    "code": { "type": "string", "secret": true, "max_length": 16 },
    "note": { "type": "string", "nullable": true, "required": false, "max_length": 20 },
    "count": { "type": "integer", "minimum": 0, "maximum": 9, "default": 1 },
    "share": { "type": "number", "required": false },
    "day": { "type": "date", "required": false },
    "sure": { "type": "boolean", "default": false },
    "kind": { "type": "string", "values": ["a", "b"], "required": false },
    "tags": { "type": "array", "items": "string", "required": false },
    "more": { "type": "any", "required": false }
} }"#;

const TRIES: u32 = 3;

pub(super) struct AsksForCode;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Params {
    /// Who says to be the user.
    user: String,
}

#[derive(Deserialize)]
struct Answered {
    code: Secret<String>,
}

impl Step for AsksForCode {
    const TYPE: &'static str = "asks_for_code";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = u32;
    type Output = ();

    fn shape() -> Shape {
        Shape::new("asks for a code until it is right")
            .prompts()
            .exit("success", "the code was right")
            .exit("failure", "it was not, or the user gave up")
            .verifies(&Method::TEMP_CODE, "success")
    }

    async fn enter(&self, _: &mut Context, _: Params) -> Result<Reply<u32, ()>, StepError> {
        Ok(ask(0))
    }

    async fn resume(
        &self,
        cx: &mut Context,
        params: Params,
        tries: u32,
        event: Event,
    ) -> Result<Reply<u32, ()>, StepError> {
        let refused = || Reply::failed("failure", Failure::new("refused", "it was not the code"));
        let Event::Submit { option, data } = event else { return Ok(refused()) };
        if &*option == "cancel" {
            return Ok(refused());
        }
        let answered: Answered =
            data.deserialize_into().map_err(|error| StepError::failed("unfit", error.to_string()))?;
        let claim = Claim {
            method: Method::TEMP_CODE,
            identifier: Identifier::User(params.user.into()),
            secret: answered.code,
        };
        Ok(match cx.attempts().verify(claim).await? {
            Verdict::Verified(proof) => Reply::verified("success", proof),
            Verdict::Refused(_) if tries + 1 < TRIES => ask(tries + 1),
            Verdict::Refused(_) => refused(),
        })
    }
}

fn ask(tries: u32) -> Reply<u32, ()> {
    let answer: Type = serde_json::from_str(ANSWER).unwrap();
    let prompt = Prompt::new("code", Value::Int(tries.into()))
        .choice(Choice::submit("submit", "Go on", Some(answer)))
        .choice(Choice::cancel("cancel", "Give up"));
    Reply::prompt(prompt, tries)
}
