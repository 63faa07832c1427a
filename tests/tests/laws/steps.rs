//! A custom step that claims to check a temporary code, and breaks the rules as it is told to.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use wayfarer::lang::{Secret, Value};
use wayfarer::step::testing::{FakeLedger, FakeVerifier};
use wayfarer::step::{
    Attempts, Choice, Claim, Context, Identifier, Journal, Method, Prompt, Reply, Shape, Step, StepError, Verdict,
};

/// A journey around it: `ACT` says what it does.
pub(crate) const MISBEHAVES: &str = r#"
journey: misbehaves
steps:
  odd:
    type: misbehaves
    with: { act: ACT }
    branches: { success: restore_access, failure: deny_access }
  restore_access: { type: complete_journey }
  deny_access: { type: reject_access }
"#;

/// Two pages, one after the other.
pub(crate) const ASKS: &str = r#"
journey: asks
steps:
  first:
    type: display_information
    with: { title: First, text: one, button_text: Go on }
    next: second
  second:
    type: display_information
    with: { title: Second, text: two, button_text: Go on }
    next: done
  done: { type: complete_journey }
"#;

pub(crate) struct Misbehaves;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Params {
    /// What to do wrong.
    act: String,
}

impl Step for Misbehaves {
    const TYPE: &'static str = "misbehaves";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("breaks the rules")
            .exit("success", "it says that it verified")
            .exit("failure", "it was not believed")
            .verifies(&Method::TEMP_CODE, "success")
    }

    async fn enter(&self, cx: &mut Context, params: Params) -> Result<Reply<(), ()>, StepError> {
        match &*params.act {
            "panic" => panic!("on purpose"),
            "error" => Err(StepError::failed("told_to", "it was told to fail")),
            "unknown_exit" => Ok(Reply::exit("nowhere")),
            "secret_prompt" => {
                let data = Value::from("hidden").into_secret();
                Ok(Reply::prompt(Prompt::new("odd", data).choice(Choice::submit("submit", "Go on", None)), ()))
            }
            "proof_of_its_own" => {
                let (ledger, verifier) = (FakeLedger::for_user("user123"), FakeVerifier::accepting("mine"));
                let scope = cx.scope().clone();
                let own = Attempts::new(scope, Arc::new(ledger), Arc::new(verifier), Journal::default());
                let claim = Claim {
                    method: Method::TEMP_CODE,
                    identifier: Identifier::User("user123".into()),
                    secret: Secret::new("mine".to_owned()),
                };
                match own.verify(claim).await? {
                    Verdict::Verified(proof) => Ok(Reply::verified("success", proof)),
                    Verdict::Refused(_) => panic!("its own ledger accepts it"),
                }
            }
            _ => Ok(Reply::exit("success")),
        }
    }
}
