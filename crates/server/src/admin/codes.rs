//! Temporary codes are issued, looked at and taken back, and who was locked out is let in again: by a person who is named, with
//! a reason (R12, R17).

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wayfarer_identity::{CodeInfo, CodeStatus, IssueCode, Lifetime, MethodStatus, Reason, UserRef};

use super::agent::{Agent, CodesRead, CodesWrite, OtpDirect};
use super::audit::Who;
use crate::app::App;
use crate::at::At;
use crate::problem::Problem;
use crate::sent::{Made, Nothing, Sent, Told};

/// What the code is to be like.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCode {
    /// How long it shall live, in seconds; the application's setting if not said.
    #[schema(value_type = Option<i64>, minimum = 60, maximum = 3600)]
    expires_in: Option<serde_json::Value>,
    /// The application in which it is valid; that of the caller if not said.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,64}$")]
    application: Option<String>,
    /// What was seen that proved who called, such as a case number.
    #[schema(min_length = 1, max_length = 128)]
    evidence: Option<String>,
}

/// A code, at the only moment at which it can be read.
#[derive(Serialize, ToSchema)]
pub(super) struct Code {
    /// The digits.
    code: String,
    /// Names the code in the audit trail.
    #[schema(format = "uuid")]
    code_id: String,
    /// The user.
    user_id: String,
    /// From this moment on it is not accepted.
    #[schema(format = DateTime)]
    expires_at: String,
    /// Whether a code that was still live has died by this.
    superseded: bool,
}

/// Where a user stands with temporary codes.
#[derive(Serialize, ToSchema)]
pub(super) struct Status {
    /// The user.
    user_id: String,
    /// The newest code, if it is still remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Newest>,
    /// How many attempts were counted since the last reset.
    attempts: u32,
    /// Until when the method rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    locked_until: Option<String>,
    /// How many attempts have failed in a row, over all locks.
    consecutive_failures: u32,
    /// Whether the method waits for an administrator.
    disabled: bool,
}

/// A code without the code.
#[derive(Serialize, ToSchema)]
struct Newest {
    /// Names the code in the audit trail.
    #[schema(format = "uuid")]
    code_id: String,
    /// What became of it.
    status: Fate,
    /// The application in which it is valid.
    application: String,
    /// How many digits it has.
    length: u8,
    /// When it was issued.
    #[schema(format = DateTime)]
    issued_at: String,
    /// When it ends, or ended.
    #[schema(format = DateTime)]
    expires_at: String,
    /// Who issued it.
    issued_by: Who,
}

/// What became of a code.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Fate {
    Live,
    Used,
    Burnt,
    Revoked,
    Expired,
}

/// Why somebody steps in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Because {
    /// The reason, for the audit trail.
    #[schema(min_length = 1, max_length = 256)]
    pub(super) reason: String,
}

/// Whether there was something to do.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    done: bool,
}

impl From<MethodStatus> for Status {
    fn from(status: MethodStatus) -> Self {
        Self {
            user_id: status.user_id.to_string(),
            code: status.code.map(Newest::from),
            attempts: status.attempts,
            locked_until: status.locked_until.map(|until| until.to_string()),
            consecutive_failures: status.consecutive_failures,
            disabled: status.disabled,
        }
    }
}

impl From<CodeInfo> for Newest {
    fn from(code: CodeInfo) -> Self {
        let status = match code.status {
            CodeStatus::Live => Fate::Live,
            CodeStatus::Used => Fate::Used,
            CodeStatus::Burnt => Fate::Burnt,
            CodeStatus::Revoked => Fate::Revoked,
            CodeStatus::Expired => Fate::Expired,
        };
        Self {
            code_id: code.code_id.to_string(),
            status,
            application: code.application.to_string(),
            length: code.length,
            issued_at: code.issued_at.to_string(),
            expires_at: code.expires_at.to_string(),
            issued_by: code.issued_by.into(),
        }
    }
}

/// Where a user stands with temporary codes
#[utoipa::path(
    get, path = "/admin/v1/users/{user_id}/codes", tag = "codes", operation_id = "getCodes",
    params(("user_id" = String, Path, description = "The user's id or external id", min_length = 1, max_length = 254)),
    responses((status = 200, description = "The newest code, the count and the lock", body = Status), (status = 404, description = "`unknown_user`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["codes:read"])),
)]
pub(super) async fn status(
    State(app): State<App>,
    _: Agent<CodesRead>,
    At(user_id): At<String>,
) -> Result<Told<Status>, Problem> {
    Ok(Told(app.identity().code_status(app.tenant(), &UserRef::id(&user_id)?).await?.into()))
}

