//! Submits, handles and stored runs come in; that a run moves only for whoever may move it, and that nothing breaks on
//! bytes that nobody wrote, is asserted on a whole engine in memory.

mod asks;
mod world;

use wayfarer::engine::run::Run;
use wayfarer::lang::value::stored;
use wayfarer::{Answer, EngineError, Outcome};

use world::{World, with_world};

/// Submits, one after the other, of which the bytes decide option, handle, step and data. See [`read`] for their form.
///
/// A run is completed only after the right code was given; a handle that is not the live one moves nothing; a refused
/// answer leaves the live one good; an accepted one kills it, and the same submit gets the same answer (laws 1, 3, 5).
pub(super) fn submit(bytes: &[u8]) {
    with_world(async |world: &mut World| {
        let (code, mut live) = world.begin().await;
        let mut gone: Option<(Sent, Answer)> = None;
        let mut proven = false;
        for block in read(bytes, &code) {
            let Some(handle) = live.clone() else { break };
            let handle = match &*block.handle {
                "@" => handle,
                "@gone" => gone.as_ref().map_or(handle, |(sent, _)| sent.handle.clone()),
                other => other.to_owned(),
            };
            let sent = Sent { handle, ..block };
            let is_live = live.as_ref() == Some(&sent.handle);
            match world.submit(&sent).await {
                Ok(answer) if is_live => {
                    proven |= sent.data.to_string().contains(&code);
                    assert!(proven || !is_success(&answer), "completed without the code: {answer:?}");
                    live = handle_of(&answer);
                    assert_ne!(live.as_ref(), Some(&sent.handle), "the handle was not turned");
                    let other = Sent { option: "another".into(), ..sent.clone() };
                    let other = world.submit(&other).await;
                    let is_conflict = matches!(other, Err(EngineError::Conflict)) || sent.option == "another";
                    assert!(is_conflict, "a dead handle took another answer: {other:?}");
                    gone = Some((sent, answer));
                }
                Ok(answer) => {
                    let (_, known) = gone.as_ref().unwrap_or_else(|| panic!("a handle from nowhere moved {answer:?}"));
                    assert_eq!(handle_of(&answer), handle_of(known), "the same submit got another answer");
                    assert_eq!(answer.outcome.word(), known.outcome.word());
                }
                Err(EngineError::InvalidAnswer { problems }) => {
                    assert!(is_live && !problems.is_empty());
                    assert!(world.is_waiting(&sent.handle).await, "a refused answer took the handle away");
                }
                Err(EngineError::StaleHandle) => assert!(!is_live, "the live handle is stale"),
                Err(EngineError::Conflict) => assert!(!is_live, "the live handle is in conflict"),
                Err(error) => panic!("{error:?}"),
            }
        }
        if let Some((sent, known)) = &gone {
            let again = world.submit(sent).await.unwrap();
            assert_eq!(handle_of(&again), handle_of(known), "the same submit got another answer");
        }
        if let Some(handle) = live {
            assert_eq!(Box::pin(world.race(&handle)).await, 1, "one of two wins");
        }
    });
}

/// A text is a handle only if it is the handle, whatever is like it (R46, R55).
pub(super) fn handle(bytes: &[u8]) {
    with_world(async |world: &mut World| {
        let known = world.waiting().await;
        let text = match bytes.split_first() {
            // The real one with some places changed: a fuzzer would never get near it.
            Some((b'~', changes)) => String::from_utf8_lossy(&changed(known.as_bytes(), changes)).into_owned(),
            Some((b'+', more)) => format!("{known}{}", String::from_utf8_lossy(more)),
            _ => String::from_utf8_lossy(bytes).into_owned(),
        };
        if text != known {
            let tried = world.try_handle(&text).await;
            assert!(tried.iter().all(Option::is_none), "{text:?} is taken for {known:?}");
        }
        assert!(world.is_waiting(&known).await, "{text:?} took the handle away");
    });
}

/// Bytes that are no run are refused; those that are come back the same; and an engine that finds a run of which bytes
/// were changed does not break on it.
pub(super) fn state(bytes: &[u8]) {
    if let Ok(value) = stored::from_bytes(bytes) {
        let written = stored::to_bytes(&value);
        let again = stored::from_bytes(&written).unwrap();
        assert_eq!(stored::to_bytes(&again), written);
    }
    if let Ok(run) = postcard::from_bytes::<Run>(bytes) {
        let written = postcard::to_stdvec(&run).unwrap();
        let again: Run = postcard::from_bytes(&written).unwrap();
        assert_eq!(postcard::to_stdvec(&again).unwrap(), written);
    }
    with_world(async |world: &mut World| {
        let (handle, run, record) = world.resting().await;
        // The bytes instead of the run, and the run with some bytes changed.
        for record in [[&record[..1], bytes].concat(), changed(&record, bytes)] {
            world.put(run, record).await;
            world.rouse(run, &handle).await;
        }
    });
}

/// A copy with changes: each three bytes are a place and what to turn there.
fn changed(bytes: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes.chunks_exact(3) {
        let place = usize::from(u16::from_be_bytes([change[0], change[1]])) % bytes.len();
        bytes[place] ^= change[2];
    }
    bytes
}

/// One submit.
#[derive(Clone, Debug)]
struct Sent {
    option: String,
    handle: String,
    step: Option<String>,
    data: serde_json::Value,
}

/// Takes submits from lines: the option, the handle (`@` the live one, `@gone` the one before), the step or nothing, and
/// then data up to a line `---`, as JSON or else as a text. `@code` stands for the right code.
fn read(bytes: &[u8], code: &str) -> Vec<Sent> {
    let text = String::from_utf8_lossy(bytes).replace("@code", code);
    let block = |block: &str| {
        let mut lines = block.splitn(4, '\n');
        let mut next = || lines.next().unwrap_or_default().to_owned();
        let (option, handle, step, data) = (next(), next(), next(), next());
        let data = match data.trim() {
            "" => serde_json::Value::Null,
            json => serde_json::from_str(json).unwrap_or_else(|_| data.clone().into()),
        };
        Sent { option, handle, step: Some(step).filter(|step| !step.is_empty()), data }
    };
    text.split("\n---\n").take(8).map(block).collect()
}

fn handle_of(answer: &Answer) -> Option<String> {
    answer.outcome.handle().map(|handle| handle.expose().to_owned())
}

const fn is_success(answer: &Answer) -> bool {
    matches!(answer.outcome, Outcome::Completed { .. })
}
