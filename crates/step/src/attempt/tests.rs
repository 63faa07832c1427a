#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use uuid::Uuid;
use wayfarer_lang::Secret;

use super::{Attempts, Claim, Journal, Refusal, Verdict};
use crate::port::{Comparison, Count, Ledger, Ticket, Verifier};
use crate::{Identifier, Method, PortError, Scope, Subject, Write};

/// Notes in which order the ports are called.
#[derive(Default)]
struct Trace {
    calls: Mutex<Vec<&'static str>>,
    closed: Option<Refusal>,
    broken: bool,
}

#[async_trait]
impl Ledger for Trace {
    async fn count(&self, _: &Scope, claim: &Claim) -> Result<Count, PortError> {
        self.calls.lock().unwrap().push("count");
        if self.broken {
            return Err(PortError::unavailable("ledger", "away"));
        }
        if let Some(refusal) = self.closed {
            return Ok(Count::Closed(refusal));
        }
        let subject = Subject { user_id: "u".into(), external_user_id: None };
        Ok(Count::Open(Ticket { id: Uuid::nil(), subject, method: claim.method.clone(), material: Arc::new(()) }))
    }

    async fn settle(&self, _: &Scope, _: &Ticket, _: Comparison) -> Result<Option<Vec<Write>>, PortError> {
        Ok(None)
    }
}

#[async_trait]
impl Verifier for Trace {
    async fn compare(&self, _: &Ticket, secret: &Secret<String>) -> Result<bool, PortError> {
        self.calls.lock().unwrap().push("compare");
        Ok(secret.matches("right"))
    }

    async fn pretend(&self, _: &Secret<String>) -> Result<(), PortError> {
        self.calls.lock().unwrap().push("pretend");
        Ok(())
    }
}

async fn attempt(trace: Trace, secret: &str) -> (Result<Verdict, PortError>, Vec<&'static str>, Vec<super::Compared>) {
    let scope = Scope {
        tenant: "t".into(),
        application: "a".into(),
        run: Uuid::nil(),
        journey: "j".into(),
        source: crate::Source::default(),
    };
    let trace = Arc::new(trace);
    let journal = Journal::default();
    let attempts = Attempts::new(scope, trace.clone(), trace.clone(), journal.clone());
    let claim = Claim {
        method: Method::TEMP_CODE,
        identifier: Identifier::User("u".into()),
        secret: Secret::new(secret.to_owned()),
    };
    let verdict = attempts.verify(claim).await;
    let calls = trace.calls.lock().unwrap().clone();
    (verdict, calls, journal.take())
}

#[tokio::test]
async fn an_attempt_is_counted_before_it_is_compared_r9() {
    for (secret, how) in [("right", Comparison::Right), ("wrong", Comparison::Wrong)] {
        let (verdict, calls, compared) = attempt(Trace::default(), secret).await;
        assert_eq!(calls, ["count", "compare"]);
        assert_eq!(matches!(verdict.unwrap(), Verdict::Verified(_)), how == Comparison::Right);
        assert_eq!(compared.len(), 1);
        assert_eq!(compared[0].how, how);
    }
}

#[tokio::test]
async fn what_may_not_be_compared_costs_the_same_work_r39() {
    let (verdict, calls, compared) =
        attempt(Trace { closed: Some(Refusal::Locked), ..Trace::default() }, "right").await;
    assert!(matches!(verdict.unwrap(), Verdict::Refused(Refusal::Locked)));
    assert_eq!(calls, ["count", "pretend"]);
    assert!(compared.is_empty());
}

#[tokio::test]
async fn without_a_committed_count_nothing_is_compared_r9() {
    let (verdict, calls, compared) = attempt(Trace { broken: true, ..Trace::default() }, "right").await;
    assert!(verdict.is_err());
    assert_eq!(calls, ["count"]);
    assert!(compared.is_empty());
}
