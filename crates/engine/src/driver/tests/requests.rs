//! Law 5: the same request twice, another under the same name, two at once.

use serde_json::json;

use super::{QUESTIONS, RECOVERY};
use crate::Outcome;
use crate::testing::{CODE, World, code_of, handle, shown, start, start_once, submit, tenant};

#[tokio::test]
async fn r54_start_parameters_are_declared_typed_and_bounded() {
    let world = World::new().await;
    let engine = world.engine(&[RECOVERY]).await;
    for params in [
        json!({ "user": "user123" }),
        json!({ "user": 7, "code": "1" }),
        json!({ "user": "user123", "code": "1", "acr": "high" }),
        json!({ "user": "user123", "code": "1", "__proto__": {} }),
        json!({ "user": "user123", "code": "1".repeat(1 << 20) }),
        json!("user123"),
    ] {
        assert_eq!(code_of(engine.start(start("recovery", params)).await), "invalid_parameters");
    }
    assert_eq!(code_of(engine.start(start("nowhere", json!({}))).await), "unknown_journey");
    assert_eq!(world.runs().await.len(), 0);
}

#[tokio::test]
async fn r48_the_same_start_gets_the_stored_answer_and_another_body_conflicts() {
    let world = World::new().await;
    let engine = world.engine(&[RECOVERY, QUESTIONS]).await;
    let right = start_once("recovery", json!({ "user": "user123", "code": CODE }), "key-1");
    let first = engine.start(right.clone()).await.unwrap();
    let again = engine.start(right.clone()).await.unwrap();
    assert_eq!((shown(&first), first.run), (shown(&again), again.run));
    let (Outcome::Completed { tokens: first, .. }, Outcome::Completed { tokens: second, .. }) =
        (&first.outcome, &again.outcome)
    else {
        panic!("both completed")
    };
    let token = |tokens: &Option<wayfarer_lang::Value>| format!("{:?}", tokens.as_ref().unwrap().to_json_masked());
    assert_eq!(token(first), token(second));

    let other = start_once("recovery", json!({ "user": "user123", "code": "1" }), "key-1");
    assert_eq!(code_of(engine.start(other).await), "conflict");
    // Another client's requests have names of their own.
    let mut foreign = right.clone();
    foreign.client = Some("android".into());
    assert_eq!(engine.start(foreign).await.unwrap().outcome.word(), "rejected");
    // After a minute it is a new request.
    world.pass(61);
    assert_eq!(engine.start(right).await.unwrap().outcome.word(), "rejected");
}

#[tokio::test]
async fn r47_a_handle_is_dead_after_its_submit_and_r48_the_same_submit_gets_the_same_answer() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let first = handle(&engine.start(start("questions", json!({}))).await.unwrap());
    let give = |handle: &str, answer: &str| submit(handle, "submit", json!({ "answer": answer }));

    let asked = engine.submit(give(&first, "a")).await.unwrap();
    let second = handle(&asked);
    assert_ne!(first, second);
    assert_eq!(shown(&asked)["prompt"]["text"], json!("two, after a?"));

    let again = engine.submit(give(&first, "a")).await.unwrap();
    assert_eq!((handle(&again), shown(&again)), (second.clone(), shown(&asked)));
    assert_eq!(code_of(engine.submit(give(&first, "b")).await), "conflict");
    assert_eq!(code_of(engine.current(&tenant(), &first).await), "stale_handle");
    world.pass(61);
    assert_eq!(code_of(engine.submit(give(&first, "a")).await), "stale_handle");

    let done = engine.submit(give(&second, "b")).await.unwrap();
    assert_eq!(shown(&done)["data"], json!({ "one": "a", "two": "b" }));
    for dead in [&first, &second] {
        assert_eq!(
            code_of(engine.submit(give(dead, "c")).await),
            if *dead == second { "conflict" } else { "stale_handle" }
        );
    }
}

#[tokio::test]
async fn r55_every_handle_that_is_no_good_is_no_good_in_the_same_way() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let good = handle(&engine.start(start("questions", json!({}))).await.unwrap());
    let mut altered = good.clone().into_bytes();
    altered[40] = if altered[40] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).unwrap();
    let foreign = wayfarer_store::TenantId::new("other").unwrap();
    let mut errors = Vec::new();
    for handle in ["", "x", "!!!!", &"A".repeat(64), &"A".repeat(10_000), &altered, &format!("{good}A")] {
        let error = engine.submit(submit(handle, "submit", json!({ "answer": "a" }))).await.unwrap_err();
        errors.push((error.code(), error.to_string()));
    }
    let mut elsewhere = submit(&good, "submit", json!({ "answer": "a" }));
    elsewhere.tenant = foreign;
    errors.push(
        engine.submit(elsewhere).await.map(|_| ("", String::new())).map_err(|e| (e.code(), e.to_string())).unwrap_err(),
    );
    // The run expires: its handle is like an unknown one.
    world.pass(16 * 60);
    let error = engine.submit(submit(&good, "submit", json!({ "answer": "a" }))).await.unwrap_err();
    errors.push((error.code(), error.to_string()));
    assert!(errors.iter().all(|error| *error == ("stale_handle", "the handle is not valid".to_owned())), "{errors:?}");
}

