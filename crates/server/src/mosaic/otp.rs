//! A request for a code comes in; a code goes out, to whoever may read it in the answer.

pub(super) mod authenticate;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use serde_json::{Value as Json, json};
use wayfarer_identity::{Attributes, ClientScope, IdentifierType, IssueCode, Lifetime, UserRef};

use super::caller::Caller;
use super::described::forms::{SendCode, SentCode};
use super::failure::Failure;
use super::fields::Fields;
use crate::address::Address;
use crate::app::App;
use crate::{agent, body, reply};

/// What the call takes.
const KNOWN: [&str; 6] =
    ["channel", "identifier_type", "identifier", "expires_in", "client_attributes", "generate_request_id"];

/// What the documentation names beyond that.
const NOT_DONE: [&str; 6] =
    ["approval_data", "custom_email", "custom_phone_number", "email_content", "custom_sms_input", "device_id"];

/// Issue a temporary code
///
/// By the channel `direct`, for which the scope is `otp:direct`: the caller tells the code to the user. The other channels need
/// `otp:send`, and nothing is there yet that sends.
#[utoipa::path(
    post, path = "/cis/v1/auth/otp/send", tag = "mosaic codes", operation_id = "sendCode",
    params(
        ("Wayfarer-Agent" = Option<String>, Header, description = "Which of the client's people asks", pattern = "^[!-~]{1,64}$"),
        ("Wayfarer-Evidence" = Option<String>, Header, description = "What proved who called, such as a case number", pattern = "^[ -~]{1,64}$"),
    ),
    request_body = SendCode,
    responses(
        (status = 200, description = "The code", body = SentCode),
        (status = 400, description = "`system_invalid_input`, `external_provider_configuration_error`"),
        (status = 403, description = "`insufficient_scope`, `user_not_active`, `auth_locked`"),
        (status = 404, description = "`user_not_found`"),
    ),
    security(("client" = ["otp:direct"]), ("client" = ["otp:send"])),
)]
pub(super) async fn send(State(app): State<App>, request: Request) -> Response<Body> {
    issue(&app, request).await.unwrap_or_else(Failure::of_codes)
}

async fn issue(app: &App, request: Request) -> Result<Response<Body>, Failure> {
    let (parts, body) = request.into_parts();
    let caller = Caller::of(app, &parts.headers, Address::of(&parts)).await?;
    let body = body::read_json(&parts.headers, body, app.limits()).await?;
    let fields = Fields::new(body, &KNOWN, &NOT_DONE)?;
    let channel = fields.text("channel")?;
    caller.needs(app, if channel == "direct" { ClientScope::OtpDirect } else { ClientScope::OtpSend })?;
    let kind: IdentifierType = fields.text("identifier_type")?.parse()?;
    let user = UserRef::new(kind, fields.text("identifier")?)?;
    if fields.value("generate_request_id").is_some_and(|wanted| *wanted != Json::Bool(false)) {
        return Err(Failure::invalid("`generate_request_id` must be `false`: a code has no request beside it"));
    }
    let mut request = IssueCode::new(user).application(&caller.client.application);
    request.attributes = attributes(&fields)?;
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
    let named = agent::agent(&parts.headers).map_err(Failure::invalid)?;
    let actor = named.map_or_else(|| caller.actor(), |name| agent::person(&caller.client, name));
    request.evidence = agent::evidence(&parts.headers).map_err(Failure::invalid)?.map(str::to_owned);
    let issued = app.identity().issue_code(app.tenant(), &actor, &request).await?;
    Ok(reply::json(StatusCode::OK, &json!({ "message": "OTP issued", "code": issued.code.expose() })))
}

/// Whom the caller says it serves.
fn attributes(fields: &Fields) -> Result<Attributes, Failure> {
    let Some(given) = fields.value("client_attributes") else { return Ok(Attributes::default()) };
    let given = Fields::new(given.clone(), &["user_agent", "ip_address"], &[])?;
    Ok(Attributes::new(given.optional("user_agent")?, given.optional("ip_address")?)?)
}
