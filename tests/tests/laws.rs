//! The ten laws of the engine, each a test that stays: the real engine, identity and steps on a memory store or a file,
//! with time that the test moves. The R numbers are those of the security requirements.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test may stop at the first surprise"
)]

#[path = "laws/steps.rs"]
mod steps;
#[path = "laws/store.rs"]
mod store;
#[path = "laws/world.rs"]
mod world;

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use wayfarer::step::Refusal;
use wayfarer::{Outcome, UserRef};

use crate::steps::{ASKS, MISBEHAVES};
use crate::world::{RECOVERY, World, handle, shown};

/// Law 1 (R57): a run succeeds only through `complete_journey`; every error, panic and unknown exit fails closed.
#[tokio::test]
async fn law_01_only_complete_journey_is_success() {
    for act in ["panic", "error", "unknown_exit", "success_without_proof", "proof_of_its_own", "secret_prompt"] {
        let world = World::new().await;
        world.user("user123").await;
        let journey = MISBEHAVES.replace("ACT", act);
        let engine = world.engine(&[&journey]).await;
        let answer = engine.start(world.start("misbehaves", json!({}))).await.unwrap();
        // An exit that does not exist leads nowhere, whatever is linked.
        let end = if act == "unknown_exit" { "failed" } else { "rejected" };
        assert_eq!(answer.outcome.word(), end, "{act}");
        assert!(answer.path.iter().all(|step| &**step != "restore_access"), "{act}: {:?}", answer.path);

        // With the failure unlinked there is no way left at all.
        let journey = journey.replace(", failure: deny_access", "");
        let journey = journey
            .split("  deny_access")
            .next()
            .unwrap()
            .replace("success: restore_access }", "success: restore_access, failure: abort }");
        let engine = world.engine(&[&journey]).await;
        let answer = engine.start(world.start("misbehaves", json!({}))).await.unwrap();
        assert_eq!(answer.outcome.word(), "failed", "{act}");
    }
}

/// Law 2 (R9, R10, R11, R41, R42): at most `max_attempts` comparisons between two resets, at any concurrency.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn law_02_a_thousand_guesses_at_once_are_compared_three_times_at_most() {
    for round in 0..3 {
        let world = World::new().await;
        world.user("user123").await;
        let code = world.issue("user123").await;
        let engine = world.engine(&[RECOVERY]).await;
        let guesses = (0..1000).map(|number| {
            let guess = if number == 500 { code.clone() } else { wrong(&code, number) };
            let (engine, start) = (engine.clone(), world.recover("user123", &guess));
            tokio::spawn(async move { engine.start(start).await })
        });
        let mut successes = 0;
        for guess in guesses.collect::<Vec<_>>() {
            // Under such a load a run may be told to come again; it is no success then.
            if let Ok(answer) = guess.await.unwrap() {
                successes += u32::from(answer.outcome.word() == "completed");
            }
        }
        assert!(world.compared() <= 3, "round {round}: {} comparisons", world.compared());
        assert!(successes <= 1, "round {round}: {successes} successes");
    }
}

/// Law 2: three wrong codes in three runs lock the user; a new code is issued but not compared; the lock's end ends it.
#[tokio::test]
async fn law_02_a_lock_holds_over_runs_and_codes_and_ends_by_itself() {
    let world = World::new().await;
    world.user("user123").await;
    let first = world.issue("user123").await;
    let engine = world.engine(&[RECOVERY]).await;
    for number in 0..3 {
        let answer = engine.start(world.recover("user123", &wrong(&first, number))).await.unwrap();
        assert_eq!(answer.outcome.word(), "rejected");
    }
    assert_eq!(world.compared(), 3);
    // The lock burnt the code, and a new one is not compared while it holds.
    let second = world.issue("user123").await;
    for code in [&first, &second] {
        assert_eq!(engine.start(world.recover("user123", code)).await.unwrap().outcome.word(), "rejected");
    }
    assert_eq!(world.compared(), 3);
    world.pass(15 * 60);
    let third = world.issue("user123").await;
    assert_eq!(engine.start(world.recover("user123", &third)).await.unwrap().outcome.word(), "completed");
}

