//! Data for the client: it comes with the next answer, however often that is read, and with no other.

use serde_json::{Value as Json, json};

use crate::Answer;
use crate::testing::{World, handle, shown, start, start_once, submit, tenant};

const TWICE: &str = r#"
journey: twice
params: { end: string }
steps:
  one: { type: odd, with: { act: provide, user: one }, branches: { next: two } }
  two: { type: odd, with: { act: provide, user: two }, branches: { next: ask } }
  ask: { type: ask, branches: { next: three } }
  three: { type: odd, with: { act: "@policy.request().params.end", user: three }, branches: { next: more } }
  more: { type: ask, branches: { next: four, cancel: no } }
  four: { type: odd, with: { act: provide, user: four }, branches: { next: done } }
  done: { type: complete_journey, with: { data: "done" } }
  no: { type: reject_access }
"#;

const NAP: &str = r#"
journey: nap
steps:
  give: { type: odd, with: { act: provide, user: nap }, branches: { next: nap } }
  nap: { type: odd, with: { act: nap }, branches: { next: again } }
  again: { type: odd, with: { act: provide, user: again }, branches: { next: rest } }
  rest: { type: odd, with: { act: nap }, branches: { next: ask } }
  ask: { type: ask, branches: { next: done } }
  done: { type: complete_journey }
"#;

const TRIES: &str = r#"
journey: tries
steps:
  give: { type: odd, with: { act: provide, user: tries }, branches: { next: fail } }
  fail: { type: odd, with: { act: fail }, retry: { times: 1 }, branches: { next: done, failure: ask } }
  ask: { type: ask, branches: { next: done } }
  done: { type: complete_journey }
"#;

fn provided(answer: &Answer) -> Json {
    shown(answer)["provided"]["for"].clone()
}

#[tokio::test]
async fn it_comes_with_the_next_answer_and_only_with_that_across_a_restart() {
    let world = World::new().await;
    let engine = world.engine(&[TWICE]).await;
    let request = start_once("twice", json!({ "end": "well" }), "one");
    let asked = engine.start(request.clone()).await.unwrap();
    // Of two the last counts; whoever asks again gets the same again.
    assert_eq!(provided(&asked), json!("two"));
    let engine = world.engine(&[TWICE]).await;
    assert_eq!(provided(&engine.start(request).await.unwrap()), json!("two"));
    assert_eq!(provided(&engine.current(&tenant(), &handle(&asked)).await.unwrap()), json!("two"));

    let more = engine.submit(submit(&handle(&asked), "submit", json!({ "answer": "a" }))).await.unwrap();
    assert_eq!((shown(&more)["step"].clone(), provided(&more)), (json!("more"), Json::Null));
    let done = engine.submit(submit(&handle(&more), "submit", json!({ "answer": "a" }))).await.unwrap();
    assert_eq!((done.outcome.word(), provided(&done)), ("completed", json!("four")));
    assert!(world.runs().await.iter().all(|run| run.provided.is_none()));
}

#[tokio::test]
async fn a_rejected_run_has_it_and_a_failed_one_has_nothing() {
    let world = World::new().await;
    let engine = world.engine(&[TWICE]).await;
    let asked = engine.start(start("twice", json!({ "end": "provide" }))).await.unwrap();
    let more = engine.submit(submit(&handle(&asked), "submit", json!({ "answer": "a" }))).await.unwrap();
    assert_eq!(provided(&more), json!("three"));
    // The client has it already.
    let no = engine.submit(submit(&handle(&more), "cancel", json!(null))).await.unwrap();
    assert_eq!((no.outcome.word(), provided(&no)), ("rejected", Json::Null));

    let failing = TWICE.replace(
        "next: ask } }",
        "next: fail } }\n  fail: { type: odd, with: { act: fail }, branches: { next: ask } }",
    );
    let engine = world.engine(&[&failing]).await;
    let failed = engine.start(start("twice", json!({ "end": "well" }))).await.unwrap();
    assert_eq!(shown(&failed), json!({ "outcome": "failed", "path": ["one", "two", "fail"], "code": "told_to" }));
}

#[tokio::test]
async fn what_nobody_has_read_yet_is_kept_until_somebody_does() {
    let world = World::new().await;
    let engine = world.engine(&[NAP]).await;
    let napping = engine.start(start("nap", json!({}))).await.unwrap();
    assert_eq!((napping.outcome.word(), provided(&napping)), ("waiting", json!("nap")));
    for _ in 0..2 {
        world.pass(10);
        assert_eq!(engine.tick(10).await.unwrap().woken, 1);
    }
    let asked = engine.current(&tenant(), &handle(&napping)).await.unwrap();
    assert_eq!((asked.outcome.word(), provided(&asked)), ("prompt", json!("again")));
    let done = engine.submit(submit(&handle(&asked), "submit", json!({ "answer": "a" }))).await.unwrap();
    assert_eq!((done.outcome.word(), provided(&done)), ("completed", Json::Null));
}

#[tokio::test]
async fn a_visit_that_is_tried_again_at_once_does_not_lose_it() {
    let world = World::new().await;
    let engine = world.engine(&[TRIES]).await;
    let asked = engine.start(start("tries", json!({}))).await.unwrap();
    assert_eq!((shown(&asked)["step"].clone(), provided(&asked)), (json!("ask"), json!("tries")));
}
