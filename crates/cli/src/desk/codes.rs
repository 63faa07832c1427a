//! Orders about temporary codes come in; a code, or whether there was something to do, goes out.

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wayfarer::identity::{IssueCode, Lifetime, MethodStatus, Reason, SystemEntropy};
use wayfarer::step::port::Entropy as _;
use wayfarer_lang::Secret;

use super::Desk;
use crate::args::{Issue, Reasoned, Who};
use crate::command::user::named;
use crate::failure;

/// A code, at the only moment at which it can be read.
#[derive(Deserialize)]
pub(crate) struct Issued {
    pub(crate) code: Secret<String>,
    pub(crate) code_id: String,
    pub(crate) user_id: String,
    pub(crate) expires_at: String,
    pub(crate) superseded: bool,
}

/// How somebody steps in.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    Unlock,
    Enable,
}

#[derive(Deserialize)]
struct Done {
    done: bool,
}

impl Desk {
    /// Issues a code.
    pub(crate) async fn issue_code(&self, asked: &Issue) -> Result<Issued> {
        let mut request = IssueCode::new(named(&asked.who)?).application(&asked.application);
        if let Some(seconds) = asked.expires_in {
            request = request.expires_in(Lifetime::from_seconds(seconds)?);
        }
        if let Some(evidence) = &asked.evidence {
            request = request.evidence(evidence);
        }
        match self {
            Self::Store(host) => {
                let issued = host.wayfarer.identity().issue_code(host.tenant(), &host.actor, &request).await?;
                Ok(Issued {
                    code: issued.code,
                    code_id: issued.code_id.to_string(),
                    user_id: issued.user_id.to_string(),
                    expires_at: issued.expires_at.to_string(),
                    superseded: issued.superseded,
                })
            }
            Self::Server(server) => {
                let mut order = json!({ "application": asked.application });
                let mut also = |name: &str, value: Option<Json>| {
                    if let (Some(value), Some(fields)) = (value, order.as_object_mut()) {
                        fields.insert(name.to_owned(), value);
                    }
                };
                also("expires_in", asked.expires_in.map(Json::from));
                also("evidence", asked.evidence.clone().map(Json::from));
                let user = match server.user_id(&asked.who).await {
                    // It is asked all the same, for a name that nobody has: that a code was denied is for the server to record.
                    Err(error) if failure::code(&error) == "unknown_user" => nobody()?,
                    found => found?,
                };
                server.post(&format!("/users/{user}/codes"), &order).await
            }
        }
    }

    /// Lifts a lock or a ban. Says whether there was one.
    pub(crate) async fn step_in(&self, step: Step, asked: &Reasoned) -> Result<bool> {
        let (who, reason) = (named(&asked.who)?, Reason::new(&asked.reason)?);
        match self {
            Self::Store(host) => {
                let (identity, tenant, actor) = (host.wayfarer.identity(), host.tenant(), &host.actor);
                Ok(match step {
                    Step::Unlock => identity.unlock(tenant, actor, &who, &reason).await?,
                    Step::Enable => identity.enable_method(tenant, actor, &who, &reason).await?,
                })
            }
            Self::Server(server) => {
                let word = match step {
                    Step::Unlock => "unlock",
                    Step::Enable => "enable",
                };
                let path = format!("/users/{}/codes/{word}", server.user_id(&asked.who).await?);
                let done: Done = server.post(&path, &json!({ "reason": asked.reason })).await?;
                Ok(done.done)
            }
        }
    }

    /// Takes a live code back. Says whether there was one.
    pub(crate) async fn revoke_code(&self, who: &Who) -> Result<bool> {
        let user = named(who)?;
        match self {
            Self::Store(host) => Ok(host.wayfarer.identity().revoke_code(host.tenant(), &host.actor, &user).await?),
            Self::Server(server) => {
                let path = format!("/users/{}/codes/revoke", server.user_id(who).await?);
                let done: Done = server.post(&path, &json!({})).await?;
                Ok(done.done)
            }
        }
    }

    /// Where a user stands with codes.
    pub(crate) async fn code_status(&self, who: &Who) -> Result<MethodStatus> {
        let user = named(who)?;
        match self {
            Self::Store(host) => Ok(host.wayfarer.identity().code_status(host.tenant(), &user).await?),
            Self::Server(server) => server.get(&format!("/users/{}/codes", server.user_id(who).await?)).await,
        }
    }
}

/// A user id that nobody has: 128 bits by chance.
fn nobody() -> Result<String> {
    let mut bytes = [0; 16];
    SystemEntropy.fill(&mut bytes)?;
    Ok(format!("nobody-{:032x}", u128::from_be_bytes(bytes)))
}
