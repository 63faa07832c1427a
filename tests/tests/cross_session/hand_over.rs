//! The pair of journeys, from the desk to the phone and back.

use serde_json::{Value as Json, json};
use wayfarer::{Answer, Engine, EngineError, Start};

use wayfarer_tests::log::log;

use crate::world::{World, handle, shown, start, submit, tenant};

/// What the desk waits with, and the id that it shows.
async fn begin(engine: &Engine) -> (Answer, String) {
    let waiting = engine.start(start("hand_over_start", json!({ "device_name": "Desk" }))).await.unwrap();
    let id = shown(&waiting)["prompt"]["content"].as_str().unwrap().to_owned();
    (waiting, id)
}

async fn current(engine: &Engine, waiting: &Answer) -> Json {
    shown(&engine.current(&tenant(), &handle(waiting)).await.unwrap())
}

fn finish(id: &str) -> Start {
    start("hand_over_finish", json!({ "message_id": id }))
}

fn sign_in(code: &str) -> Json {
    json!({ "identifier": "user123", "temp_code": code })
}

/// Whoever has the id may process the message, so the store does not tell it (R107).
fn is_not_in_the_store(world: &World, id: &str) {
    let Some(bytes) = world.bytes() else { return };
    let found = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(found("bundle"), "these are not the store's bytes");
    assert!(!found(id) && !found(&id.to_ascii_lowercase()), "the id stands in the store");
}

/// The client of the desk only waits, reads its prompt again, and gets the end; who was proven at the phone is signed in
/// there and nowhere else (law 3).
#[tokio::test]
async fn law_03_a_run_is_woken_by_another_and_takes_no_proof_from_it() {
    for mut world in [World::in_memory().await, World::in_file().await] {
        let code = world.user("user123").await;
        let engine = world.engine().await;
        let (waiting, id) = begin(&engine).await;
        assert_eq!(shown(&waiting)["kind"], json!("wait_for_another_device"));
        assert_eq!(shown(&waiting)["choices"], json!(["cancel"]));

        // Both nodes are gone in between; time is nobody's answer.
        drop(engine);
        world = world.restart().await;
        is_not_in_the_store(&world, &id);
        let engine = world.engine().await;
        world.pass(60);
        assert_eq!(engine.tick(100).await.unwrap().woken, 0);
        let asked = engine.start(finish(&id)).await.unwrap();
        assert!(shown(&asked)["prompt"]["text"].as_str().unwrap().contains("“Desk”"));
        assert_eq!(current(&engine, &waiting).await, shown(&waiting), "a look wakes nobody");

        let signed_in = engine.submit(submit(&handle(&asked), "submit", sign_in(&code))).await.unwrap();
        assert_eq!(shown(&signed_in)["tokens"]["access_token"], json!("[secret]"));
        drop(engine);
        world = world.restart().await;
        let engine = world.engine().await;
        let message = json!({ "message": "You are signed in on your other device." });
        let end = json!({ "outcome": "completed", "data": message, "tokens": null, "claims": null });
        assert_eq!(current(&engine, &waiting).await, end);

        // Who did what is told, by whom, and without the id (law 8; R114).
        let created = &world.facts("message.created").await[0];
        let processed = &world.facts("message.processed").await[0];
        assert_eq!((&created.subject, processed.subject.is_some()), (&None, true));
        assert_eq!(processed.details["waiter"], json!(waiting.run.to_string()));
        assert!(!format!("{:?}", world.facts("").await).contains(&id));
        assert!(!log().text().contains(&id));
        drop(engine);
        is_not_in_the_store(&world.restart().await, &id);
    }
}

