//! A sub-journey that has ended comes in; what it proved is kept or forgotten, tokens included, and the run goes on.

use super::drive::{Drive, Halt};
use crate::error::EngineError;
use crate::machine::{Applied, Fresh, Returned, forgotten};

impl Drive<'_> {
    /// Goes on behind the step that invoked it. If what was proven changes by that, so do the tokens, in the same commit:
    /// those of the sub-journey are void, and what was proven before it gets tokens anew (law 3; R60).
    pub(super) async fn returned(&mut self, returned: Returned) -> Result<(), Halt> {
        let Some(before) = forgotten(&self.run, &returned).cloned() else {
            self.apply(Applied::Returned(returned));
            return Ok(());
        };
        let engine = self.engine;
        let at_first = (self.run.clone(), self.facts.clone(), self.staged.clone());
        for _ in 0..engine.limits.commit_tries {
            let mut returned = returned.clone();
            match before.grant() {
                Some(grant) => {
                    let user_id = &grant.subject.user_id;
                    if engine.directory.user_context(&self.scope, user_id).await?.is_none() {
                        return self.fail_closed("user_removed");
                    }
                    let minted = engine.tokens.mint(&self.scope, &grant).await?;
                    returned.tokens = Some(Box::new(Fresh { tokens: minted.tokens, claims: minted.claims }));
                    self.stage(minted.writes);
                }
                None => self.stage(engine.tokens.revoke(&self.scope).await?),
            }
            self.apply(Applied::Returned(returned));
            match self.commit(None, None).await {
                Err(Halt::Changed(key)) => {
                    tracing::debug!(kind = %key.kind, "taking tokens back anew");
                    (self.run, self.facts, self.staged) = at_first.clone();
                }
                done => return done,
            }
        }
        Err(EngineError::Unavailable("the records keep changing".into()).into())
    }
}
