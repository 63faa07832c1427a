//! An ending comes in; the tokens are looked at, the run is ended and committed, and the answer goes out.

use wayfarer_lang::Value;
use wayfarer_step::port::Confirmation;

use super::drive::{Drive, Halt};
use crate::answer::{Answer, Outcome};
use crate::machine::{Applied, Ending};
use crate::run::Asked;

impl Drive<'_> {
    /// Ends the run. The only success is a completion that the tokens confirm right before the commit; every other end
    /// takes them back with it (R45).
    pub(super) async fn end(&mut self, ending: Ending) -> Result<Answer, Halt> {
        let ending = self.confirmed(ending).await?;
        let outcome = match &ending {
            Ending::Completed { data } => {
                let proven = self.run.identity.is_proven();
                let shown = |value: &Value| proven.then(|| value.clone());
                let (tokens, claims) = (shown(&self.run.identity.tokens), shown(&self.run.identity.claims));
                Outcome::Completed { data: data.clone(), tokens, claims }
            }
            Ending::Rejected { data } => Outcome::Rejected { data: data.clone() },
            Ending::Failed { code } => Outcome::Failed { code: code.clone() },
        };
        // All failures look alike (law 7): what an earlier step had for the client would tell them apart.
        let provided = self.run.undelivered().filter(|_| !matches!(ending, Ending::Failed { .. }));
        // Whoever holds the handle may read the end for as long as an answer is kept, if nobody is there to get it.
        if !self.present
            && self.run.asked.is_none()
            && let Some(handle) = self.run.handle
        {
            self.run.asked = Some(Asked { record: handle.to_vec(), body: None });
        }
        self.apply(Applied::Ended(ending));
        let (refused, path) = (self.refused, self.run.path.clone());
        let answer = Answer { run: self.run.id, outcome, provided, refused, path };
        self.commit(Some(&answer), None).await?;
        Ok(answer)
    }

    async fn confirmed(&mut self, ending: Ending) -> Result<Ending, Halt> {
        let Some(grant) = self.run.identity.grant() else { return Ok(ending) };
        let ending = match ending {
            Ending::Completed { .. } => match self.engine.tokens.confirm(&self.scope, &grant).await? {
                Confirmation::Good(writes) => {
                    self.stage(writes);
                    return Ok(ending);
                }
                Confirmation::Refused { reason } => {
                    tracing::info!(%reason, "the tokens are not confirmed");
                    Ending::Failed { code: "not_confirmed".into() }
                }
            },
            other => other,
        };
        self.stage(self.engine.tokens.revoke(&self.scope).await?);
        Ok(ending)
    }
}
