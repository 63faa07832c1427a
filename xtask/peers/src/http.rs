//! Servers come in: a bare one, hand-written ones, ours; how many requests each answers, and how fast, goes out.
//!
//! The server has one core and whoever loads it the other, on 64 connections that stay open. A journey is two requests: it
//! starts and asks for the code, and it takes the code and completes.

mod child;
mod connection;
mod hand;
mod load;
mod ours;
mod rest;
mod slow;
mod talk;
mod timing;

use self::child::Child;
use self::load::{Load, Taken};
use self::talk::Talk;
use crate::estimate::leave;

pub(crate) use self::rest::measure as rest;
pub(crate) use self::slow::measure as slow;
pub(crate) use self::timing::measure as timing;

/// Which server a process is to be, by its second word.
pub(crate) fn serve(words: &[String]) {
    let kind = words.first().map(String::as_str).unwrap_or_default();
    let count = words.get(1).and_then(|word| word.parse().ok()).unwrap_or_default();
    match kind {
        "hello" => hand::hello(),
        "hand in memory" => hand::in_memory(count),
        "hand in a file" => hand::in_a_file(count),
        "ours in memory" => ours::in_memory(count),
        "ours in a file" => ours::in_a_file(count),
        "failures in memory" => timing::in_memory(count),
        "failures in a file" => timing::in_a_file(count),
        other => panic!("there is no server `{other}`"),
    }
}

pub(crate) fn measure(quick: bool) {
    let journeys = if quick { 640 } else { 12_800 };
    core_affinity::set_for_current(core_affinity::CoreId { id: 1 });
    for (kind, talk) in [
        ("hello", Talk::Hello),
        ("hand in memory", Talk::Hand),
        ("ours in memory", Talk::Ours),
        ("hand in a file", Talk::Hand),
        ("ours in a file", Talk::Ours),
    ] {
        let server = Child::start(kind, journeys);
        let taken = Load { server: &server, talk, journeys }.run();
        tell(kind, &taken);
        if kind == "ours in memory" {
            let health = Load { server: &server, talk: Talk::Health, journeys }.run();
            tell("health", &health);
        }
    }
}

fn tell(kind: &str, taken: &Taken) {
    eprintln!(
        "{kind}: {:.0} requests/s, p50 {:.2} ms, p99 {:.2} ms",
        1e9 / taken.each,
        taken.p50 / 1e6,
        taken.p99 / 1e6
    );
    leave(&format!("http/{kind}"), taken.each);
    leave(&format!("http/{kind}, p50"), taken.p50);
    leave(&format!("http/{kind}, p99"), taken.p99);
}
