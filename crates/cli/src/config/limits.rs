//! The section `limits` comes in; the bounds of connections and requests, and those of runs, go out.

use wayfarer::engine;
use wayfarer_server::Limits;

use super::section::Section;

/// Seconds of an hour.
const HOUR: i64 = 3_600;
/// Bytes of a mebibyte.
const MIB: i64 = 1 << 20;

/// `limits: { http, rates, runs }`.
pub(super) fn read(root: &mut Section<'_>) -> (Limits, engine::Limits) {
    let (mut http, mut runs) = (Limits::default(), engine::Limits::default());
    root.within("limits", |limits| {
        limits.within("http", |section| self::http(section, &mut http));
        super::rates::rates(limits, &mut http.rates);
        limits.within("runs", |section| self::runs(section, &mut runs));
    });
    (http, runs)
}

fn http(section: &mut Section<'_>, limits: &mut Limits) {
    section.time("first_byte", &mut limits.first_byte, 1, HOUR);
    section.time("headers", &mut limits.headers, 1, HOUR);
    section.time("body", &mut limits.body, 1, HOUR);
    section.time("request", &mut limits.request, 1, HOUR);
    section.time("idle", &mut limits.idle, 1, HOUR);
    section.time("drain", &mut limits.drain, 1, HOUR);
    section.instant("refusal_beat", &mut limits.refusal_beat, 1_000);
    section.bounded("connections", &mut limits.connections, 1, 1_000_000);
    section.bounded("streams", &mut limits.streams, 1, 10_000);
    section.bounded("requests", &mut limits.requests, 1, 1_000_000);
    // HTTP/1 is read in pieces of 8 KiB.
    section.bounded("header_bytes", &mut limits.header_bytes, 8 << 10, MIB);
    section.bounded("body_bytes", &mut limits.body_bytes, 1 << 10, 16 * MIB);
    // The reader of JSON goes no deeper.
    section.bounded("json_depth", &mut limits.json_depth, 4, 100);
    section.bounded("json_keys", &mut limits.json_keys, 16, 100_000);
}

fn runs(section: &mut Section<'_>, limits: &mut engine::Limits) {
    section.bounded("executions", &mut limits.executions, 1, 100_000);
    section.bounded("visits", &mut limits.visits, 1, 10_000);
    section.bounded("turns", &mut limits.turns, 1, 10_000);
    section.bounded("depth", &mut limits.depth, 1, 32);
    section.time("lifetime", &mut limits.lifetime, 60, 30 * 24 * HOUR);
    section.time("idle", &mut limits.idle, 10, 30 * 24 * HOUR);
    // Less than the lease of half a minute: another node would take over while the step still works.
    section.time("step", &mut limits.step, 1, 25);
    section.time("kept", &mut limits.run_kept, 60, 30 * 24 * HOUR);
    section.bounded("input_bytes", &mut limits.input_bytes, 1 << 10, 16 * MIB);
    section.bounded("state_bytes", &mut limits.state_bytes, 64 << 10, 64 * MIB);
}
