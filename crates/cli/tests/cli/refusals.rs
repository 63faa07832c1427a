//! To the client all refusals look alike (law 7, R38): the same bytes, whatever the reason.

use jiff::{SignedDuration, Timestamp};
use wayfarer::store::{SystemClock, WallClock};
use wayfarer::{IssueCode, ManualClock, NewUser, UserRef, Wayfarer};

use crate::rig::{Rig, Said, wrong};

/// What a refused run says, without its id.
fn refusal(said: Said) -> String {
    let said = said.ended(1);
    let run = said.json()["run"].as_str().unwrap().to_owned();
    said.out.replace(&run, "RUN")
}

/// A user whose code ran out an hour ago.
fn expired(rig: &Rig) -> String {
    let clock = ManualClock::new(SystemClock.now() - SignedDuration::from_hours(2));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let host = Wayfarer::in_folder(rig.path("data"), rig.path("data.keys")).clock(clock).open().await.unwrap();
        let user = NewUser { external_user_id: Some("late".to_owned()), ..NewUser::default() };
        host.add_user(user).await.unwrap();
        let issued = host.issue_code(IssueCode::new(UserRef::id("late").unwrap())).await.unwrap();
        assert!(issued.expires_at < Timestamp::now());
        issued.code.expose().clone()
    })
}

#[test]
fn r38_all_refusals_are_the_same_bytes() {
    let rig = Rig::new();
    let late = expired(&rig);
    for user in ["wrong", "used", "superseded", "foreign", "locked", "revoked", "disabled"] {
        rig.user(user);
    }
    let mut refusals = vec![("expired", refusal(rig.run("late", &late)))];

    let code = rig.code("wrong");
    refusals.push(("wrong", refusal(rig.run("wrong", &wrong(&code)))));
    refusals.push(("foreign", refusal(rig.run("foreign", &code))));
    rig.code("foreign");
    refusals.push(("foreign, with one of one's own", refusal(rig.run("foreign", &code))));
    refusals.push(("unknown user", refusal(rig.run("nobody", &code))));
    refusals.push(("no code at all", refusal(rig.run("wrong", ""))));
    refusals.push(("a text that is none", refusal(rig.run("wrong", "§ not a code §"))));

    let code = rig.code("used");
    rig.run("used", &code).ended(0);
    refusals.push(("used", refusal(rig.run("used", &code))));

    let code = rig.code("superseded");
    let newer = rig.code("superseded");
    if newer != code {
        refusals.push(("superseded", refusal(rig.run("superseded", &code))));
    }
    rig.run("superseded", &newer).ended(0);

    let code = rig.code("locked");
    for _ in 0..3 {
        rig.run("locked", &wrong(&code)).ended(1);
    }
    refusals.push(("locked", refusal(rig.run("locked", &code))));
    let newer = rig.code("locked");
    refusals.push(("locked, with a new code", refusal(rig.run("locked", &newer))));

    let code = rig.code("revoked");
    rig.ask(&["code", "revoke", "--identifier", "revoked"]).ended(0);
    refusals.push(("revoked", refusal(rig.run("revoked", &code))));

    let code = rig.code("disabled");
    rig.ask(&["user", "disable", "--identifier", "disabled"]).ended(0);
    refusals.push(("disabled", refusal(rig.run("disabled", &code))));

    let (_, first) = &refusals[0];
    for (reason, said) in &refusals {
        assert_eq!(said, first, "{reason}");
    }
    assert!(first.starts_with(r#"{"outcome":"rejected","path":["verify_code","deny_access"],"data":{"#), "{first}");
}
