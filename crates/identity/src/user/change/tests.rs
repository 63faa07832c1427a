#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use serde_json::json;
use wayfarer_step::Refusal;

use super::*;
use crate::fixture::{Fixture, Tried, wrong};
use crate::{AuditQuery, NewUser, UserFilter};

fn set(text: &str) -> Change<String> {
    Change::Set(text.to_owned())
}

fn ann() -> NewUser {
    NewUser {
        user_id: Some("u-1".to_owned()),
        external_user_id: Some("user123".to_owned()),
        email: Some("ann@example.com".to_owned()),
        ..NewUser::default()
    }
}

impl Fixture {
    async fn add(&self, new: &NewUser) -> Result<User, IdentityError> {
        self.identity.add_user(&self.tenant, &self.support, new).await
    }

    async fn update(&self, user: &str, changes: UserChanges) -> Result<User, IdentityError> {
        self.identity.update_user(&self.tenant, &self.support, &UserRef::id(user).unwrap(), &changes).await
    }

    async fn delete(&self, user: &str) -> Result<(), IdentityError> {
        self.identity.delete_user(&self.tenant, &self.support, &UserRef::id(user).unwrap()).await
    }

    async fn by(&self, kind: IdentifierType, value: &str) -> Result<User, IdentityError> {
        self.identity.user(&self.tenant, &UserRef::new(kind, value).unwrap()).await
    }

    async fn facts(&self, name: &str) -> Vec<Fact> {
        let query = AuditQuery { name: Some(name.to_owned()), ..AuditQuery::default() };
        let page = self.identity.audit(&self.tenant, &query).await.unwrap();
        page.entries.into_iter().map(|entry| entry.fact).collect()
    }
}

#[tokio::test]
async fn a_change_moves_what_leads_to_the_user_and_leaves_the_rest() {
    let f = Fixture::new().await;
    let before = f.add(&ann()).await.unwrap();
    f.advance(60);
    let custom_data = CustomData::new(json!({ "tier": ["gold", 1] }).as_object().unwrap().clone()).unwrap();
    let name = PersonName { first_name: Some("Ann".into()), ..PersonName::default() };
    let changes = UserChanges {
        email: set("Anna@Example.com"),
        username: set("anna"),
        external_user_id: Change::Remove,
        name: Change::Set(name.clone()),
        custom_data: Change::Set(custom_data.clone()),
        ..UserChanges::default()
    };
    let after = f.update("u-1", changes.clone()).await.unwrap();
    assert_eq!((&after.email, &after.external_user_id), (&Some("anna@example.com".into()), &None));
    assert_eq!((&after.name, &after.custom_data), (&Some(name), &Some(custom_data)));
    assert_eq!(
        (after.created_at, after.updated_at.duration_since(before.updated_at).as_secs()),
        (before.created_at, 60)
    );
    assert_eq!(f.by(IdentifierType::Email, "anna@example.com").await.unwrap(), after, "as it was stored");
    assert_eq!(f.by(IdentifierType::Username, "anna").await.unwrap(), after);
    for (kind, value) in [(IdentifierType::Email, "ann@example.com"), (IdentifierType::ExternalUserId, "user123")] {
        assert!(matches!(f.by(kind, value).await, Err(IdentityError::UnknownUser)), "{value}");
    }
    f.advance(60);
    assert_eq!(f.update("u-1", changes).await.unwrap(), after, "nothing to do");
    let facts = f.facts("user.updated").await;
    let [fact] = &facts[..] else { panic!("{facts:?}") };
    assert_eq!(fact.details["fields"], json!(["external_user_id", "email", "username", "name", "custom_data"]));
    f.add(&NewUser { email: Some("ann@example.com".to_owned()), ..NewUser::default() }).await.unwrap();
}

#[tokio::test]
async fn a_change_takes_nobodys_identifier_and_leaves_one() {
    let f = Fixture::new().await;
    f.add(&ann()).await.unwrap();
    f.add(&NewUser { username: Some("bob".to_owned()), ..NewUser::external("user124") }).await.unwrap();
    let taken = [
        (UserChanges { username: set("bob"), ..UserChanges::default() }, "username"),
        (UserChanges { external_user_id: set("user124"), ..UserChanges::default() }, "external_user_id"),
    ];
    for (changes, expected) in taken {
        let refused = f.update("u-1", changes).await;
        assert!(matches!(&refused, Err(IdentityError::Taken { field }) if *field == expected), "{refused:?}");
    }
    let own = UserChanges { external_user_id: set("u-1"), ..UserChanges::default() };
    f.update("u-1", own).await.unwrap();
    let back = UserChanges { external_user_id: set("user123"), ..UserChanges::default() };
    f.update("u-1", back).await.unwrap();
    assert!(f.by(IdentifierType::UserId, "u-1").await.is_ok(), "the user id leads on");
    let none = UserChanges { external_user_id: Change::Remove, email: Change::Remove, ..UserChanges::default() };
    assert!(matches!(f.update("u-1", none).await, Err(IdentityError::Invalid { .. })));
    for bad in ["", "a\u{7}b", &"x".repeat(129)] {
        let name = PersonName { last_name: Some(bad.into()), ..PersonName::default() };
        let changes = UserChanges { name: Change::Set(name), ..UserChanges::default() };
        assert!(matches!(f.update("u-1", changes).await, Err(IdentityError::Invalid { .. })), "{bad}");
    }
    let large = json!({ "x": "y".repeat(16 << 10) }).as_object().unwrap().clone();
    assert!(CustomData::new(large).is_err());
}