/// Law 3 (R44, R58): success needs a proof of this visit, and who the user is comes from it, never from text.
#[tokio::test]
async fn law_03_identity_comes_from_proofs() {
    let world = World::new().await;
    let user_id = world.user("user123").await;
    let code = world.issue("user123").await;
    let forger = RECOVERY.replace(
        "    type: complete_journey",
        "    type: complete_journey\n    with: { data: { acr: high, amr: [mfa], sub: admin } }",
    );
    let engine = world.engine(&[&forger]).await;
    let answer = engine.start(world.recover("user123", &code)).await.unwrap();
    let Outcome::Completed { claims: Some(claims), .. } = &answer.outcome else { panic!("{answer:?}") };
    let claims = claims.to_json().unwrap();
    assert_eq!(
        (&claims["sub"], &claims["amr"], &claims["acr"]),
        (&json!(user_id), &json!(["tac"]), &json!("recovery"))
    );
    assert_eq!(world.facts("tempcode.verified").await.len(), 1);

    // A step cannot make a proof by bringing its own ledger (law 1 shows the refusal); nothing is proven then.
    let journey = MISBEHAVES
        .replace("ACT", "proof_of_its_own")
        .replace("type: reject_access", "type: complete_journey, unauthenticated: true");
    let engine = world.engine(&[&journey]).await;
    let answer = engine.start(world.start("misbehaves", json!({}))).await.unwrap();
    assert_eq!((shown(&answer)["tokens"].clone(), shown(&answer)["claims"].clone()), (Json::Null, Json::Null));
}

/// Law 4 (R7, R8): a code is used at most once, and its use, the run and the audit record commit together.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn law_04_a_code_is_used_once() {
    let world = World::new().await;
    world.user("user123").await;
    let code = world.issue("user123").await;
    let engine = world.engine(&[RECOVERY]).await;
    let racers = (0..50).map(|_| {
        let (engine, start) = (engine.clone(), world.recover("user123", &code));
        tokio::spawn(async move { engine.start(start).await.map(|answer| answer.outcome.word()) })
    });
    let mut ends = Vec::new();
    for racer in racers.collect::<Vec<_>>() {
        ends.push(racer.await.unwrap());
    }
    assert_eq!(ends.iter().filter(|end| matches!(end, Ok("completed"))).count(), 1, "{ends:?}");
    assert_eq!(world.facts("tempcode.verified").await.len(), 1);
    assert_eq!(world.facts("journey.completed").await.len(), 1);
}

/// Laws 4 and 10: the machine dies at each commit in turn. What was said to be done is done; the code is not used twice, no
/// attempt is given back, and the audit chain holds.
#[tokio::test]
async fn law_04_and_10_stopped_at_any_commit_nothing_is_half_done() {
    for commit in 0..6 {
        for kept in [false, true] {
            let world = World::new().await;
            world.user("user123").await;
            let code = world.issue("user123").await;
            let engine = world.engine(&[RECOVERY]).await;
            let mut request = world.recover("user123", &code);
            request.request_id = Some("one".to_owned());
            world.store.die_after(commit, kept);
            let first = engine.start(request.clone()).await;
            world.store.revive();
            let engine = world.engine(&[RECOVERY]).await;
            world.pass(31);
            let again = engine.start(request).await.unwrap();
            if let Ok(first) = first {
                assert_eq!(shown(&first), shown(&again), "{commit} {kept}");
            }
            assert_eq!(again.outcome.word(), "completed", "{commit} {kept}");
            assert_eq!(world.facts("tempcode.verified").await.len(), 1, "{commit} {kept}");
            assert_eq!(world.facts("journey.completed").await.len(), 1, "{commit} {kept}");
            let other = engine.start(world.recover("user123", &code)).await.unwrap();
            assert_eq!(other.outcome.word(), "rejected");
            let verified = world.identity().await.verify_audit(&world::tenant()).await.unwrap();
            assert!(verified.findings.is_empty(), "{:?}", verified.findings);
        }
    }
}

/// Law 5 (R46 to R49): a handle per wait, dead after its submit; the same request gets the same answer, another conflicts.
#[tokio::test]
async fn law_05_requests_are_answered_once() {
    let world = World::new().await;
    let engine = world.engine(&[ASKS]).await;
    let mut request = world.start("asks", json!({}));
    request.request_id = Some("one".to_owned());
    let (one, two) = (engine.start(request.clone()).await.unwrap(), engine.start(request.clone()).await.unwrap());
    assert_eq!((one.run, handle(&one)), (two.run, handle(&two)));
    request.journey = "elsewhere".into();
    assert_eq!(engine.start(request).await.unwrap_err().code(), "conflict");

    let pressed = engine.submit(world.submit(&handle(&one), "submit", Json::Null)).await.unwrap();
    assert_ne!(handle(&one), handle(&pressed));
    let repeated = engine.submit(world.submit(&handle(&one), "submit", Json::Null)).await.unwrap();
    assert_eq!(handle(&pressed), handle(&repeated));
    let other = engine.submit(world.submit(&handle(&one), "submit", json!({}))).await;
    assert_eq!(other.unwrap_err().code(), "conflict");
    world.pass(61);
    let late = engine.submit(world.submit(&handle(&one), "submit", Json::Null)).await;
    assert_eq!(late.unwrap_err().code(), "stale_handle");
    let done = engine.submit(world.submit(&handle(&pressed), "submit", Json::Null)).await.unwrap();
    assert_eq!(done.outcome.word(), "completed");
}