/// Laws 4 and 10: the phone's machine dies at each commit in turn. Whatever was kept, the phone asks again, the timer says what
/// was left unsaid, and both come to their one end.
#[tokio::test]
async fn law_04_and_10_stopped_at_any_commit_the_other_is_woken_once() {
    let mut by_the_timer = 0;
    for commit in 0..9 {
        for kept in [false, true] {
            let world = World::in_memory().await;
            let code = world.user("user123").await;
            let engine = world.engine().await;
            let (waiting, id) = begin(&engine).await;
            let asked = engine.start(finish(&id)).await.unwrap();
            let request = submit(&handle(&asked), "submit", sign_in(&code));
            world.store.die_after(commit, kept);
            let _dies = engine.submit(request.clone()).await;
            world.store.revive();
            let engine = world.engine().await;
            world.pass(31);
            let again = engine.submit(request).await.unwrap_or_else(|error| panic!("{commit} {kept} {error:?}"));
            assert_eq!(again.outcome.word(), "completed", "{commit} {kept}");
            let before = current(&engine, &waiting).await["outcome"].clone();
            engine.tick(100).await.unwrap();
            let after = current(&engine, &waiting).await["outcome"].clone();
            assert_eq!(after, json!("completed"), "{commit} {kept}");
            by_the_timer += u32::from(before != after);
            for fact in ["message.processed", "tempcode.verified"] {
                assert_eq!(world.facts(fact).await.len(), 1, "{fact} {commit} {kept}");
            }
        }
    }
    assert!(by_the_timer > 0, "no crash came between the commit and the delivery");
}

#[tokio::test]
async fn time_ends_the_wait_and_whoever_comes_later_is_told_nothing() {
    let world = World::in_memory().await;
    let engine = world.engine().await;
    let (waiting, id) = begin(&engine).await;
    world.pass(300);
    assert_eq!(engine.tick(100).await.unwrap().woken, 1);
    let late = current(&engine, &waiting).await;
    assert_eq!(late["data"], json!({ "message": "Nobody has answered in time. Please begin again." }));
    let refused = engine.start(finish(&id)).await.unwrap();
    assert_eq!(shown(&refused)["data"], json!({ "message": "This code is not valid. Please begin again." }));
}

#[tokio::test]
async fn the_user_may_give_up_at_the_desk_or_refuse_at_the_phone() {
    let world = World::in_memory().await;
    let engine = world.engine().await;
    let (waiting, _) = begin(&engine).await;
    let other = engine.submit(submit(&handle(&waiting), "submit", json!(null))).await;
    assert!(matches!(other, Err(EngineError::InvalidAnswer { .. })), "there is nothing else to choose");
    let given_up = engine.submit(submit(&handle(&waiting), "cancel", json!(null))).await.unwrap();
    assert_eq!(given_up.outcome.word(), "rejected");

    let (waiting, id) = begin(&engine).await;
    let asked = engine.start(finish(&id)).await.unwrap();
    engine.submit(submit(&handle(&asked), "not_me", json!(null))).await.unwrap();
    let refused = current(&engine, &waiting).await;
    assert_eq!(refused["data"], json!({ "message": "This was refused on the other device." }));
}

/// Law 7 (R38): whatever is wrong with the code reads the same; the audit trail tells.
#[tokio::test]
async fn law_07_no_code_tells_why_it_is_not_valid() {
    let (mut seen, mut reasons) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for state in ["unknown", "expired", "used", "no_id_at_all"] {
        let world = World::in_memory().await;
        let engine = world.engine().await;
        let (_, mut id) = begin(&engine).await;
        match state {
            "unknown" => id.replace_range(0..1, if id.starts_with('0') { "1" } else { "0" }),
            "expired" => world.pass(300),
            "used" => drop(engine.start(start("process", json!({ "id": id }))).await.unwrap()),
            _ => id = "../../x".to_owned(),
        }
        let refused = engine.start(finish(&id)).await.unwrap();
        assert_eq!(refused.outcome.word(), "rejected", "{state}");
        seen.insert(shown(&refused).to_string());
        let steps = world.facts("journey.step").await;
        reasons.insert(steps.last().unwrap().reason.clone());
    }
    assert_eq!((seen.len(), reasons.len()), (1, 3), "{seen:?} {reasons:?}");
}
