//! The end of a visit comes in; it is committed with what follows from its comparisons and with what the step left behind.

use wayfarer_step::attempt::{Accepted, Compared};
use wayfarer_step::port::Comparison;
use wayfarer_step::{Failure, Signal, Write};
use wayfarer_store::Key;

use super::drive::{Drive, Halt};
use crate::error::EngineError;
use crate::machine::{Applied, Believed, Left, Proven};
use crate::record::STEP_PREFIX;

/// What a visit leaves behind when it counts.
#[derive(Clone, Default)]
pub(super) struct LeftBehind {
    pub(super) writes: Vec<Write>,
    pub(super) signals: Vec<Signal>,
}

impl Drive<'_> {
    /// Takes it for the next commit.
    pub(super) fn leave_behind(&mut self, left: LeftBehind) {
        self.stage(left.writes);
        self.outbox.say(left.signals);
    }

    /// Commits the end of a visit together with what follows from its comparisons: the code's consumption, the tokens, the
    /// audit record (law 4; R8). The ledger is asked anew for each try, and may say that the ticket has become void.
    ///
    /// If a record of a step was changed meanwhile, the visit does not count. A `harmless` one is played again; of any other
    /// nobody may take back what was compared or done, so it has failed.
    pub(super) async fn settle(
        &mut self,
        mut applied: Applied,
        mut believed: Option<Believed>,
        compared: &[Compared],
        mut left: LeftBehind,
        harmless: bool,
    ) -> Result<(), Halt> {
        let engine = self.engine;
        let before = (self.run.clone(), self.facts.clone(), self.staged.clone());
        for _ in 0..engine.limits.commit_tries {
            self.leave_behind(left.clone());
            self.conclude(applied.clone(), believed.as_ref(), compared).await?;
            match self.commit(None, None).await {
                Err(Halt::Changed(key)) if harmless && is_of_a_step(&key) => return Err(Halt::Changed(key)),
                Err(Halt::Changed(key)) => {
                    tracing::debug!(kind = %key.kind, "settling anew");
                    (self.run, self.facts, self.staged) = before.clone();
                    self.outbox.unsay();
                    if is_of_a_step(&key) {
                        let failure = Failure::new("conflict", "a record of the step was changed meanwhile");
                        applied = Applied::Left(Left { in_doubt: true, ..Left::failed(failure) });
                        (believed, left) = (None, LeftBehind::default());
                    }
                }
                done => return done,
            }
        }
        Err(EngineError::Unavailable("the records keep changing".into()).into())
    }

    /// Makes of the run what the visit makes of it, once the ledger has said what its comparisons are worth.
    async fn conclude(
        &mut self,
        mut applied: Applied,
        believed: Option<&Believed>,
        compared: &[Compared],
    ) -> Result<(), Halt> {
        let engine = self.engine;
        let mut void = false;
        for entry in settled(compared, believed) {
            match engine.ledger.settle(&self.scope, &entry.ticket, entry.how).await? {
                Some(writes) => self.stage(writes),
                None => void |= entry.how == Comparison::Right,
            }
        }
        if let (Applied::Left(left), Some(Believed { accepted, .. })) = (&mut applied, believed) {
            match if void { None } else { self.prove(left, accepted).await? } {
                Some((proven, writes)) => {
                    left.proven = Some(Box::new(proven));
                    self.stage(writes);
                }
                None => {
                    self.refused = true;
                    *left = Left::failed(Failure::new("void", "the secret was taken back meanwhile"));
                }
            }
        }
        let was_proven = self.run.identity.is_proven();
        self.apply(applied);
        if was_proven && !self.run.identity.is_proven() {
            self.stage(engine.tokens.revoke(&self.scope).await?);
        }
        Ok(())
    }

    /// What follows from a proof: the user, and tokens for everything proven of them in this run. None if the user is gone.
    async fn prove(&self, left: &Left, accepted: &Accepted) -> Result<Option<(Proven, Vec<Write>)>, Halt> {
        let mut identity = self.run.identity.clone();
        if let Some(named) = &left.named {
            identity.turn_to(named.clone());
        }
        identity.turn_to(accepted.subject.clone());
        identity.proofs.push(accepted.clone());
        let Some(grant) = identity.grant() else { return Ok(None) };
        let user_id = &accepted.subject.user_id;
        let Some(user) = self.engine.directory.user_context(&self.scope, user_id).await? else { return Ok(None) };
        let minted = self.engine.tokens.mint(&self.scope, &grant).await?;
        let (tokens, claims) = (minted.tokens, minted.claims);
        Ok(Some((Proven { accepted: accepted.clone(), user, tokens, claims }, minted.writes)))
    }
}

fn is_of_a_step(key: &Key) -> bool {
    key.kind.as_str().starts_with(STEP_PREFIX)
}

/// Every wrong comparison, and one right one: that of the proof if there is a proof. A second right one in a visit has
/// nothing left to consume.
fn settled<'a>(compared: &'a [Compared], believed: Option<&Believed>) -> impl Iterator<Item = &'a Compared> {
    let right = compared.iter().position(|entry| {
        entry.how == Comparison::Right && believed.is_none_or(|believed| entry.ticket.id == believed.ticket)
    });
    let settles = move |index, entry: &Compared| entry.how == Comparison::Wrong || Some(index) == right;
    compared.iter().enumerate().filter(move |(index, entry)| settles(*index, entry)).map(|(_, entry)| entry)
}
