//! Sub-journeys with the real identity: what one proves counts, or does not, together with its tokens.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use serde_json::{Value as Json, json};
use wayfarer::identity::{IssueCode, NewUser, TokenKind, UserRef};
use wayfarer::lang::{Secret, Value};
use wayfarer::{Answer, ManualClock, Outcome, Wayfarer};

const TWO_AGENTS: &str = include_str!("../../journeys/recovery_by_two_agents.yaml");
const SUPPORT_CODE: &str = include_str!("../../journeys/verify_support_code.yaml");

/// Whoever is proven is asked for a second code, and is let in also without it.
const OPTIONAL: &str = r#"
journey: optional_second
params: { external_user_id: string, temp_code: { type: string, secret: true } }
steps:
  first:
    type: temp_code_authentication
    with:
      external_user_id: "@policy.request().params.external_user_id"
      temp_code: "@policy.request().params.temp_code"
    branches: { success: second, failure: deny_access }
  second:
    type: invoke_sub_journey
    with:
      journey: proves_and_refuses
      params: { external_user_id: "@policy.request().params.external_user_id" }
    branches: { completed: let_in, rejected: let_in }
  let_in:
    type: complete_journey
    unauthenticated: true
    with: { data: { proven: "@policy.isUserAuthenticated()", user: "@policy.userContext().user_id" } }
  deny_access: { type: reject_access }
"#;

/// Proves a user and refuses all the same.
const REFUSES: &str = r#"
journey: proves_and_refuses
kind: sub
params: { external_user_id: string }
steps:
  prove:
    type: invoke_sub_journey
    with:
      journey: verify_support_code
      params: { external_user_id: "@policy.request().params.external_user_id", title: One more, text: The second code }
    branches: { completed: pause, rejected: refuse }
  pause:
    type: display_information
    with: { title: Wait, text: Nothing more, button_text: Go on }
    next: refuse
  refuse: { type: reject_access }
"#;

struct World(Wayfarer);

impl World {
    async fn new(journeys: &[&str]) -> Self {
        let mut builder = Wayfarer::in_memory().clock(ManualClock::default());
        for (number, text) in journeys.iter().enumerate() {
            builder = builder.journey(format!("{number}.yaml"), *text);
        }
        let world = Self(builder.open().await.unwrap());
        for user in ["user123", "mallory"] {
            world.0.add_user(NewUser::external(user)).await.unwrap();
        }
        world
    }

    async fn code(&self, user: &str) -> String {
        let request = IssueCode::new(UserRef::id(user).unwrap());
        self.0.issue_code(request).await.unwrap().code.expose().clone()
    }

    async fn start(&self, journey: &str, params: Json) -> Answer {
        self.0.start(journey, params).await.unwrap()
    }

    async fn submit(&self, answer: &Answer, data: Json) -> Answer {
        let Outcome::Prompt { handle, prompt, .. } = &answer.outcome else { panic!("{answer:?}") };
        self.0.submit(handle, &prompt.choices[0].id, data).await.unwrap()
    }

    /// Whether both tokens of an answer are good for anything.
    async fn are_tokens_good(&self, answer: &Answer) -> bool {
        let Outcome::Completed { tokens: Some(tokens), .. } = &answer.outcome else { panic!("{answer:?}") };
        let (identity, tenant, application) = (self.0.identity(), self.0.tenant(), self.0.application());
        for (name, kind) in [("access_token", TokenKind::Access), ("id_token", TokenKind::Id)] {
            let Value::Secret(token) = tokens.get(name).unwrap() else { panic!("{name} is no secret") };
            let token = Secret::new(token.expose().as_text().unwrap().to_owned());
            if identity.introspect(tenant, application, kind, &token).await.unwrap().is_err() {
                return false;
            }
        }
        true
    }
}

fn code(code: &str) -> Json {
    json!({ "temp_code": code })
}

fn path(answer: &Answer) -> Vec<&str> {
    answer.path.iter().map(|step| &**step).collect()
}

#[tokio::test]
async fn two_agents_give_a_code_each_by_one_sub_journey() {
    let world = World::new(&[TWO_AGENTS, SUPPORT_CODE]).await;
    let first = world.code("user123").await;
    let asked = world.start("recovery_by_two_agents", json!({ "external_user_id": "user123" })).await;
    let asked = world.submit(&asked, code("00000000")).await;
    let asked = world.submit(&asked, code(&first)).await;
    // The first code is used up: it is no second one.
    let asked = world.submit(&asked, code(&first)).await;
    let second = world.code("user123").await;
    let end = world.submit(&asked, code(&second)).await;
    let tries = ["/tries", "/ask", "/verify", "/not_accepted", "/tries", "/ask", "/verify", "/proven"];
    let tries = |agent: &'static str| tries.map(|step| format!("{agent}{step}"));
    let mut expected = vec!["first_agent".to_owned()];
    expected.extend(tries("first_agent"));
    expected.push("second_agent".to_owned());
    expected.extend(tries("second_agent"));
    expected.push("restore_access".to_owned());
    assert_eq!(path(&end), expected);
    assert!(world.are_tokens_good(&end).await);
}

#[tokio::test]
async fn one_agent_is_not_enough() {
    let world = World::new(&[TWO_AGENTS, SUPPORT_CODE]).await;
    let first = world.code("user123").await;
    let asked = world.start("recovery_by_two_agents", json!({ "external_user_id": "user123" })).await;
    let mut answer = world.submit(&asked, code(&first)).await;
    for _ in 0..2 {
        answer = world.submit(&answer, code("00000000")).await;
    }
    assert!(matches!(answer.outcome, Outcome::Rejected { .. }), "{answer:?}");
}

/// Law 3, R58, R60: a refused sub-journey leaves everything as it was, with tokens that are good.
#[tokio::test]
async fn r58_r60_what_was_proven_before_a_refusal_counts_again() {
    let world = World::new(&[OPTIONAL, REFUSES, SUPPORT_CODE]).await;
    let params = json!({ "external_user_id": "user123", "temp_code": world.code("user123").await });
    let asked = world.start("optional_second", params).await;
    let second = world.code("user123").await;
    let paused = world.submit(&asked, code(&second)).await;
    let end = world.submit(&paused, Json::Null).await;
    let Outcome::Completed { data: Some(data), claims: Some(claims), .. } = &end.outcome else { panic!("{end:?}") };
    assert_eq!(data.to_json().unwrap()["proven"], json!(true));
    assert_eq!(claims.to_json().unwrap()["amr"], json!(["tac"]));
    assert!(world.are_tokens_good(&end).await);
}

/// The same without a wait between the refusal and the end: both belong to one stretch.
#[tokio::test]
async fn r45_tokens_signed_anew_are_confirmed_right_behind_a_refusal() {
    let hasty = REFUSES.replace("completed: pause", "completed: refuse").replace(
        "  pause:\n    type: display_information\n    with: { title: Wait, text: Nothing more, button_text: Go on }\n    next: refuse\n",
        "",
    );
    let world = World::new(&[OPTIONAL, &hasty, SUPPORT_CODE]).await;
    let params = json!({ "external_user_id": "user123", "temp_code": world.code("user123").await });
    let asked = world.start("optional_second", params).await;
    let second = world.code("user123").await;
    let end = world.submit(&asked, code(&second)).await;
    assert!(world.are_tokens_good(&end).await);
}
