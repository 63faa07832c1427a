//! An answer to a step comes in; the next step goes out, or the same one again with what was wrong, or the end.

use serde_json::{Map, Value as Json};
use wayfarer_engine::{EngineError, Submit};
use wayfarer_lang::Value;

use super::answer::{Fault, SUBMIT, Told, WAIT};
use super::envelope::{Denial, Envelope};
use super::letter::Letter;
use super::visitor::Visitor;
use super::wait;
use crate::app::App;

/// Answers a step. Both the run's name and the handle must be right, and of each other.
pub(super) async fn assert(app: &App, visitor: &Visitor, mut letter: Letter) -> Result<Envelope, Denial> {
    let (engine, tenant) = (app.engine(), app.tenant());
    let handle = letter.text("assertion_id")?.to_owned();
    let sid = visitor.sid().ok_or(Denial::Rejected)?;
    if !engine.is_alias(tenant, &visitor.client.client_id, sid, &handle) {
        return Err(Denial::Rejected);
    }
    let waits = letter.data.get("action").and_then(Json::as_str) == Some(WAIT);
    let chosen = Chosen::read(&mut letter.data)?;
    if waits && chosen.option == SUBMIT {
        return wait::look(app, visitor, &handle).await;
    }
    let submit = Submit {
        tenant: tenant.clone(),
        handle: handle.clone(),
        step: None,
        option: chosen.option.into(),
        data: Value::from(chosen.data),
        source: visitor.source.clone(),
    };
    match engine.submit(submit).await {
        Ok(answer) => Told { first: false, fault: None }.of(app, visitor, &answer).await,
        Err(EngineError::InvalidAnswer { problems }) => {
            // The SDK keeps nothing of a form: it is sent again, whole.
            let answer = engine.current(tenant, &handle).await?;
            Told { first: false, fault: Some(Fault::from(problems)) }.of(app, visitor, &answer).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The option that was chosen, and what came with it.
struct Chosen {
    option: String,
    data: Json,
}

impl Chosen {
    /// The SDK puts what a page submits under `input` or `data`, by the type of the step; other ways on are escapes.
    fn read(data: &mut Map<String, Json>) -> Result<Self, Denial> {
        let mut take = |name: &str| data.remove(name).unwrap_or_default();
        let submitted = |data| Ok(Self { option: SUBMIT.to_owned(), data });
        match take("assert").as_str() {
            Some("action") => submitted(take("input")),
            Some("data") => submitted(take("data")),
            Some("resend") => Ok(Self { option: "resend".to_owned(), data: Json::Null }),
            Some("escape") => match take("data") {
                Json::Object(mut escape) => match escape.remove("escape_id") {
                    Some(Json::String(option)) => {
                        Ok(Self { option, data: escape.remove("escape_params").unwrap_or_default() })
                    }
                    _ => Err(Denial::malformed()),
                },
                _ => Err(Denial::malformed()),
            },
            _ => Err(Denial::malformed()),
        }
    }
}