/// Law 6 (R56): a run stays on the bundle with which it began.
#[tokio::test]
async fn law_06_a_run_stays_on_its_bundle() {
    let world = World::new().await;
    let engine = world.engine(&[ASKS]).await;
    let old = engine.start(world.start("asks", json!({}))).await.unwrap();
    let engine = world.engine(&[&ASKS.replace("Second", "Changed")]).await;
    let new = engine.start(world.start("asks", json!({}))).await.unwrap();
    for (answer, title) in [(&old, "Second"), (&new, "Changed")] {
        let next = engine.submit(world.submit(&handle(answer), "submit", Json::Null)).await.unwrap();
        assert_eq!(shown(&next)["prompt"]["title"], json!(title));
    }
}

/// Law 7 (R38, R39): to the client all failures look alike, and they take the same number of commits.
#[tokio::test]
async fn law_07_all_failures_look_alike() {
    let mut seen = BTreeSet::new();
    let mut reasons = BTreeSet::new();
    for state in ["unknown", "none", "wrong", "expired", "used", "locked", "disabled", "revoked"] {
        let world = World::new().await;
        world.user("user123").await;
        let engine = world.engine(&[RECOVERY]).await;
        let mut code = "482913".to_owned();
        let mut user = "user123";
        let by_id = UserRef::id("user123").unwrap();
        match state {
            "unknown" => user = "nobody",
            "none" => {}
            "wrong" => code = wrong(&world.issue(user).await, 1),
            "expired" => {
                code = world.issue(user).await;
                world.pass(300);
            }
            "used" => {
                code = world.issue(user).await;
                engine.start(world.recover(user, &code)).await.unwrap();
            }
            "locked" => {
                code = world.issue(user).await;
                for number in 0..3 {
                    engine.start(world.recover(user, &wrong(&code, number))).await.unwrap();
                }
                code = world.issue(user).await;
            }
            "revoked" => {
                code = world.issue(user).await;
                world.identity().await.revoke_code(&world::tenant(), &world::support(), &by_id).await.unwrap();
            }
            _ => {
                code = world.issue(user).await;
                world.identity().await.disable_user(&world::tenant(), &world::support(), &by_id).await.unwrap();
            }
        }
        let before = world.store.commits();
        let answer = engine.start(world.recover(user, &code)).await.unwrap();
        seen.insert((shown(&answer).to_string(), world.store.commits() - before));
        let step = world.facts("journey.step").await.pop().unwrap();
        reasons.insert(step.reason.unwrap());
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
    // The audit trail tells them apart.
    for refusal in
        [Refusal::Wrong, Refusal::Expired, Refusal::Locked, Refusal::NoCode, Refusal::UnknownUser, Refusal::Disabled]
    {
        assert!(reasons.iter().any(|reason| reason.starts_with(refusal.code())), "{refusal:?} in {reasons:?}");
    }
}

/// Law 8 (R114): no secret in a log at any level, in the audit trail, in an error or in a debug view.
#[tokio::test]
async fn law_08_no_secret_is_told() {
    let world = World::new().await;
    world.user("user123").await;
    let code = world.issue("user123").await;
    let engine = world.engine(&[RECOVERY, ASKS]).await;
    let mut told = Vec::new();
    let refused = engine.start(world.recover("user123", "guess-c4n4ry")).await.unwrap();
    let answer = engine.start(world.recover("user123", &code)).await.unwrap();
    let Outcome::Completed { tokens: Some(tokens), .. } = &answer.outcome else { panic!("{answer:?}") };
    let token = |name: &str| match tokens.get(name) {
        Some(wayfarer::lang::Value::Secret(secret)) => secret.expose().as_text().unwrap().to_owned(),
        other => panic!("{name} is no secret: {other:?}"),
    };
    let asked = engine.start(world.start("asks", json!({}))).await.unwrap();
    let secrets = [code, "guess-c4n4ry".to_owned(), token("access_token"), token("id_token"), handle(&asked)];
    told.push(format!("{refused:?} {answer:?} {asked:?}"));
    let stale = engine.submit(world.submit(&format!("{}x", handle(&asked)), "submit", Json::Null)).await.unwrap_err();
    let invalid =
        engine.submit(world.submit(&handle(&asked), "guess-c4n4ry", json!("guess-c4n4ry"))).await.unwrap_err();
    let unfit = engine
        .start(world.start("temp_code_auth_journey", json!({ "temp_code": 7, "guess": "guess-c4n4ry" })))
        .await
        .unwrap_err();
    told.push(format!("{stale:?} {stale} {invalid:?} {invalid} {unfit:?} {unfit}"));
    told.push(serde_json::to_string(&world.facts("").await).unwrap());
    told.push(wayfarer_tests::log::log().text());
    assert!(told.iter().any(|text| text.contains("the run rests")), "the log is not empty");
    for secret in &secrets {
        for text in &told {
            assert!(!tells(text, secret), "`{secret}` is told in: {text}");
        }
    }
}

/// Law 9 (R59): every run is bounded.
#[tokio::test]
async fn law_09_every_run_is_bounded() {
    let world = World::new().await;
    let round = ASKS.replace("next: done", "next: first");
    let round = format!("{}{}", round.split("  done").next().unwrap(), "  done: { type: complete_journey }\n")
        .replace("  first:\n", "  first:\n    error_output: none\n");
    let round = round.replace("journey: asks", "journey: round").replace(
        "steps:\n",
        "params: { stop: boolean }\nstart: begin\nsteps:\n  begin:\n    type: condition\n    with: { if: \"@policy.request().params.stop\" }\n    branches: { then: done, else: first }\n",
    );
    let engine = world.engine(&[&round]).await;
    let mut answer = engine.start(world.start("round", json!({ "stop": false }))).await.unwrap();
    let mut prompts = 0;
    while answer.outcome.word() == "prompt" {
        prompts += 1;
        answer = engine.submit(world.submit(&handle(&answer), "submit", Json::Null)).await.unwrap();
    }
    assert_eq!((prompts, shown(&answer)["outcome"].clone()), (20, json!("failed")));

    // Left alone, it ends too, and its handle is like an unknown one (R55).
    let engine = world.engine(&[ASKS]).await;
    let waiting = engine.start(world.start("asks", json!({}))).await.unwrap();
    world.pass(15 * 60);
    let late = engine.submit(world.submit(&handle(&waiting), "submit", Json::Null)).await.unwrap_err();
    let unknown = engine.submit(world.submit(&"A".repeat(64), "submit", Json::Null)).await.unwrap_err();
    assert_eq!(late.to_string(), unknown.to_string());
}

/// Law 10: what was acknowledged survives. The file is closed and opened again between any two calls.
#[tokio::test]
async fn law_10_what_was_acknowledged_survives() {
    let folder = tempfile::tempdir().unwrap();
    let open = || World::on_file(folder.path());
    let code = {
        let world = open().await;
        world.user("user123").await;
        world.issue("user123").await
    };
    let waiting = {
        let world = open().await;
        let engine = world.engine(&[RECOVERY, ASKS]).await;
        assert_eq!(engine.start(world.recover("user123", &wrong(&code, 1))).await.unwrap().outcome.word(), "rejected");
        handle(&engine.start(world.start("asks", json!({}))).await.unwrap())
    };
    {
        let world = open().await;
        let engine = world.engine(&[RECOVERY, ASKS]).await;
        assert_eq!(engine.submit(world.submit(&waiting, "submit", Json::Null)).await.unwrap().outcome.word(), "prompt");
        assert_eq!(world.attempts("user123").await, 1, "the attempt is still counted");
        assert_eq!(engine.start(world.recover("user123", &code)).await.unwrap().outcome.word(), "completed");
    }
    let world = open().await;
    let engine = world.engine(&[RECOVERY, ASKS]).await;
    assert_eq!(engine.start(world.recover("user123", &code)).await.unwrap().outcome.word(), "rejected");
    assert!(world.identity().await.verify_audit(&world::tenant()).await.unwrap().findings.is_empty());
}

/// Between proof and completion the user is disabled: tokens are looked at again at the end (R45).
#[tokio::test]
async fn tokens_are_confirmed_at_completion_and_worthless_otherwise() {
    let world = World::new().await;
    world.user("user123").await;
    let code = world.issue("user123").await;
    let paused = RECOVERY.replace("success: restore_access", "success: pause").replace(
        "  restore_access:",
        "  pause:\n    type: display_information\n    with: { title: a, text: b, button_text: c }\n    next: restore_access\n  restore_access:",
    );
    let engine = world.engine(&[&paused]).await;
    let waiting = engine.start(world.recover("user123", &code)).await.unwrap();
    let by_id = UserRef::id("user123").unwrap();
    world.identity().await.disable_user(&world::tenant(), &world::support(), &by_id).await.unwrap();
    let end = engine.submit(world.submit(&handle(&waiting), "submit", Json::Null)).await.unwrap();
    assert_eq!(shown(&end)["code"], json!("not_confirmed"));
}

/// Whether a text holds a secret, and not only among the digits of something else.
fn tells(text: &str, secret: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(secret).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + secret.len()..]);
        !word(before.chars().next_back()) && !word(after.chars().next())
    })
}

/// A code that is not `code`.
fn wrong(code: &str, number: u32) -> String {
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + number + 1) % 1_000_000);
    assert_ne!(wrong, code);
    wrong
}