#[tokio::test]
async fn r50_an_answer_must_fit_the_step_the_option_and_the_type() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let good = handle(&engine.start(start("questions", json!({}))).await.unwrap());
    let before = world.runs().await;
    for (option, data) in [
        ("submit", json!(null)),
        ("submit", json!({})),
        ("submit", json!({ "answer": 1 })),
        ("submit", json!({ "answer": "a", "extra": true })),
        ("submit", json!([])),
        ("submit", json!({ "answer": "x".repeat(1 << 20) })),
        ("next", json!({ "answer": "a" })),
        ("", json!({ "answer": "a" })),
        ("cancel", json!({ "answer": "a" })),
    ] {
        assert_eq!(code_of(engine.submit(submit(&good, option, data)).await), "invalid_answer");
    }
    let mut elsewhere = submit(&good, "submit", json!({ "answer": "a" }));
    elsewhere.step = Some("second".into());
    assert_eq!(code_of(engine.submit(elsewhere).await), "invalid_answer");
    assert_eq!(format!("{before:?}"), format!("{:?}", world.runs().await));
    // None of it used the handle up.
    let mut fits = submit(&good, "submit", json!({ "answer": "a" }));
    fits.step = Some("first".into());
    assert_eq!(engine.submit(fits).await.unwrap().outcome.word(), "prompt");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r49_of_many_racing_submits_one_wins() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    for _ in 0..20 {
        let good = handle(&engine.start(start("questions", json!({}))).await.unwrap());
        let racers = (0..8).map(|number| {
            let (engine, good) = (engine.clone(), good.clone());
            // Half of them say the same.
            let answer = if number % 2 == 0 { "same".to_owned() } else { format!("other {number}") };
            tokio::spawn(async move { engine.submit(submit(&good, "submit", json!({ "answer": answer }))).await })
        });
        let mut texts = std::collections::BTreeSet::new();
        let mut answers = 0;
        for racer in racers.collect::<Vec<_>>() {
            match racer.await.unwrap() {
                Ok(answer) => {
                    answers += 1;
                    texts.insert(format!("{} {}", shown(&answer)["prompt"], handle(&answer)));
                }
                Err(error) => assert_eq!(error.code(), "conflict"),
            }
        }
        assert_eq!(texts.len(), 1, "one winner, whose answer the others may share");
        assert!(answers >= 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn racing_starts_of_one_request_make_one_run() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let racers = (0..8).map(|_| {
        let engine = engine.clone();
        tokio::spawn(async move { engine.start(start_once("questions", json!({}), "one")).await.unwrap() })
    });
    let mut handles = std::collections::BTreeSet::new();
    for racer in racers.collect::<Vec<_>>() {
        handles.insert(handle(&racer.await.unwrap()));
    }
    assert_eq!((handles.len(), world.runs().await.len()), (1, 1));
}

#[tokio::test]
async fn r46_handles_are_long_and_random_and_only_their_hash_is_stored() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..50 {
        let text = handle(&engine.start(start("questions", json!({}))).await.unwrap());
        assert!(text.len() == 64 && seen.insert(text.clone()));
        let runs = crate::record::encode(&world.runs().await).unwrap();
        assert!(!String::from_utf8_lossy(&runs).contains(&text));
        assert!(!format!("{:?}", engine.current(&tenant(), &text).await.unwrap()).contains(&text));
    }
}

#[tokio::test]
async fn a_cancelled_run_fails_and_takes_no_further_answer() {
    let world = World::new().await;
    let engine = world.engine(&[QUESTIONS]).await;
    let good = handle(&engine.start(start("questions", json!({}))).await.unwrap());
    let gone = engine.cancel(&tenant(), &good).await.unwrap();
    assert_eq!(shown(&gone), json!({ "outcome": "failed", "path": ["first"], "code": "cancelled" }));
    assert_eq!(shown(&engine.cancel(&tenant(), &good).await.unwrap()), shown(&gone));
    assert_eq!(code_of(engine.submit(submit(&good, "submit", json!({ "answer": "a" }))).await), "conflict");
}
