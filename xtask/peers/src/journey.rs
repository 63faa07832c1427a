//! A user with a fresh code comes in; what a whole run of the reference journey takes goes out, tokens and audit included.

pub(crate) mod disk;
pub(crate) mod host;

use std::time::{Duration, Instant};

use criterion::Criterion;
use tokio::runtime::{Builder, Runtime};
use wayfarer::{IssueCode, NewUser, Outcome, UserRef, Wayfarer, json};

use self::disk::{Disk, Memory, Redb};
use self::host::Host;
use crate::scratch;

const JOURNEY: &str = include_str!("../../../journeys/temp_code_auth_journey.yaml");
const USER: &str = "b1f6c2d4-user-000123456";

pub(crate) fn measure(criterion: &mut Criterion) {
    let folder = scratch::folder();
    let mut group = criterion.benchmark_group("journey");
    let ours = Ours::new(Wayfarer::in_memory());
    group.bench_function("ours in memory", |b| b.iter_custom(|rounds| ours.run(rounds)));
    let by_hand = Host::new(Memory::default());
    group.bench_function("hand-written in memory", |b| b.iter_custom(|rounds| run_by_hand(&by_hand, rounds)));
    let ours = Ours::new(Wayfarer::in_folder(folder.path().join("data"), folder.path().join("keys")));
    group.bench_function("ours in a file", |b| b.iter_custom(|rounds| ours.run(rounds)));
    let by_hand = Host::new(Redb::new(&folder.path().join("host.redb")));
    group.bench_function("hand-written in a file", |b| b.iter_custom(|rounds| run_by_hand(&by_hand, rounds)));
    group.finish();
}

struct Ours {
    runtime: Runtime,
    wayfarer: Wayfarer,
    user: UserRef,
}

impl Ours {
    fn new(builder: wayfarer::Builder) -> Self {
        let runtime = Builder::new_current_thread().build().unwrap();
        let wayfarer = runtime.block_on(builder.journey("journey.yaml", JOURNEY).open()).unwrap();
        let user = runtime.block_on(wayfarer.add_user(NewUser::external(USER))).unwrap();
        Self { runtime, wayfarer, user: UserRef::id(&user.user_id).unwrap() }
    }

    /// The code is issued outside of what is measured.
    fn run(&self, rounds: u64) -> Duration {
        let mut taken = Duration::ZERO;
        for _ in 0..rounds {
            let issued = self.runtime.block_on(self.wayfarer.issue_code(IssueCode::new(self.user.clone()))).unwrap();
            let params = json!({ "external_user_id": USER, "temp_code": issued.code.expose() });
            let started = Instant::now();
            let answer = self.runtime.block_on(self.wayfarer.start("temp_code_auth_journey", params)).unwrap();
            taken += started.elapsed();
            assert!(matches!(answer.outcome, Outcome::Completed { tokens: Some(_), .. }));
        }
        taken
    }
}

fn run_by_hand<D: Disk>(host: &Host<D>, rounds: u64) -> Duration {
    let runtime = Builder::new_current_thread().build().unwrap();
    let mut taken = Duration::ZERO;
    for _ in 0..rounds {
        let code = runtime.block_on(host.issue(USER));
        let started = Instant::now();
        let answer = runtime.block_on(host.recover(USER, &code));
        taken += started.elapsed();
        assert!(answer.is_some());
    }
    taken
}