/// Issue a temporary code
///
/// An earlier one that is still live dies by it.
#[utoipa::path(
    post, path = "/admin/v1/users/{user_id}/codes", tag = "codes", operation_id = "issueCode",
    params(("user_id" = String, Path, description = "The user's id or external id", min_length = 1, max_length = 254), ("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = NewCode,
    responses((status = 201, description = "The code", body = Code), (status = 404, description = "`unknown_user`"), (status = 409, description = "`user_disabled`, `method_disabled`"), (status = 422, description = "`rule_broken`, `unknown_application`")),
    security(("client" = ["otp:direct"])),
)]
pub(super) async fn issue(
    State(app): State<App>,
    agent: Agent<OtpDirect>,
    At(user_id): At<String>,
    Sent(new): Sent<NewCode>,
) -> Result<Made<Code>, Problem> {
    agent.is_named()?;
    let mut request = IssueCode::new(UserRef::id(&user_id)?);
    request.application = agent.application(new.application.as_deref())?;
    request.expires_in = new.expires_in.as_ref().map(Lifetime::from_json).transpose()?;
    request.evidence = new.evidence;
    let issued = app.identity().issue_code(app.tenant(), &agent.actor, &request).await?;
    Ok(Made(Code {
        code: issued.code.expose().clone(),
        code_id: issued.code_id.to_string(),
        user_id: issued.user_id.to_string(),
        expires_at: issued.expires_at.to_string(),
        superseded: issued.superseded,
    }))
}

/// Take a live code back
#[utoipa::path(
    post, path = "/admin/v1/users/{user_id}/codes/revoke", tag = "codes", operation_id = "revokeCode",
    params(("user_id" = String, Path, description = "The user's id or external id", min_length = 1, max_length = 254), ("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = Nothing,
    responses((status = 200, description = "Whether there was one", body = Done), (status = 404, description = "`unknown_user`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["codes:write"])),
)]
pub(super) async fn revoke(
    State(app): State<App>,
    agent: Agent<CodesWrite>,
    At(user_id): At<String>,
    _: Sent<Nothing>,
) -> Result<Told<Done>, Problem> {
    agent.is_named()?;
    let done = app.identity().revoke_code(app.tenant(), &agent.actor, &UserRef::id(&user_id)?).await?;
    Ok(Told(Done { done }))
}

/// End a lock
///
/// The count is 0 then. A code that the lock burnt stays burnt.
#[utoipa::path(
    post, path = "/admin/v1/users/{user_id}/codes/unlock", tag = "codes", operation_id = "unlockCodes",
    params(("user_id" = String, Path, description = "The user's id or external id", min_length = 1, max_length = 254), ("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = Because,
    responses((status = 200, description = "Whether there was a lock", body = Done), (status = 404, description = "`unknown_user`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["codes:write"])),
)]
pub(super) async fn unlock(
    State(app): State<App>,
    agent: Agent<CodesWrite>,
    At(user_id): At<String>,
    Sent(Because { reason }): Sent<Because>,
) -> Result<Told<Done>, Problem> {
    agent.is_named()?;
    let (user, reason) = (UserRef::id(&user_id)?, Reason::new(&reason)?);
    Ok(Told(Done { done: app.identity().unlock(app.tenant(), &agent.actor, &user, &reason).await? }))
}

/// Enable the method again
///
/// After too many failures in a row it waits for this. A lock stays.
#[utoipa::path(
    post, path = "/admin/v1/users/{user_id}/codes/enable", tag = "codes", operation_id = "enableCodes",
    params(("user_id" = String, Path, description = "The user's id or external id", min_length = 1, max_length = 254), ("Wayfarer-Agent" = String, Header, description = "The person who acts", pattern = "^[!-~]{1,64}$")),
    request_body = Because,
    responses((status = 200, description = "Whether it was disabled", body = Done), (status = 404, description = "`unknown_user`"), (status = 422, description = "`rule_broken`")),
    security(("client" = ["codes:write"])),
)]
pub(super) async fn enable(
    State(app): State<App>,
    agent: Agent<CodesWrite>,
    At(user_id): At<String>,
    Sent(Because { reason }): Sent<Because>,
) -> Result<Told<Done>, Problem> {
    agent.is_named()?;
    let (user, reason) = (UserRef::id(&user_id)?, Reason::new(&reason)?);
    Ok(Told(Done { done: app.identity().enable_method(app.tenant(), &agent.actor, &user, &reason).await? }))
}
