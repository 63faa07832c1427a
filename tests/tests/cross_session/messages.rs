//! The steps alone: who may wait, who may process, and when.

use serde_json::{Value as Json, json};
use wayfarer::{Answer, Engine, Start, TenantId};

use crate::world::{World, handle, shown, start, tenant};

async fn create(engine: &Engine) -> String {
    let created = engine.start(start("create", json!({}))).await.unwrap();
    shown(&created)["data"].as_str().unwrap().to_owned()
}

async fn wait(engine: &Engine, id: &str) -> Answer {
    engine.start(start("wait", json!({ "id": id }))).await.unwrap()
}

async fn process(engine: &Engine, id: &str) -> Json {
    shown(&engine.start(start("process", json!({ "id": id }))).await.unwrap())["data"].clone()
}

async fn current(engine: &Engine, waiting: &Answer) -> Json {
    shown(&engine.current(&tenant(), &handle(waiting)).await.unwrap())
}

#[tokio::test]
async fn only_one_run_waits_for_a_message() {
    for world in [World::in_memory().await, World::in_file().await] {
        let engine = world.engine().await;
        let id = create(&engine).await;
        let first = wait(&engine, &id).await;
        // Nothing leads on from giving up, so it is not offered.
        assert_eq!((first.outcome.word(), &shown(&first)["choices"]), ("prompt", &json!([])));
        let second = wait(&engine, &id).await;
        assert_eq!(shown(&second)["data"], json!("message_waited_for"));
        assert_eq!(process(&engine, &id).await, json!({ "n": 1 }));
        assert_eq!(current(&engine, &first).await["data"], json!({ "name": "phone" }));
    }
}

/// Two nodes let a run wait for the same message at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_wait_at_once_one_does() {
    let world = World::in_memory().await;
    let (one, two) = (world.engine().await, world.engine().await);
    let id = create(&one).await;
    let racers = (0..20).map(|number| {
        let (engine, id) = (if number % 2 == 0 { one.clone() } else { two.clone() }, id.clone());
        tokio::spawn(async move { wait(&engine, &id).await.outcome.word() })
    });
    let mut words = Vec::new();
    for racer in racers.collect::<Vec<_>>() {
        words.push(racer.await.unwrap());
    }
    assert_eq!(words.iter().filter(|word| **word == "prompt").count(), 1, "{words:?}");
    assert_eq!(words.iter().filter(|word| **word == "rejected").count(), 19, "{words:?}");
}

/// Law 4 (R7): a message is processed once, and the waiter hears of the one that won.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn law_04_of_many_that_process_at_once_one_wins() {
    for world in [World::in_memory().await, World::in_file().await] {
        let (one, two) = (world.engine().await, world.engine().await);
        let id = create(&one).await;
        let waiting = wait(&one, &id).await;
        let racers = (0..20).map(|number| {
            let engine = if number % 2 == 0 { one.clone() } else { two.clone() };
            let start = start("process", json!({ "id": id, "name": number.to_string() }));
            tokio::spawn(async move { engine.start(start).await.unwrap() })
        });
        let mut winners = Vec::new();
        for (number, racer) in racers.collect::<Vec<_>>().into_iter().enumerate() {
            let answer = racer.await.unwrap();
            match answer.outcome.word() {
                "completed" => winners.push(number.to_string()),
                _ => assert_eq!(shown(&answer)["data"], json!("used_message")),
            }
        }
        assert_eq!(winners.len(), 1);
        assert_eq!(current(&two, &waiting).await["data"], json!({ "name": winners[0] }));
        assert_eq!(world.facts("message.processed").await.len(), 1);
    }
}

/// The wait begins while the message is being processed: nobody waits for what has happened already.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_nudge_is_lost_between_looking_and_waiting() {
    let world = World::in_memory().await;
    let (one, two) = (world.engine().await, world.engine().await);
    for _ in 0..30 {
        let id = create(&one).await;
        let waits = {
            let (engine, id) = (one.clone(), id.clone());
            tokio::spawn(async move { wait(&engine, &id).await })
        };
        let processes = {
            let (engine, id) = (two.clone(), id.clone());
            tokio::spawn(async move { process(&engine, &id).await })
        };
        let (waiting, processed) = (waits.await.unwrap(), processes.await.unwrap());
        assert_eq!(processed, json!({ "n": 1 }));
        let end = match waiting.outcome.word() {
            "prompt" => current(&one, &waiting).await,
            _ => shown(&waiting),
        };
        assert_eq!(end["data"], json!({ "name": "phone" }), "{waiting:?}");
    }
}

#[tokio::test]
async fn what_was_processed_before_is_not_waited_for() {
    let world = World::in_memory().await;
    let engine = world.engine().await;
    let id = create(&engine).await;
    process(&engine, &id).await;
    let answered = wait(&engine, &id).await;
    assert_eq!((answered.outcome.word(), &shown(&answered)["data"]), ("completed", &json!({ "name": "phone" })));
    assert_eq!(shown(&wait(&engine, &id).await)["data"], json!("used_message"));
}

#[tokio::test]
async fn expired_unknown_and_forgotten() {
    let world = World::in_memory().await;
    let engine = world.engine().await;
    let id = create(&engine).await;
    world.pass(299);
    let waiting = wait(&engine, &id).await;
    assert_eq!(waiting.outcome.word(), "prompt");
    world.pass(1);
    assert_eq!(engine.tick(100).await.unwrap().woken, 1, "the message's end is the wait's");
    assert_eq!(current(&engine, &waiting).await["data"], json!("timeout"));
    assert_eq!(process(&engine, &id).await, json!("expired_message"));
    assert_eq!(shown(&wait(&engine, &id).await)["data"], json!("message_waited_for"));
    world.pass(3600);
    assert_eq!(process(&engine, &id).await, json!("unknown_message"));
    // R113: it is erased, not only hidden.
    assert!(engine.tick(100).await.unwrap().erased > 0);
    assert_eq!(process(&engine, "no-such-message").await, json!("unknown_message"));
}

/// R111: another tenant or application finds nothing and wakes nobody, though it has the id.
#[tokio::test]
async fn r111_a_message_is_of_its_tenant_and_its_application() {
    let world = World::in_memory().await;
    let engine = world.engine().await;
    let id = create(&engine).await;
    let waiting = wait(&engine, &id).await;
    let other = TenantId::new("other").unwrap();
    for journey in ["process", "wait"] {
        let start = start(journey, json!({ "id": id }));
        for start in [Start { tenant: other.clone(), ..start.clone() }, Start { application: "other".into(), ..start }]
        {
            let refused = engine.start(start).await.unwrap();
            assert_eq!(shown(&refused)["data"], json!("unknown_message"));
        }
    }
    engine.tick(100).await.unwrap();
    assert_eq!(current(&engine, &waiting).await["outcome"], json!("prompt"));
}
