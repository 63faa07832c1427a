#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::fixture::Fixture;
use crate::{Applications, AuditQuery, IssueCode, NewUser, UserRef};

#[tokio::test]
async fn a_code_needs_a_person_and_evidence_where_the_rules_say_so_and_refusals_are_recorded() {
    let rules = Issuing { agent: true, evidence: true };
    let world = Fixture::with(Applications::default().with_issuing(rules)).await;
    let ann = NewUser::external("user123");
    world.identity.add_user(&world.tenant, &world.support, &ann).await.unwrap();
    let client = Actor { kind: "client".into(), id: "support".into() };
    let plain = IssueCode::new(UserRef::id("user123").unwrap());
    let seen = plain.clone().evidence("case 4711");
    for (actor, request, missing) in
        [(&client, &seen, "agent"), (&Actor::system(), &seen, "agent"), (&world.support, &plain, "evidence")]
    {
        let refused = world.identity.issue_code(&world.tenant, actor, request).await.unwrap_err();
        assert!(refused.to_string().starts_with(&format!("`{missing}` is required")), "{refused}");
    }
    let query = AuditQuery { name: Some("tempcode.denied".to_owned()), ..AuditQuery::default() };
    assert_eq!(world.identity.audit(&world.tenant, &query).await.unwrap().entries.len(), 3);
    for actor in [&world.support, &Actor::operator("ann")] {
        world.identity.issue_code(&world.tenant, actor, &seen).await.unwrap();
    }
}

#[tokio::test]
async fn without_rules_the_right_is_enough() {
    let world = Fixture::new().await;
    world.identity.add_user(&world.tenant, &world.support, &NewUser::external("user123")).await.unwrap();
    let plain = IssueCode::new(UserRef::id("user123").unwrap());
    world.identity.issue_code(&world.tenant, &Actor::system(), &plain).await.unwrap();
}
