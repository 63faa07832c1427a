//! Eight reasons why a code is refused come in; how well they can be told apart by the time of the answer goes out.
//!
//! A stranger who measures on the same machine has the best view that anybody can have; and without a disk under the store
//! there is less to hide behind than in a real one.

use std::cell::{OnceCell, RefCell};
use std::time::Instant;

use futures_util::future::join_all;
use jiff::SignedDuration;
use tokio::runtime::Builder as Runtime;
use wayfarer::step::Actor;
use wayfarer::store::ManualClock;
use wayfarer::{Builder, IssueCode, NewUser, UserRef, Wayfarer, json};

use super::child::{Child, pin, user};
use super::connection::Connection;
use super::ours;
use super::talk::call;
use crate::estimate::leave;
use crate::scratch;

/// Most of the time each of them waits for the server's beat, so they hardly disturb one another.
const CONNECTIONS: usize = 16;

/// Why a code is refused. The last one needs no user.
const STATES: [&str; 8] = ["expired", "no code", "wrong", "used", "revoked", "locked", "disabled", "unknown user"];
const JOURNEY: &str = include_str!("../../../../journeys/temp_code_auth_journey.yaml");
const ID: &str = "temp_code_auth_journey";

pub(super) fn in_memory(count: usize) {
    serve(Wayfarer::in_memory(), count);
}

pub(super) fn in_a_file(count: usize) {
    let folder = scratch::folder();
    serve(Wayfarer::in_folder(folder.path().join("data"), folder.path().join("keys")), count);
}

/// A server with so many users in each state.
fn serve(builder: Builder, count: usize) {
    pin();
    let runtime = Runtime::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let clock = ManualClock::default();
        let host = ours::host(builder.clock(clock.clone()).journey("journey.yaml", JOURNEY)).await;
        let mut codes = Vec::with_capacity(count * STATES.len());
        for (state, name) in STATES.into_iter().enumerate() {
            for some in (state * count..(state + 1) * count).collect::<Vec<_>>().chunks(64) {
                codes.extend(join_all(some.iter().map(|number| set(&host, name, user(*number)))).await);
            }
            if name == "expired" {
                clock.advance(SignedDuration::from_secs(301));
            }
        }
        ours::run(&host, codes).await;
    });
}

/// The states and their users' numbers, in order.
fn everybody(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..STATES.len()).flat_map(move |state| (0..count).map(move |one| (state, state * count + one)))
}

/// Brings a user into a state, and gives the code that will be typed.
async fn set(host: &Wayfarer, state: &str, name: String) -> String {
    let (some, name) = ("000000".to_owned(), name.as_str());
    if state == "unknown user" {
        return some;
    }
    let user = UserRef::id(&host.add_user(NewUser::external(name)).await.unwrap().user_id).unwrap();
    if state == "no code" {
        return some;
    }
    let code = host.issue_code(IssueCode::new(user.clone())).await.unwrap().code.expose().clone();
    let wrong: String = code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect();
    let play = |code: String| host.start(ID, json!({ "external_user_id": name, "temp_code": code }));
    let (tenant, actor) = (host.tenant(), Actor::system());
    match state {
        "wrong" => return wrong,
        "used" => drop(play(code.clone()).await.unwrap()),
        "locked" => {
            for _ in 0..3 {
                drop(play(wrong.clone()).await.unwrap());
            }
        }
        "revoked" => assert!(host.identity().revoke_code(tenant, &actor, &user).await.unwrap()),
        "disabled" => drop(host.identity().disable_user(tenant, &actor, &user).await.unwrap()),
        _ => {}
    }
    code
}

pub(crate) fn measure(quick: bool) {
    let count = if quick { 300 } else { 10_000 };
    core_affinity::set_for_current(core_affinity::CoreId { id: 1 });
    for (kind, place) in [("failures in memory", "memory"), ("failures in a file", "file")] {
        report(place, &mut take(kind, count));
    }
}

/// What each refusal took, in nanoseconds, by its reason.
fn take(kind: &str, count: usize) -> Vec<Vec<u64>> {
    let server = Child::start(kind, count);
    let taken = RefCell::new(vec![Vec::with_capacity(count); STATES.len()]);
    let (turns, refusal) = (RefCell::new(shuffled(everybody(count).collect())), OnceCell::new());
    let one = || async {
        let mut connection = Connection::open(server.ready.address).await;
        while let Some((state, number)) = next(&turns) {
            let params = json!({ "external_user_id": user(number), "temp_code": server.ready.codes[number] });
            let request = call("anonymous_invoke", "", &json!({ "policy_request_id": ID, "params": params }));
            let begun = Instant::now();
            let (status, answer) = connection.ask(&request).await;
            taken.borrow_mut()[state].push(begun.elapsed().as_nanos() as u64);
            assert_eq!(status, 400, "{}: {}", STATES[state], String::from_utf8_lossy(answer));
            assert_eq!(refusal.get_or_init(|| answer.to_vec()), answer, "{} differs", STATES[state]);
        }
    };
    let runtime = Runtime::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(join_all((0..CONNECTIONS).map(|_| one())));
    taken.into_inner()
}

fn next(turns: &RefCell<Vec<(usize, usize)>>) -> Option<(usize, usize)> {
    turns.borrow_mut().pop()
}

/// In an order without meaning, the same in every run.
fn shuffled(mut all: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    for last in (1..all.len()).rev() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        all.swap(last, (random % (last as u64 + 1)) as usize);
    }
    all
}

fn report(place: &str, taken: &mut [Vec<u64>]) {
    eprintln!("{place}:");
    taken.iter_mut().for_each(|times| times.sort_unstable());
    let medians: Vec<_> = taken.iter().map(|times| times[times.len() / 2] as f64).collect();
    for (state, median) in STATES.iter().zip(&medians) {
        eprintln!("{state}: median {:.1} µs", median / 1e3);
    }
    let mut worst = (0.5, "", "");
    for (one, times) in taken.iter().enumerate() {
        for (other, others) in taken.iter().enumerate().skip(one + 1) {
            let area = area(times, others);
            if area > worst.0 {
                worst = (area, STATES[one], STATES[other]);
            }
        }
    }
    eprintln!("told apart best: `{}` and `{}`, {:.3} of the time", worst.1, worst.2, worst.0);
    leave(&format!("timing/{place}, area"), worst.0);
    leave(&format!("timing/{place}, slowest"), medians.iter().copied().fold(0.0, f64::max));
    leave(&format!("timing/{place}, quickest"), medians.iter().copied().fold(f64::MAX, f64::min));
}

/// The area under the curve of a classifier by time (Mann and Whitney's statistic): 0.5 is a coin, 1 is certainty.
fn area(one: &[u64], other: &[u64]) -> f64 {
    let wins: f64 = one
        .iter()
        .map(|time| {
            let below = other.partition_point(|than| than < time);
            let same = other.partition_point(|than| than <= time) - below;
            below as f64 + same as f64 / 2.0
        })
        .sum();
    let area = wins / (one.len() as f64 * other.len() as f64);
    area.max(1.0 - area)
}
