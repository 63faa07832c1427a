#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::sync::Arc;

use wayfarer_step::{Refusal, Secret, Source};

use crate::fixture::{Fixture, Tried, wrong};
use crate::{Attributes, AuditQuery, CheckCode, Checked, TokenKind, UserRef};

impl Fixture {
    async fn check(&self, user: &str, code: &str) -> Checked {
        self.check_in("default", user, code).await.unwrap()
    }

    async fn check_in(&self, application: &str, user: &str, code: &str) -> Result<Checked, crate::IdentityError> {
        let request = CheckCode {
            application: application.into(),
            user: UserRef::id(user).unwrap(),
            passcode: Secret::new(code.to_owned()),
            attributes: Attributes::new(Some("agent/1"), Some("203.0.113.7")).unwrap(),
            source: Source::new("198.51.100.4".parse().ok(), Some("Backend/2")),
        };
        self.identity.check_code(&self.tenant, &self.support, &request).await
    }

    async fn names(&self) -> Vec<String> {
        let page = self.identity.audit(&self.tenant, &AuditQuery::default()).await.unwrap();
        page.entries.into_iter().map(|entry| entry.fact.name.into_owned()).collect()
    }
}

#[track_caller]
fn refusal(checked: &Checked) -> Refusal {
    let Checked::Refused(refusal) = checked else { panic!("{checked:?}") };
    *refusal
}

#[tokio::test]
async fn a_right_code_is_used_up_and_begins_a_session_of_recovery_grade() {
    let fixture = Fixture::new().await;
    let user = fixture.user("user123").await;
    let code = fixture.issue("user123").await;
    let Checked::Verified(tokens) = fixture.check("user123", code.code.expose()).await else { panic!() };
    assert!(tokens.expires_in <= 600);
    let (identity, tenant) = (&fixture.identity, &fixture.tenant);
    for (kind, token) in [(TokenKind::Access, &tokens.access), (TokenKind::Id, &tokens.id)] {
        let claims = identity.introspect(tenant, "default", kind, token).await.unwrap().unwrap();
        assert_eq!((claims.sub.as_str(), claims.acr.as_str()), (&*user.user_id, "recovery"));
        assert_eq!((claims.amr, claims.sid), (vec!["tac".to_owned()], tokens.session_id.to_string()));
    }
    assert_eq!(refusal(&fixture.check("user123", code.code.expose()).await), Refusal::NoCode, "law 4");
    assert_eq!(fixture.attempt("user123", code.code.expose()).await, Tried::Refused(Refusal::NoCode));
    let names = fixture.names().await;
    let expected = [
        "user.added",
        "tempcode.issued",
        "tempcode.attempt_counted",
        "tempcode.verified",
        "recovery.session_started",
        "tempcode.checked",
        "tempcode.attempt_refused",
        "tempcode.checked",
        "tempcode.attempt_refused",
    ];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn r44_attempts_here_and_in_journeys_have_one_count() {
    let fixture = Fixture::new().await;
    fixture.user("user123").await;
    let code = fixture.issue("user123").await;
    let bad = wrong(&code);
    assert_eq!(refusal(&fixture.check("user123", &bad).await), Refusal::Wrong);
    assert_eq!(fixture.attempt("user123", &bad).await, Tried::Refused(Refusal::Wrong));
    assert_eq!(refusal(&fixture.check("user123", &bad).await), Refusal::Wrong);
    assert_eq!(refusal(&fixture.check("user123", code.code.expose()).await), Refusal::Locked);
    assert_eq!(fixture.attempt("user123", code.code.expose()).await, Tried::Refused(Refusal::Locked));
    let status = fixture.identity.code_status(&fixture.tenant, &UserRef::id("user123").unwrap()).await.unwrap();
    assert_eq!((status.attempts, status.consecutive_failures), (3, 3));
    let names = fixture.names().await;
    let recorded = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
    let failed =
        (recorded("tempcode.attempt_counted"), recorded("tempcode.attempt_failed"), recorded("tempcode.locked"));
    assert_eq!(failed, (3, 3, 1), "{names:?}");
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_with_its_reason() {
    let fixture = Fixture::configured(serde_json::json!({ "default": {}, "other": {} })).await;
    fixture.user("user123").await;
    assert_eq!(refusal(&fixture.check("nobody", "123456").await), Refusal::UnknownUser);
    assert_eq!(refusal(&fixture.check("user123", "123456").await), Refusal::NoCode);
    let code = fixture.issue("user123").await;
    let elsewhere = fixture.check_in("other", "user123", code.code.expose()).await.unwrap();
    assert_eq!(refusal(&elsewhere), Refusal::NoCode, "R14");
    assert!(fixture.check_in("nowhere", "user123", code.code.expose()).await.is_err());
    fixture.advance(300);
    assert_eq!(refusal(&fixture.check("user123", code.code.expose()).await), Refusal::Expired);
    let code = fixture.issue("user123").await;
    fixture.identity.disable_user(&fixture.tenant, &fixture.support, &UserRef::id("user123").unwrap()).await.unwrap();
    assert_eq!(refusal(&fixture.check("user123", code.code.expose()).await), Refusal::Disabled);
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_of_many_right_ones_at_once_one_signs_in() {
    let fixture = Arc::new(Fixture::new().await);
    fixture.user("user123").await;
    let code = fixture.issue("user123").await;
    let tries: Vec<_> = (0..16)
        .map(|_| {
            let (fixture, code) = (fixture.clone(), code.code.expose().clone());
            tokio::spawn(async move { matches!(fixture.check("user123", &code).await, Checked::Verified(_)) })
        })
        .collect();
    let mut verified = 0;
    for tried in tries {
        verified += usize::from(tried.await.unwrap());
    }
    assert_eq!(verified, 1);
}

#[tokio::test]
async fn r116_attributes_cannot_forge_the_trail() {
    for (agent, address) in [(Some("a\nb"), None), (Some(""), None), (None, Some("1.2.3")), (None, Some("1.2.3.4\n"))] {
        assert!(Attributes::new(agent, address).is_err(), "{agent:?} {address:?}");
    }
    let fixture = Fixture::new().await;
    fixture.check("nobody", "1").await;
    let query = AuditQuery { name: Some("tempcode.checked".to_owned()), ..AuditQuery::default() };
    let page = fixture.identity.audit(&fixture.tenant, &query).await.unwrap();
    let details = &page.entries[0].fact.details;
    assert_eq!(details["claimed_user_agent"], "agent/1");
    assert_eq!(details["claimed_ip_address"], "203.0.113.7");
    assert_eq!((&details["address"], &details["user_agent"]), (&"198.51.100.4".into(), &"Backend/2".into()));
}
