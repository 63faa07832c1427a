//! A step to be called comes in; its answer is judged, settled and applied.

use std::collections::HashSet;

use wayfarer_lang::Value;
use wayfarer_lang::program::{Node, Work};
use wayfarer_step::{Failure, Outward, PortError, Remains, Signal, StepError, Write};

use super::call::Called;
use super::drive::{Drive, Halt};
use super::settle::LeftBehind;
use super::signal::LONGEST_KEY;
use crate::machine::{Applied, Call, Judged, Left, Way, judge};
use crate::record::STEP_PREFIX;
use crate::run::Activity;

impl Drive<'_> {
    pub(super) async fn visit(&mut self, node: Node, call: Call) -> Result<(), Halt> {
        let engine = self.engine;
        let Some((step, version)) = engine.registry.get(&node.type_name) else {
            return self.fail_closed("step_missing");
        };
        // A visit that begins has no state to migrate: it needs the very version that the bundle was made with.
        if call.calling.woken.is_none() && self.bundle.step_version(&node.type_name) != Some(version) {
            return self.fail_closed("step_version");
        }
        let began = engine.vault.now().await;
        let called = self.call(&**step, &node, &call).await;
        self.observe(&node, &called, began.ok()).await;
        let called = match called {
            Called { answer: Some(Err(StepError::Failed { code, .. })), .. } if code == "state_not_readable" => {
                return self.fail_closed("step_version");
            }
            Called { answer: Some(Err(StepError::Port(error @ PortError::Unavailable { .. }))), compared, .. }
                if node.retry.is_none() && compared.is_empty() =>
            {
                return Err(error.into());
            }
            called => called,
        };
        let Called { answer, compared, remains, in_doubt } = called;
        let finished = matches!(answer, Some(Ok(_)));
        let (mut judged, remains) = match self.admissible(&node, remains) {
            Err(failure) => (Judged::failed(failure), Remains::default()),
            Ok(remains) => match answer {
                None => (Judged::cut(), remains),
                Some(answer) => {
                    (judge(&node, &call.calling, version, answer, &compared, self.now, &engine.limits), remains)
                }
            },
        };
        // What a step left behind counts only if the step itself finished its visit and was believed.
        let failed = matches!(&judged, Judged::Left(left, _) if matches!(left.way, Way::Failed | Way::TimedOut));
        let Remains { identified: named, writes, signals, provided } =
            if failed { Remains::default() } else { remains };
        // Whatever a verifying step says, it commits: the time that a visit takes does not tell how it ended (R39).
        let verifies = matches!(&node.work, Work::Call { verifies: Some(_), .. });
        let harmless = compared.is_empty() && call.outward == Outward::None;
        // A visit that will rest commits when the run rests: whoever speaks to it then finds it waiting.
        let rests = matches!(&judged, Judged::Waits(wait) if wait.due(self.now).is_none());
        let leaves = !signals.is_empty() || writes.iter().any(|write| !matches!(write, Write::Record(_)));
        let at_once = verifies || !harmless || named.is_some() || (leaves && !rests);
        if let Judged::Left(left, _) = &mut judged {
            // A step that is not believed may have acted all the same.
            left.in_doubt = in_doubt || (finished && failed);
        }
        let (applied, believed) = match judged {
            Judged::Waits(wait) => (Applied::Waits { wait, named, provided }, None),
            Judged::Left(left, believed) => (Applied::Left(Left { named, provided, ..*left }), believed),
        };
        self.refused |= verifies && believed.is_none();
        let left = LeftBehind { writes, signals };
        if at_once {
            return self.settle(applied, believed, &compared, left, harmless).await;
        }
        self.leave_behind(left);
        self.apply(applied);
        Ok(())
    }

    /// A step may name a user only if it declares so: the checker goes by that. It may write its own kinds of records, each
    /// once, and facts about this visit: nothing that belongs to the engine or to a port. It may speak under keys of steps, a few times. What it hands to the client or says to others
    /// holds no secret (R99).
    fn admissible(&self, node: &Node, remains: Remains) -> Result<Remains, Failure> {
        let Remains { identified, writes, signals, provided } = remains;
        if identified.is_some() && !matches!(&node.work, Work::Call { identifies: true, .. }) {
            return Err(Failure::new("undeclared_user", "the step named a user, and does not declare that it may"));
        }
        if provided.as_ref().is_some_and(Value::holds_secret) {
            return Err(Failure::new("secret_in_data", "the data for the client holds a secret, which is never sent"));
        }
        if signals.iter().any(|signal| signal.data.holds_secret()) {
            return Err(Failure::new("secret_in_signal", "a signal holds a secret, which is never said"));
        }
        let limits = &self.engine.limits;
        let may_be_said = |Signal { key, data }: &Signal| {
            key.starts_with(STEP_PREFIX) && key.len() <= LONGEST_KEY && data.size() <= limits.input_bytes
        };
        if signals.len() > limits.signals || !signals.iter().all(may_be_said) {
            return Err(Failure::new("forbidden_signal", "the step said too much, or under a key that is no step's"));
        }
        let mut written = HashSet::new();
        let mut allowed = Vec::with_capacity(writes.len());
        for write in writes {
            let own = match &write {
                Write::Record(_) => true,
                Write::Put { kind, id, .. } | Write::Delete { kind, id, .. } => {
                    kind.starts_with(STEP_PREFIX) && written.insert((*kind, id.clone()))
                }
                Write::Require { kind, .. } => kind.starts_with(STEP_PREFIX),
            };
            if !own {
                return Err(Failure::new("forbidden_write", "the step staged a record that is not its own"));
            }
            allowed.push(match write {
                Write::Record(fact) => Write::Record(fact.within(&self.scope).step(&node.id)),
                write => write,
            });
        }
        Ok(Remains { identified, writes: allowed, signals, provided })
    }

    /// The run cannot go on at all: it aborts, and the machine brings it to its end.
    pub(super) fn fail_closed(&mut self, code: &'static str) -> Result<(), Halt> {
        tracing::error!(code, "the run fails closed");
        self.run.activity = Activity::Aborting { code: code.into() };
        Ok(())
    }
}
