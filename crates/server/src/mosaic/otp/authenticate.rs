//! A code that a backend was told comes in; tokens of the user go out, or a refusal.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use serde_json::json;
use wayfarer_identity::{CheckCode, Checked, ClientScope, IdentifierType, UserRef};
use wayfarer_step::{Refusal, Secret};

use super::super::caller::Caller;
use super::super::described::forms::{CheckCode as CheckForm, UserTokens};
use super::super::failure::Failure;
use super::super::fields::Fields;
use super::attributes;
use crate::address::Address;
use crate::app::App;
use crate::beat::Beat;
use crate::{body, reply};

/// What the call takes.
const KNOWN: [&str; 4] = ["passcode", "identifier_type", "identifier", "client_attributes"];

/// What the documentation names beyond that.
const NOT_DONE: [&str; 6] = ["request_id", "session_id", "resource", "claims", "org_id", "device_id"];

/// The longest text that is looked at as a code.
const LONGEST: usize = 64;

/// Check a temporary code
///
/// What says that there is such a user is told to a client that may look users up, and to nobody else.
#[utoipa::path(
    post, path = "/cis/v1/auth/otp/authenticate", tag = "mosaic codes", operation_id = "checkCode",
    request_body = CheckForm,
    responses(
        (status = 200, description = "Tokens of the user", body = UserTokens),
        (status = 400, description = "`system_invalid_input`, `auth_invalid_credentials`, `auth_otp_passcode_expired`"),
        (status = 403, description = "`insufficient_scope`, `auth_locked`"),
    ),
    security(("client" = ["otp:authenticate"])),
)]
pub(in crate::mosaic) async fn authenticate(State(app): State<App>, request: Request) -> Response<Body> {
    check(&app, request).await.unwrap_or_else(Failure::of_codes)
}

async fn check(app: &App, request: Request) -> Result<Response<Body>, Failure> {
    let (parts, body) = request.into_parts();
    let address = Address::of(&parts);
    let caller = Caller::of(app, &parts.headers, address).await?;
    caller.needs(app, ClientScope::OtpAuthenticate)?;
    let body = body::read_json(&parts.headers, body, app.limits()).await?;
    let fields = Fields::new(body, &KNOWN, &NOT_DONE)?;
    let passcode = fields.text("passcode")?;
    if passcode.is_empty() || passcode.chars().count() > LONGEST {
        return Err(Failure::invalid(format!("`passcode` must have 1 to {LONGEST} characters")));
    }
    let kind: IdentifierType = fields.text("identifier_type")?.parse()?;
    let request = CheckCode {
        application: caller.client.application.clone(),
        user: UserRef::new(kind, fields.text("identifier")?)?,
        passcode: Secret::new(passcode.to_owned()),
        attributes: attributes(&fields)?,
        source: address.source(&parts.headers),
    };
    match app.identity().check_code(app.tenant(), &caller.actor(), &request).await? {
        Checked::Verified(tokens) => Ok(reply::json(
            StatusCode::OK,
            &json!({
                "access_token": tokens.access.expose(),
                "id_token": tokens.id.expose(),
                "token_type": "Bearer",
                "expires_in": tokens.expires_in,
                "session_id": tokens.session_id,
            }),
        )),
        Checked::Refused(refusal) => {
            let mut response = told(&caller, refusal).of_codes();
            response.extensions_mut().insert(Beat);
            Ok(response)
        }
    }
}

/// That a code has run out or a user is locked says that there is such a user: it is told to who may look users up anyway. To
/// others all refusals are one (law 7; R38).
fn told(caller: &Caller, refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Expired if caller.may(ClientScope::UsersRead) => {
            Failure::new(StatusCode::BAD_REQUEST, "auth_otp_passcode_expired", "the code has run out")
        }
        Refusal::Locked if caller.may(ClientScope::UsersRead) => {
            Failure::new(StatusCode::FORBIDDEN, "auth_locked", "too many wrong codes: the method rests for this user")
        }
        _ => Failure::new(StatusCode::BAD_REQUEST, "auth_invalid_credentials", "the code was not accepted"),
    }
}
