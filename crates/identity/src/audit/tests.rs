//! The trail answers who did what, and shows when somebody touched it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::json;
use wayfarer_step::port::{Confirmation, Grant};
use wayfarer_step::{Method, Scope};

use super::*;
use crate::fixture::{Fixture, Tried, wrong};
use crate::{IssueCode, UserRef};

async fn ask(f: &Fixture, query: AuditQuery) -> Vec<AuditEntry> {
    let page = f.identity.audit(&f.tenant, &query).await.unwrap();
    assert_eq!(page.next, None);
    page.entries
}

fn names(entries: &[AuditEntry]) -> Vec<&str> {
    entries.iter().map(|entry| &*entry.fact.name).collect()
}

#[tokio::test]
async fn r115_every_step_of_a_recovery_is_recorded_with_who_and_what() {
    let f = Fixture::new().await;
    let user = f.user("ann").await;
    let code = f.issue("ann").await;
    f.attempt("ann", &wrong(&code)).await;
    let again = f.issue("ann").await;
    let scope = f.scope();
    assert_eq!(f.attempt_in(&scope, "ann", again.code.expose()).await, Tried::Verified);

    let entries = ask(&f, AuditQuery { user: Some(user.user_id.to_string()), ..AuditQuery::default() }).await;
    let expected = [
        "user.added",
        "tempcode.issued",
        "tempcode.attempt_counted",
        "tempcode.attempt_failed",
        "tempcode.superseded",
        "tempcode.issued",
        "tempcode.attempt_counted",
        "tempcode.verified",
    ];
    assert_eq!(names(&entries), expected);
    let issued = &entries[1].fact;
    assert_eq!(issued.actor, f.support);
    assert_eq!(issued.details["code_id"], json!(code.code_id.to_string()));
    let verified = &entries[7].fact;
    assert_eq!(verified.run.as_deref(), Some(&*scope.run.to_string()));
    assert_eq!(verified.journey.as_deref(), Some("recovery"));
    assert_eq!(verified.application.as_deref(), Some("default"));
    assert_eq!(verified.details["code_id"], json!(again.code_id.to_string()));
    assert_eq!(entries.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), (1..=8).collect::<Vec<_>>());
}

#[tokio::test]
async fn locks_and_disabled_methods_are_recorded_with_the_attempt_that_caused_them() {
    let passcodes = json!({ "failure_cap": 10, "max_attempts": 10 });
    let f = Fixture::configured(json!({ "default": { "one_time_passcodes": passcodes } })).await;
    f.user("ann").await;
    let code = f.issue("ann").await;
    for _ in 0..10 {
        f.attempt("ann", &wrong(&code)).await;
    }
    let entries = ask(&f, AuditQuery { name: Some("tempcode.".into()), ..AuditQuery::default() }).await;
    let last: Vec<_> = names(&entries).into_iter().rev().take(4).collect();
    assert_eq!(
        last,
        ["tempcode.method_disabled", "tempcode.locked", "tempcode.attempt_failed", "tempcode.attempt_counted"]
    );
    assert_eq!(entries[entries.len() - 3].fact.details["count"], json!(10));
}

#[tokio::test]
async fn refusals_are_recorded_with_their_reason_but_not_with_what_was_typed() {
    let f = Fixture::new().await;
    f.user("ann").await;
    f.attempt("482913 typed in the wrong field", "000000").await;
    f.attempt("ann", "000000").await;
    let refused = IssueCode::new(UserRef::id("nobody-of-this-name").unwrap());
    assert!(f.identity.issue_code(&f.tenant, &f.support, &refused).await.is_err());
    let entries = ask(&f, AuditQuery { name: Some("tempcode.".into()), ..AuditQuery::default() }).await;
    assert_eq!(names(&entries), ["tempcode.attempt_refused", "tempcode.attempt_refused", "tempcode.denied"]);
    let reasons: Vec<_> = entries.iter().map(|entry| entry.fact.reason.as_deref().unwrap()).collect();
    assert_eq!(reasons, ["unknown_user", "no_live_code", "unknown_user"]);
    let text = serde_json::to_string(&entries).unwrap();
    assert!(!text.contains("482913") && !text.contains("nobody-of-this-name"), "{text}");
}