#[tokio::test]
async fn a_deleted_user_leaves_nothing_that_works_and_the_id_is_nobody_elses() {
    let f = Fixture::new().await;
    f.add(&ann()).await.unwrap();
    let used = f.issue("user123").await;
    assert_eq!(f.attempt("user123", used.code.expose()).await, Tried::Verified);
    let code = f.issue("user123").await;
    assert_eq!(f.attempt("user123", &wrong(&code)).await, Tried::Refused(Refusal::Wrong));
    f.delete("user123").await.unwrap();
    for user in ["user123", "u-1"] {
        assert_eq!(f.attempt(user, code.code.expose()).await, Tried::Refused(Refusal::UnknownUser), "{user}");
        assert!(matches!(f.delete(user).await, Err(IdentityError::UnknownUser)));
    }
    assert!(matches!(f.add(&ann()).await, Err(IdentityError::Taken { field: "user_id" })));
    let as_external = f.add(&NewUser::external("u-1")).await;
    assert!(matches!(as_external, Err(IdentityError::Taken { field: "external_user_id" })), "{as_external:?}");
    let again = f.add(&NewUser { user_id: None, ..ann() }).await.unwrap();
    assert_eq!(f.attempt("user123", code.code.expose()).await, Tried::Refused(Refusal::NoCode), "a new user");
    let status = f.identity.code_status(&f.tenant, &UserRef::id("user123").unwrap()).await.unwrap();
    assert_eq!((status.user_id, status.attempts, status.code.is_none()), (again.user_id, 0, true));
    let facts = f.facts("user.deleted").await;
    assert_eq!((facts.len(), facts[0].subject.as_deref()), (1, Some("u-1")));
    assert_eq!(f.facts("tempcode.revoked").await.len(), 1);
    assert!(!format!("{facts:?}").contains("example.com"), "no personal data");
}

#[tokio::test]
async fn r45_tokens_of_a_deleted_user_are_void() {
    use crate::{Attributes, CheckCode, Checked, TokenError, TokenKind};
    let f = Fixture::new().await;
    f.add(&ann()).await.unwrap();
    let code = f.issue("user123").await;
    let request = CheckCode {
        application: "default".into(),
        user: UserRef::id("user123").unwrap(),
        passcode: code.code,
        attributes: Attributes::default(),
        source: wayfarer_step::Source::default(),
    };
    let checked = f.identity.check_code(&f.tenant, &f.support, &request).await.unwrap();
    let Checked::Verified(tokens) = checked else { panic!("{checked:?}") };
    f.delete("u-1").await.unwrap();
    let said = f.identity.introspect(&f.tenant, "default", TokenKind::Access, &tokens.access).await.unwrap();
    assert_eq!(said, Err(TokenError::UserDisabled));
}

#[tokio::test]
async fn users_are_counted_and_found_by_a_filter() {
    let f = Fixture::new().await;
    for number in 0..7 {
        let email = Some(format!("u{number}@{}.example.com", if number % 2 == 0 { "even" } else { "odd" }));
        f.add(&NewUser { email, ..NewUser::external(&format!("user{number}")) }).await.unwrap();
    }
    let find = async |search: &str, offset, limit| {
        let filter: Option<UserFilter> = (!search.is_empty()).then(|| search.parse().unwrap());
        let list = f.identity.find_users(&f.tenant, filter.as_ref(), offset, limit).await.unwrap();
        (list.total, list.users.len())
    };
    assert_eq!(find("", 0, 5).await, (7, 5));
    assert_eq!(find("", 5, 5).await, (7, 2));
    assert_eq!(find("", 7, 5).await, (7, 0));
    assert_eq!(find("email co \"@ODD\"", 0, 5).await, (3, 3));
    assert_eq!(find("external_user_id eq \"user3\"", 0, 5).await, (1, 1));
    assert_eq!(find("external_user_id SW \"user\"", 0, 5).await, (7, 5));
    for bad in [
        "",
        "x",
        "email",
        "email eq",
        "email eq x",
        "email ne \"x\"",
        "shoe eq \"x\"",
        "email co \"\"",
        "email co \"a\" or",
    ] {
        assert!(bad.parse::<UserFilter>().is_err(), "{bad}");
    }
}
