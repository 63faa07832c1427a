//! Any order of events, against a model that is written as naively as the policy reads.

use proptest::prelude::*;
use serde_json::json;
use wayfarer_step::Refusal;

use crate::fixture::{Fixture, Tried, wrong};
use crate::{CodeStatus, IdentityError, IssueCode, IssuedCode, Lifetime, UserRef};

const ATTEMPTS: u32 = 3;
const LOCKOUT: i64 = 900;
const CAP: u32 = 10;

#[derive(Clone, Debug)]
enum Event {
    Issue(i64),
    Right,
    Wrong,
    Older,
    Wait(i64),
    Revoke,
    Unlock,
    EnableMethod,
    DisableUser,
    EnableUser,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        6 => prop_oneof![Just(60), Just(300), Just(601), Just(3_600)].prop_map(Event::Issue),
        3 => Just(Event::Right),
        10 => Just(Event::Wrong),
        1 => Just(Event::Older),
        4 => prop_oneof![Just(1), Just(59), Just(60), Just(300), Just(899), Just(900), 1..4_000_i64].prop_map(Event::Wait),
        1 => Just(Event::Revoke),
        2 => Just(Event::Unlock),
        1 => Just(Event::EnableMethod),
        1 => Just(Event::DisableUser),
        2 => Just(Event::EnableUser),
    ];
    proptest::collection::vec(event, 1..60)
}

/// What the policy says, in seconds since the start.
#[derive(Debug, Default)]
struct Model {
    now: i64,
    disabled_user: bool,
    disabled_method: bool,
    count: u32,
    in_a_row: u32,
    locked_until: Option<i64>,
    /// When the newest code ends, and what became of it.
    code: Option<(i64, CodeStatus)>,
}

impl Model {
    fn wait(&mut self, seconds: i64) {
        self.now += seconds;
        if self.locked_until.is_some_and(|until| self.now >= until) {
            self.locked_until = None;
            self.count = 0;
        }
        if let Some((end, status @ CodeStatus::Live)) = &mut self.code
            && self.now >= *end
        {
            *status = CodeStatus::Expired;
        }
    }

    fn kill(&mut self, how: CodeStatus) {
        if let Some((_, status @ CodeStatus::Live)) = &mut self.code {
            *status = how;
        }
    }

    fn attempt(&mut self, right: bool) -> Tried {
        let refusal = if self.disabled_user || self.disabled_method {
            Refusal::Disabled
        } else if self.locked_until.is_some() {
            Refusal::Locked
        } else {
            match self.code {
                Some((_, CodeStatus::Live)) if right => {
                    (self.count, self.in_a_row) = (0, 0);
                    self.kill(CodeStatus::Used);
                    return Tried::Verified;
                }
                Some((_, CodeStatus::Live)) => {
                    self.count += 1;
                    self.in_a_row += 1;
                    if self.count == ATTEMPTS {
                        self.locked_until = Some(self.now + LOCKOUT);
                        self.kill(CodeStatus::Burnt);
                    }
                    if self.in_a_row == CAP {
                        self.disabled_method = true;
                        self.kill(CodeStatus::Burnt);
                    }
                    Refusal::Wrong
                }
                Some((_, CodeStatus::Expired)) => Refusal::Expired,
                _ => Refusal::NoCode,
            }
        };
        Tried::Refused(refusal)
    }
}

async fn play(events: Vec<Event>) -> Result<(), TestCaseError> {
    let f = Fixture::configured(json!({ "default": { "one_time_passcodes": { "failure_cap": CAP } } })).await;
    let ann = UserRef::id("ann").unwrap();
    f.user("ann").await;
    let start = f.vault.now().await.unwrap();
    let mut model = Model::default();
    let mut codes: Vec<IssuedCode> = Vec::new();
    for event in events {
        match event {
            Event::Issue(seconds) => {
                let request = IssueCode::new(ann.clone()).expires_in(Lifetime::from_seconds(seconds).unwrap());
                match f.identity.issue_code(&f.tenant, &f.support, &request).await {
                    Ok(code) => {
                        prop_assert!(!model.disabled_user && !model.disabled_method);
                        prop_assert_eq!(code.superseded, matches!(model.code, Some((_, CodeStatus::Live))));
                        prop_assert_eq!(code.code.expose().len(), if seconds <= 600 { 6 } else { 8 });
                        codes.push(code);
                        model.code = Some((model.now + seconds, CodeStatus::Live));
                    }
                    Err(IdentityError::UserDisabled) => prop_assert!(model.disabled_user),
                    Err(IdentityError::MethodDisabled) => prop_assert!(model.disabled_method),
                    Err(error) => return Err(TestCaseError::fail(error.to_string())),
                }
            }
            Event::Right => {
                let code = codes.last().map_or("000000", |code| code.code.expose());
                prop_assert_eq!(f.attempt("ann", code).await, model.attempt(true));
            }
            Event::Wrong => {
                let code = codes.last().map_or_else(|| "000000".to_owned(), wrong);
                prop_assert_eq!(f.attempt("ann", &code).await, model.attempt(false));
            }
            Event::Older => {
                let [.., older, newest] = codes.as_slice() else { continue };
                let same = older.code.expose() == newest.code.expose();
                prop_assert_eq!(f.attempt("ann", older.code.expose()).await, model.attempt(same));
            }
            Event::Wait(seconds) => {
                f.advance(seconds);
                model.wait(seconds);
            }
            Event::Revoke => {
                let live = matches!(model.code, Some((_, CodeStatus::Live)));
                prop_assert_eq!(f.identity.revoke_code(&f.tenant, &f.support, &ann).await.unwrap(), live);
                model.kill(CodeStatus::Revoked);
            }
            Event::Unlock => {
                let locked = f.identity.unlock(&f.tenant, &f.support, &ann, &Fixture::reason()).await.unwrap();
                prop_assert_eq!(locked, model.locked_until.is_some());
                (model.count, model.locked_until) = (0, None);
            }
            Event::EnableMethod => {
                let disabled = f.identity.enable_method(&f.tenant, &f.support, &ann, &Fixture::reason()).await.unwrap();
                prop_assert_eq!(disabled, model.disabled_method);
                (model.in_a_row, model.disabled_method) = (0, false);
            }
            Event::DisableUser => {
                f.identity.disable_user(&f.tenant, &f.support, &ann).await.unwrap();
                model.disabled_user = true;
                model.kill(CodeStatus::Revoked);
            }
            Event::EnableUser => {
                f.identity.enable_user(&f.tenant, &f.support, &ann).await.unwrap();
                model.disabled_user = false;
            }
        }
        let status = f.identity.code_status(&f.tenant, &ann).await.unwrap();
        prop_assert_eq!(status.attempts, model.count);
        prop_assert_eq!(status.consecutive_failures, model.in_a_row);
        prop_assert_eq!(status.disabled, model.disabled_method);
        prop_assert_eq!(status.locked_until.map(|until| (until - start).get_seconds()), model.locked_until);
        // A dead code is forgotten after a day; this test never waits so long at once, but it may in all.
        if let Some(code) = status.code {
            prop_assert_eq!(Some(code.status), model.code.map(|(_, status)| status));
        } else {
            prop_assert!(model.code.is_none_or(|(end, _)| model.now >= end + 22 * 3_600));
            model.code = None;
        }
    }
    prop_assert!(f.identity.verify_audit(&f.tenant).await.unwrap().is_intact());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn r11_r13_r15_r41_r42_any_order_of_events_follows_the_policy(events in events()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(play(events))?;
    }
}