#[tokio::test]
async fn a_question_has_a_name_a_start_a_limit_and_a_next_page() {
    let f = Fixture::new().await;
    for number in 0..30 {
        f.user(&format!("user{number}")).await;
        f.advance(1);
    }
    assert_eq!(ask(&f, AuditQuery { name: Some("user.added".into()), ..AuditQuery::default() }).await.len(), 30);
    assert_eq!(ask(&f, AuditQuery { name: Some("user".into()), ..AuditQuery::default() }).await.len(), 0);
    let since = f.vault.now().await.unwrap() - SignedDuration::from_secs(10);
    assert_eq!(ask(&f, AuditQuery { since: Some(since), ..AuditQuery::default() }).await.len(), 10);

    let (mut seen, mut after) = (BTreeSet::new(), None);
    loop {
        let query = AuditQuery { after, limit: 7, ..AuditQuery::default() };
        let page = f.identity.audit(&f.tenant, &query).await.unwrap();
        assert!(page.entries.len() <= 7 && page.entries.iter().all(|entry| seen.insert(entry.position)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 30);
}

#[tokio::test]
async fn r118_the_trail_verifies_and_belongs_to_its_tenant() {
    let f = Fixture::new().await;
    f.user("ann").await;
    let verified = f.identity.verify_audit(&f.tenant).await.unwrap();
    assert!(verified.is_intact() && verified.entries == 1);
    let other = TenantId::new("other").unwrap();
    assert!(f.identity.audit(&other, &AuditQuery::default()).await.unwrap().entries.is_empty());
}

/// Laws 4 and 8; R17, R105, R114: neither the code nor a token can be found in the store's file or the audit trail.
#[tokio::test]
async fn r17_r105_r114_nothing_secret_stands_in_the_file_or_the_trail() {
    use std::sync::Arc;
    use wayfarer_store::{KeyRing, ManualClock, RedbStore};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.redb");
    let clock = ManualClock::default();
    let store = Arc::new(RedbStore::open(&path, clock.clone()).unwrap());
    let passcodes = json!({ "default": { "one_time_passcodes": { "length": 12 } } });
    let keys = Arc::new(KeyRing::ephemeral().unwrap());
    let f = Fixture::over(store, keys, clock, serde_json::from_value(passcodes).unwrap()).await;

    let user = f.user("canary-external-id").await;
    let first = f.issue("canary-external-id").await;
    let guess = wrong(&first);
    f.attempt("canary-external-id", &guess).await;
    f.attempt("canary-nobody", &guess).await;
    let code = f.issue("canary-external-id").await;
    let scope = Scope { ..f.scope() };
    assert_eq!(f.attempt_in(&scope, "canary-external-id", code.code.expose()).await, Tried::Verified);
    let authenticated_at = f.vault.now().await.unwrap();
    let grant = Grant { subject: user.subject(), methods: vec![Method::TEMP_CODE], authenticated_at };
    let minted = f.identity.tokens().mint(&scope, &grant).await.unwrap();
    let shown = format!("{minted:?} {:?} {:?} {first:?} {code:?}", f.identity, grant);
    let tokens = ["access_token", "id_token"].map(|name| match minted.tokens.get(name).unwrap() {
        wayfarer_step::Value::Secret(token) => token.expose().as_text().unwrap().to_owned(),
        other => other.as_text().unwrap().to_owned(),
    });
    crate::record::commit(&f.vault, &f.tenant, minted.writes).await.unwrap();
    let Confirmation::Good(writes) = f.identity.tokens().confirm(&scope, &grant).await.unwrap() else {
        panic!("refused")
    };
    crate::record::commit(&f.vault, &f.tenant, writes).await.unwrap();

    let trail = serde_json::to_string(&ask(&f, AuditQuery::default()).await).unwrap();
    assert!(trail.contains("recovery.session_started"));
    drop(f);
    #[expect(clippy::disallowed_methods, reason = "the file is looked at from outside")]
    let file = std::fs::read(&path).unwrap();
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(&file, "attempts"), "the search finds what is there");
    let mut secrets = vec![first.code.expose().clone(), code.code.expose().clone(), guess];
    secrets.extend(tokens.iter().flat_map(|token| token.split('.').map(str::to_owned)));
    for secret in &secrets {
        assert!(!holds(&file, secret) && !trail.contains(secret) && !shown.contains(secret), "{secret}");
    }
    for personal in ["canary-external-id", "canary-nobody"] {
        assert!(!holds(&file, personal), "{personal}");
    }
}

#[tokio::test]
async fn whoever_watches_is_told_of_what_identity_commits_and_of_nothing_else() {
    let f = Fixture::new().await;
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = told.clone();
    let identity = f.identity.clone().watched(move |fact: &Fact| heard.lock().unwrap().push(fact.name.to_string()));
    let ann = crate::NewUser::external("user123");
    identity.add_user(&f.tenant, &f.support, &ann).await.unwrap();
    identity.add_user(&f.tenant, &f.support, &ann).await.unwrap_err();
    let user = crate::UserRef::id("user123").unwrap();
    let code = identity.issue_code(&f.tenant, &f.support, &crate::IssueCode::new(user)).await.unwrap().code;
    let claim = wayfarer_step::Claim {
        method: wayfarer_step::Method::TEMP_CODE,
        identifier: wayfarer_step::Identifier::User("user123".into()),
        secret: code,
    };
    let count = identity.ledger().count(&f.scope(), &claim).await.unwrap();
    let wayfarer_step::port::Count::Open(ticket) = count else { panic!("{count:?}") };
    // What follows from it is for the driver to commit.
    let how = wayfarer_step::port::Comparison::Right;
    assert!(identity.ledger().settle(&f.scope(), &ticket, how).await.unwrap().is_some());
    assert_eq!(*told.lock().unwrap(), ["user.added", "tempcode.issued", "tempcode.attempt_counted"]);
}
