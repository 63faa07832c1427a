//! An engine in memory with time that stands still: users and waiting runs come out of it.

use std::cell::RefCell;

use jiff::SignedDuration;
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;
use wayfarer::engine::record::RUN;
use wayfarer::lang::Value;
use wayfarer::step::Source;
use wayfarer::store::{Batch, Expect, Key};
use wayfarer::{Answer, EngineError, IssueCode, ManualClock, NewUser, Outcome, Submit, UserRef, Wayfarer, json};

use super::asks::{AsksForCode, JOURNEYS};
use super::{Sent, handle_of};

/// After so many cases all is made anew, so that no case stands on much that went before.
const CASES: usize = 256;
/// A user is refused for ever after a hundred wrong codes.
const CASES_OF_A_USER: usize = 20;

pub(super) struct World {
    wayfarer: Wayfarer,
    clock: ManualClock,
    cases: usize,
    waiting: Option<String>,
    resting: Option<(String, Uuid, Vec<u8>)>,
}

thread_local! {
    /// Each thread's own: a fuzzer makes a million cases, and a world takes longer than a case.
    static WORLD: RefCell<Option<(Runtime, World)>> = const { RefCell::new(None) };
}

/// Runs one case.
pub(super) fn with_world(case: impl AsyncFnOnce(&mut World)) {
    WORLD.with_borrow_mut(|kept| {
        let used_up = kept.take_if(|(_, world)| world.cases >= CASES);
        drop(used_up);
        let (runtime, world) = kept.get_or_insert_with(|| {
            let runtime = Builder::new_current_thread().enable_time().build().unwrap();
            let world = runtime.block_on(World::new());
            (runtime, world)
        });
        world.cases += 1;
        runtime.block_on(case(world));
    });
}

impl World {
    async fn new() -> Self {
        let clock = ManualClock::default();
        let builder = Wayfarer::in_memory().clock(clock.clone()).step(AsksForCode);
        let builder = JOURNEYS.into_iter().fold(builder, |builder, text| builder.journey("asks.yaml", text));
        let wayfarer = builder.open().await.unwrap();
        Self { wayfarer, clock, cases: 0, waiting: None, resting: None }
    }

    /// A code, and the handle of a run that waits for it.
    pub(super) async fn begin(&mut self) -> (String, Option<String>) {
        // What was locked is open again.
        self.clock.advance(SignedDuration::from_mins(16));
        let user = format!("user-{}", self.cases / CASES_OF_A_USER);
        // Whoever is there already is there.
        drop(self.wayfarer.add_user(NewUser::external(&user)).await);
        let issued = self.wayfarer.issue_code(IssueCode::new(UserRef::id(&user).unwrap())).await.unwrap();
        let answer = self.wayfarer.start("asks", json!({ "user": user })).await.unwrap();
        (issued.code.expose().clone(), handle_of(&answer))
    }

    /// The handle of a run that is left alone.
    pub(super) async fn waiting(&mut self) -> String {
        if let Some(handle) = &self.waiting {
            return handle.clone();
        }
        let (_, handle) = self.begin().await;
        let handle = handle.unwrap();
        self.waiting = Some(handle.clone());
        handle
    }

    pub(super) async fn submit(&self, sent: &Sent) -> Result<Answer, EngineError> {
        let submit = Submit {
            tenant: self.wayfarer.tenant().clone(),
            handle: sent.handle.clone(),
            step: sent.step.as_deref().map(Into::into),
            option: sent.option.as_str().into(),
            data: Value::from(sent.data.clone()),
            source: Source::default(),
        };
        self.wayfarer.engine().submit(submit).await
    }

    /// Whether the handle is that of a prompt.
    pub(super) async fn is_waiting(&self, handle: &str) -> bool {
        let current = self.wayfarer.engine().current(self.wayfarer.tenant(), handle).await;
        current.is_ok_and(|answer| matches!(answer.outcome, Outcome::Prompt { .. }))
    }

    /// Two answers at once; how many were taken.
    pub(super) async fn race(&self, handle: &str) -> usize {
        let give_up = Sent { option: "cancel".into(), handle: handle.to_owned(), step: None, data: json!(null) };
        let engine = self.wayfarer.engine();
        let (one, two) = tokio::join!(self.submit(&give_up), engine.cancel(self.wayfarer.tenant(), handle));
        usize::from(one.is_ok()) + usize::from(two.is_ok())
    }

    /// Everything that a handle is good for; what it gave, or none where it is no handle.
    pub(super) async fn try_handle(&self, handle: &str) -> [Option<String>; 3] {
        let (engine, tenant) = (self.wayfarer.engine(), self.wayfarer.tenant());
        let sent = Sent { option: "cancel".into(), handle: handle.to_owned(), step: None, data: json!(null) };
        let gave = |result: Result<Answer, EngineError>| match result {
            Err(EngineError::StaleHandle) => None,
            other => Some(format!("{other:?}")),
        };
        [
            gave(engine.current(tenant, handle).await),
            gave(self.submit(&sent).await),
            gave(engine.cancel(tenant, handle).await),
        ]
    }

    /// A run that waits, its handle, and the bytes of its record.
    pub(super) async fn resting(&mut self) -> (String, Uuid, Vec<u8>) {
        if let Some(resting) = &self.resting {
            return resting.clone();
        }
        self.begin().await;
        let answer = self.wayfarer.start("asks", json!({ "user": "user-0" })).await.unwrap();
        let record = self.wayfarer.vault().get(&self.key(answer.run)).await.unwrap().unwrap();
        let resting = (handle_of(&answer).unwrap(), answer.run, record.value.to_vec());
        self.resting = Some(resting.clone());
        resting
    }

    /// Puts a record in the place of a run's.
    pub(super) async fn put(&self, run: Uuid, record: Vec<u8>) {
        let (vault, key) = (self.wayfarer.vault(), self.key(run));
        let known = vault.get(&key).await.unwrap();
        let expect = known.map_or(Expect::Absent, |known| Expect::Version(known.version));
        // It is due at once, so that the next tick finds it.
        let now = vault.now().await.unwrap();
        vault.commit(Batch::new().put(key, expect, record, None, Some(now))).await.unwrap();
    }

    /// All that can happen to a run at rest.
    pub(super) async fn rouse(&self, run: Uuid, handle: &str) {
        let (engine, tenant) = (self.wayfarer.engine(), self.wayfarer.tenant());
        let data = json!({ "code": "000000" });
        let sent = Sent { option: "submit".into(), handle: handle.to_owned(), step: None, data };
        // What comes of it is nobody's promise, only that something does.
        drop(engine.run(tenant, run).await);
        drop(engine.current(tenant, handle).await);
        drop(engine.tick(16).await);
        drop(self.submit(&sent).await);
        drop(engine.cancel(tenant, handle).await);
    }

    fn key(&self, run: Uuid) -> Key {
        Key::new(self.wayfarer.tenant(), RUN, run.as_bytes().as_slice())
    }
}
