//! `temp_code_authentication`: an identifier and a code come in; a proven user goes out, or a refusal that tells a client nothing.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use wayfarer_step::{
    Claim, Context, Failure, Identifier, Method, Refusal, Reply, Secret, Shape, Step, StepError, Verdict,
};

/// Checks a temporary access code that support gave to the user.
#[derive(Clone, Copy, Debug)]
pub struct TempCodeAuthentication;

/// What stands under `with:`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The user: an external user id or a user id.
    external_user_id: String,
    /// The code as the user typed it. Spaces and hyphens do not count.
    temp_code: Secret<String>,
}

impl Step for TempCodeAuthentication {
    const TYPE: &'static str = "temp_code_authentication";
    const VERSION: u32 = 1;
    type Params = Params;
    type State = ();
    type Output = ();

    fn shape() -> Shape {
        Shape::new("signs a user in with a temporary access code from support")
            .doc(include_str!("temp_code_authentication.md"))
            .exit("success", "the code was right; the user is authenticated and `@policy.userTokens()` is filled")
            .exit("failure", "the code was wrong, used, replaced or locked, or there is no such user")
            .exit_following("expired", "failure", "the newest code has run out; nothing was compared")
            .verifies(&Method::TEMP_CODE, "success")
            .error(Refusal::Wrong.code(), "the code was compared and is wrong")
            .error(Refusal::Expired.code(), "the newest code has run out")
            .error(Refusal::Locked.code(), "too many wrong codes: the method rests for this user")
            .error(Refusal::NoCode.code(), "no code is live: none was issued, or it was used, replaced or revoked")
            .error(Refusal::UnknownUser.code(), "nobody has this identifier")
            .error(Refusal::Disabled.code(), "the user, or temporary codes for the user, are disabled")
    }

    async fn enter(&self, cx: &mut Context, params: Params) -> Result<Reply<(), ()>, StepError> {
        let claim = Claim {
            method: Method::TEMP_CODE,
            identifier: Identifier::User(Arc::from(params.external_user_id)),
            secret: params.temp_code,
        };
        Ok(match cx.attempts().verify(claim).await? {
            Verdict::Verified(proof) => Reply::verified("success", proof),
            Verdict::Refused(refusal) => {
                let exit = if refusal == Refusal::Expired { "expired" } else { "failure" };
                Reply::failed(exit, Failure::new(refusal.code(), "the code was not accepted"))
            }
        })
    }
}

#[cfg(test)]
mod tests;
