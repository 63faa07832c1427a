//! Hostile files are refused at once, in bounded memory, with findings (R90).

use std::process::Command;
use std::time::{Duration, Instant};

use crate::rig::{Rig, Said};

/// Address space for the whole program, in KiB.
const MEMORY: u32 = 256 << 10;

#[track_caller]
fn refused(name: &str, content: &[u8]) {
    let rig = Rig::new();
    let file = rig.file("hostile.yaml", content);
    for format in ["human", "json"] {
        let started = Instant::now();
        let script = format!("ulimit -v {MEMORY} && exec \"$0\" check \"$1\" --format {format}");
        let said: Said = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_wayfarer"), &file])
            .current_dir(rig.folder.path())
            .output()
            .unwrap()
            .into();
        let (taken, out) = (started.elapsed(), said.out.len());
        let said = said.ended(1);
        assert!(said.out.contains("J00"), "{name}: no finding of the reader");
        assert!(out < 256 << 10, "{name}: {out} bytes of findings");
        assert!(taken < Duration::from_secs(10), "{name}: {taken:?}");
    }
}

#[test]
fn r90_a_hundred_thousand_brackets() {
    refused("sequences", "[".repeat(100_000).as_bytes());
    refused("mappings", "{a: ".repeat(100_000).as_bytes());
    refused("block sequences", "- ".repeat(100_000).as_bytes());
    refused("unmatched", "]".repeat(100_000).as_bytes());
}

#[test]
fn r90_a_billion_laughs() {
    let mut text = String::from("a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (name, before) in ('b'..='z').zip('a'..) {
        let nine = vec![format!("*{before}"); 9].join(", ");
        text.push_str(&format!("{name}: &{name} [{nine}]\n"));
    }
    refused("laughs", text.as_bytes());
}

#[test]
fn r90_ten_megabytes() {
    refused("a long text", &[b"journey: a\n# ".as_slice(), &vec![b'x'; 10 << 20]].concat());
    refused("many lines", &b"- a\n".repeat((10 << 20) / 4));
    refused("no text", &vec![0; 10 << 20]);
}

#[test]
fn r90_random_bytes() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u8::try_from(state >> 56).unwrap()
    };
    for length in [1, 100, 10_000, 1 << 20] {
        // The first byte alone is no UTF-8.
        let bytes: Vec<u8> = std::iter::once(0xff).chain(std::iter::repeat_with(&mut random)).take(length).collect();
        refused("bytes", &bytes);
        let printable: Vec<u8> = std::iter::repeat_with(|| b' ' + random() % 95).take(length.max(64)).collect();
        refused("printable", &[b"\"".as_slice(), &printable].concat());
    }
}

#[test]
fn r90_just_below_the_limits() {
    refused("as many keys as there is room for", "a: 1\n".repeat(200_000).as_bytes());
    refused("as many anchors", "- &a\n".repeat(200_000).as_bytes());
    refused("one key as long as the file", format!("{}: [", "k".repeat(1_000_000)).as_bytes());
    refused("quotes", "\"".repeat(1_000_000).as_bytes());
    refused("indentation", (0..1400).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<String>().as_bytes());
}
