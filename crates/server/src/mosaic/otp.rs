//! A request for a code comes in; a code goes out, to whoever may read it in the answer.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use serde_json::json;
use wayfarer_identity::{ClientScope, IdentifierType, IssueCode, Lifetime, UserRef};

use super::agent;
use super::caller::Caller;
use super::failure::Failure;
use super::fields::Fields;
use crate::app::App;
use crate::{body, reply};

/// What the call takes.
const KNOWN: [&str; 4] = ["channel", "identifier_type", "identifier", "expires_in"];

/// What the documentation names beyond that.
const NOT_DONE: [&str; 8] = [
    "generate_request_id",
    "approval_data",
    "custom_email",
    "custom_phone_number",
    "email_content",
    "custom_sms_input",
    "client_attributes",
    "device_id",
];

/// Issues a temporary code and hands it to the caller, who tells it to the user.
pub(super) async fn send(State(app): State<App>, request: Request) -> Response<Body> {
    issue(&app, request).await.unwrap_or_else(Failure::of_codes)
}

async fn issue(app: &App, request: Request) -> Result<Response<Body>, Failure> {
    let (parts, body) = request.into_parts();
    let caller = Caller::of(app, &parts.headers).await?;
    let body = body::read_json(&parts.headers, body, app.limits()).await?;
    let fields = Fields::new(body, &KNOWN, &NOT_DONE)?;
    let channel = fields.text("channel")?;
    caller.needs(if channel == "direct" { ClientScope::OtpDirect } else { ClientScope::OtpSend })?;
    let kind: IdentifierType = fields.text("identifier_type")?.parse()?;
    let user = UserRef::new(kind, fields.text("identifier")?)?;
    let mut request = IssueCode::new(user).application(&caller.client.application);
    if let Some(seconds) = fields.value("expires_in") {
        request = request.expires_in(Lifetime::from_json(seconds)?);
    }
    match channel {
        "direct" => {}
        "email" | "sms" => {
            let message = format!("nothing is configured that sends by `{channel}`");
            return Err(Failure::new(StatusCode::BAD_REQUEST, "external_provider_configuration_error", message));
        }
        _ => return Err(Failure::invalid("`channel` must be one of `direct`, `email`, `sms`")),
    }
    let actor = agent::actor(&caller, &parts.headers)?;
    request.evidence = agent::evidence(&parts.headers)?;
    let issued = app.identity().issue_code(app.tenant(), &actor, &request).await?;
    Ok(reply::json(StatusCode::OK, &json!({ "message": "OTP issued", "code": issued.code.expose() })))
}
