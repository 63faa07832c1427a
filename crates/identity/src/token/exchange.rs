//! A completed run comes in, a code that stands for its tokens goes out; the code comes in once, the tokens go out.
//!
//! A page that gets a code instead of a token holds nothing that is worth anything without the application's backend.

use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wayfarer_step::{Actor, Expected, Secret};
use wayfarer_store::TenantId;

use super::TokenKind;
use crate::client::Client;
use crate::record::{Loaded, Outcome, Stored, TRIES, put};
use crate::{Claims, Identity, IdentityError};

/// Keeps codes apart from all else that is sealed for somebody.
const PURPOSE: &str = "completion code 1";

/// How long a code is good (RFC 6749 section 4.1.2 says at most ten minutes; the documentation says five).
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// The tokens of a run that are fetched once.
#[derive(Clone, Serialize, Deserialize)]
struct Completion {
    application: Arc<str>,
    /// Both texts; none once they were fetched.
    tokens: Option<[String; 2]>,
}

impl Stored for Completion {
    const KIND: &'static str = "completion";
    const FORMAT: u8 = 1;
}

/// What a code was exchanged for.
#[derive(Debug)]
pub struct Exchanged {
    /// The access token.
    pub access_token: Secret<String>,
    /// The id token.
    pub id_token: Secret<String>,
    /// What the access token says.
    pub claims: Claims,
}

impl Identity {
    /// Keeps the tokens of a run for the backend of its application, and gives a code that stands for them. For the same run
    /// again it gives another text of the same code: only one of them is ever exchanged.
    ///
    /// # Errors
    /// When the store or the cipher fails.
    pub async fn keep_for_exchange(
        &self,
        tenant: &TenantId,
        application: &str,
        run: Uuid,
        access_token: &str,
        id_token: &str,
    ) -> Result<String, IdentityError> {
        let until = self.vault().now().await?.checked_add(LIFETIME).map_err(|_| IdentityError::Signing)?;
        let tokens = Some([access_token.to_owned(), id_token.to_owned()]);
        let kept = Completion { application: application.into(), tokens };
        let writes = vec![put(run.as_bytes().to_vec(), Expected::Absent, &kept, Some(until))?];
        // That it is there already is what a repeated answer finds.
        let (Outcome::Done | Outcome::Conflict(_)) = self.commit(tenant, writes).await?;
        let run = Secret::new(run.as_bytes().to_vec());
        self.hand_out(tenant, PURPOSE, application, &run, LIFETIME).await
    }

    /// Gives the tokens for a code, once and to a client of the application that keeps a secret. That they were fetched is
    /// committed before they go out. A code that comes a second time was seen by somebody whom it was not meant for: it
    /// ends the session (RFC 6749 section 4.1.2).
    ///
    /// # Errors
    /// When the store fails. Nothing comes back for a code that is worth nothing, whatever is wrong with it.
    pub async fn exchange(
        &self,
        tenant: &TenantId,
        client: &Client,
        code: &Secret<String>,
    ) -> Result<Option<Exchanged>, IdentityError> {
        let application = &client.application;
        if !client.confidential {
            return Ok(None);
        }
        let run = self.take_back(tenant, PURPOSE, application, code.expose()).await?;
        let run = run.and_then(|run| Uuid::from_slice(run.expose()).ok());
        let Some(run) = run else { return Ok(None) };
        for _ in 0..TRIES {
            let loaded = Loaded::<Completion>::read(self.vault(), tenant, run.as_bytes().to_vec()).await?;
            let Some(kept) = loaded.value.as_ref().filter(|kept| kept.application == *application) else {
                return Ok(None);
            };
            let Some([access, id]) = kept.tokens.clone() else {
                self.end_session(tenant, &Actor::system(), run).await?;
                return Ok(None);
            };
            let now = self.vault().now().await?;
            let until = now.checked_add(LIFETIME).map_err(|_| IdentityError::Signing)?;
            let fetched = Completion { tokens: None, ..kept.clone() };
            let writes = vec![loaded.put(&fetched, Some(until))?];
            if let Outcome::Conflict(_) = self.commit(tenant, writes).await? {
                continue;
            }
            let (access, id) = (Secret::new(access), Secret::new(id));
            let claims = self.introspect(tenant, application, TokenKind::Access, &access).await?;
            // The session may have been ended since.
            return Ok(claims.ok().map(|claims| Exchanged { access_token: access, id_token: id, claims }));
        }
        Err(IdentityError::Busy)
    }
}
