//! A process that issues and verifies codes is killed at random moments; what it had acknowledged is still so
//! (laws 2, 4 and 10; R7, R9, R118).
//!
//! The test starts itself again as the process to be killed. That one says on a line what it is about to do, and on
//! another that it is done; whoever kills it compares the store with these lines.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "crash/model.rs"]
mod model;
#[path = "crash/victim.rs"]
mod victim;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use wayfarer::{AuditQuery, Outcome, UserRef, Wayfarer, json};

use self::model::{Model, USERS};
use self::victim::{FOLDER, JOURNEY, SEED, host};

/// A new store after so many kills, so that reading its whole trail stays quick.
const STORES: u64 = 20;
const KILLS: u64 = 10;

#[test]
fn law_10_nothing_acknowledged_is_lost_by_kill_9() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut seen = Seen::default();
    for store in 0..STORES {
        let folder = tempfile::tempdir().unwrap();
        let mut model = Model::default();
        for kill in 0..KILLS {
            let lines = kill_after(folder.path(), store * KILLS + kill, 1 + random.below(40));
            model.read(&lines);
            seen.in_flight += model.in_flight();
            runtime.block_on(compare(folder.path(), &mut model, &mut seen));
        }
        seen.acknowledged += model.acknowledged;
    }
    // The kills were worth something: they came in the middle of work, and much work was done.
    assert!(seen.in_flight > STORES * KILLS && seen.acknowledged > 20 * STORES * KILLS / 4, "{seen:?}");
    assert!(seen.used > 0 && seen.burnt > 0 && seen.replayed > 0, "{seen:?}");
}

/// The process that is killed; without a folder it is no process to be killed, and nothing happens.
#[test]
fn victim_of_the_kills() {
    let (Ok(folder), Ok(seed)) = (std::env::var(FOLDER), std::env::var(SEED)) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(victim::work(Path::new(&folder), seed.parse().unwrap()));
}

#[derive(Debug, Default)]
struct Seen {
    acknowledged: u64,
    in_flight: u64,
    used: u64,
    burnt: u64,
    replayed: u64,
}

/// Starts the process, reads so many lines, kills it, and gives every whole line that it wrote.
fn kill_after(folder: &Path, seed: u64, lines: u64) -> Vec<String> {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["victim_of_the_kills", "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(SEED, seed.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(victim.stdout.take().unwrap());
    let mut text = String::new();
    let mut left = lines;
    while left > 0 {
        let start = text.len();
        assert!(said.read_line(&mut text).unwrap() > 0, "the process ended by itself: {text}");
        left -= u64::from(text.get(start..).is_some_and(model::is_word));
    }
    victim.kill().unwrap();
    victim.wait().unwrap();
    said.read_to_string(&mut text).unwrap();
    // What follows the last line break was cut off by the kill.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().filter(|line| model::is_word(line)).map(str::to_owned).collect()
}

/// Holds the store against what was acknowledged.
async fn compare(folder: &Path, model: &mut Model, seen: &mut Seen) {
    let host = host(folder).await;
    for user in USERS {
        let who = UserRef::id(user).unwrap();
        let Ok(status) = host.identity().code_status(host.tenant(), &who).await else {
            assert!(model.is_unknown(user), "{user} was acknowledged and is lost");
            continue;
        };
        model.compare(user, &status);
        let Some((code, live)) = model.newest_code(user, &status) else { continue };
        seen.used += u64::from(!live && model.is_used(user));
        seen.burnt += u64::from(!live && !model.is_used(user));
        if !live {
            let params = json!({ "external_user_id": user, "temp_code": code });
            let answer = host.start(JOURNEY, params).await.unwrap();
            assert!(
                matches!(answer.outcome, Outcome::Rejected { .. }),
                "a dead code of {user} was accepted: {status:?}"
            );
            seen.replayed += 1;
        }
    }
    no_code_was_tried_or_accepted_too_often(&host).await;
    let trail = host.identity().verify_audit(host.tenant()).await.unwrap();
    assert!(trail.is_intact(), "{:?}", trail.findings);
}

/// The whole trail, code by code: compared at most three times (R9), accepted at most once (R7).
async fn no_code_was_tried_or_accepted_too_often(host: &Wayfarer) {
    for (name, most) in [("tempcode.attempt_counted", 3), ("tempcode.verified", 1)] {
        let query = AuditQuery { name: Some(name.to_owned()), limit: usize::MAX, ..AuditQuery::default() };
        let mut times = BTreeMap::new();
        for entry in host.identity().audit(host.tenant(), &query).await.unwrap().entries {
            *times.entry(entry.fact.details["code_id"].to_string()).or_insert(0_u32) += 1;
        }
        assert!(times.values().all(|times| *times <= most), "more than {most} of {name}: {times:?}");
    }
}

/// xorshift64: the moments of the kills are the same on each run, as far as the machine allows.
pub struct Random(pub u64);

impl Random {
    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
