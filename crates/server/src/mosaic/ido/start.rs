//! A journey's id and start parameters come in; the first step or the end goes out.

use serde_json::{Map, Value as Json};
use wayfarer_engine::Start;
use wayfarer_lang::Value;
use wayfarer_lang::program::{Kind, Program};

use super::answer::Told;
use super::envelope::{Denial, Envelope};
use super::letter::Letter;
use super::visitor::Visitor;
use crate::app::App;

/// Starts a journey. The SDK's correlation id names the request: the same one again gets the same answer (law 5).
pub(super) async fn start(app: &App, visitor: &Visitor, mut letter: Letter) -> Result<Envelope, Denial> {
    let params = letter.data.remove("params");
    let journey = letter.text("policy_request_id")?;
    let client = &visitor.client;
    let program = app.engine().journey(app.tenant(), journey).filter(|program| program.kind() == Kind::Client);
    let program = program.filter(|program| client.may_start(program.id()));
    let program = program.ok_or(Denial::UnknownJourney)?;
    let start = Start {
        tenant: app.tenant().clone(),
        application: client.application.clone(),
        client: Some(client.client_id.clone()),
        journey: program.id().clone(),
        params: declared(&program, params)?,
        request_id: letter.header("correlation_id").map(str::to_owned),
        actor: client.actor(),
        source: visitor.source.clone(),
    };
    let answer = app.engine().start(start).await?;
    let told = Told { first: true, fault: None };
    told.of(app, visitor, &answer).await
}

/// The parameters that the journey declares. Of the others nothing is read: the SDK sends those of an earlier start again.
fn declared(program: &Program, params: Option<Json>) -> Result<Value, Denial> {
    let given = match params {
        None | Some(Json::Null) => return Ok(Value::Null),
        Some(Json::Object(given)) => given,
        Some(_) => return Err(Denial::Rejected),
    };
    let names = program.parameters();
    let known = given.into_iter().filter(|(name, _)| names.iter().any(|parameter| *parameter.name == **name));
    Ok(Value::from(Json::Object(known.collect::<Map<_, _>>())))
}
