//! Text that is meant to hurt: each is refused at once, on a small stack, with findings and not with a panic (R90).

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#![expect(clippy::disallowed_methods, reason = "how long a refusal really takes is what is measured")]

use std::time::{Duration, Instant};

use proptest::prelude::*;
use wayfarer_lang::yaml::{self, Budget, Document};
use wayfarer_lang::{Findings, Source};

/// Reads on a stack of 512 KiB, and draws each finding's place as a program that shows them would.
fn read(bytes: &[u8]) -> (Option<Document>, Findings) {
    std::thread::scope(|scope| {
        let reader = || {
            let (document, findings) = yaml::read(bytes, &Budget::default());
            let source = Source::from_bytes("hostile.yaml", bytes);
            for finding in &findings {
                assert!(finding.span.end as usize <= source.text().len().max(bytes.len()), "{finding:?}");
                assert!(finding.message.len() < 500 && finding.help.as_ref().is_none_or(|help| help.len() < 500));
                finding.to_json(&source);
            }
            (document, findings)
        };
        std::thread::Builder::new().stack_size(512 * 1024).spawn_scoped(scope, reader).unwrap().join().unwrap()
    })
}

/// Refused, with these codes, and soon: a debug build on a busy machine is given ten times what it needs.
fn refused(text: impl AsRef<[u8]>, codes: &[&str]) {
    let started = Instant::now();
    let (document, findings) = read(text.as_ref());
    let took = started.elapsed();
    let shown = String::from_utf8_lossy(text.as_ref().get(..40).unwrap_or_else(|| text.as_ref())).into_owned();
    assert!(findings.has_errors(), "{shown:?} is refused");
    let found: Vec<_> = findings.iter().map(|finding| finding.code.id()).collect();
    assert_eq!(found, codes, "{shown:?}");
    if codes.iter().any(|code| ["J0002", "J0005", "J0014", "J0015"].contains(code)) {
        assert!(document.is_none(), "{shown:?} gives no tree");
    }
    assert!(took < Duration::from_secs(5), "{shown:?} took {took:?}");
}

#[test]
fn a_hundred_thousand_open_brackets() {
    for open in ["[", "{", "[{", "{a: ", "{? ", "[ ? ", "- ", "? ", "- - ", "? - ", "- ? ", "[!t ", "[&a "] {
        for start in ["", "a: ", "a:\n  "] {
            let text = format!("{start}{}", open.repeat(100_000));
            let (document, findings) = read(text.as_bytes());
            assert!(document.is_none() && findings.has_errors(), "{start}{open}");
            assert!(findings.len() <= 101, "{start}{open}: {}", findings.len());
        }
    }
    refused("[".repeat(100_000), &["J0014"]);
    refused("- ".repeat(100_000), &["J0014"]);
    let staircase: String = (0..700).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    refused(staircase, &["J0014"]);
}

#[test]
fn a_billion_laughs() {
    let mut text = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for (new, old) in "bcdefghij".chars().zip("abcdefghi".chars()) {
        text.push_str(&format!(
            "{new}: &{new} [*{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}]\n"
        ));
    }
    let (document, findings) = read(text.as_bytes());
    assert!(document.is_none() || findings.has_errors());
    assert!(findings.iter().all(|finding| ["J0006", "J0007", "J0020"].contains(&finding.code.id())));
    assert!((90..=101).contains(&findings.len()));
}

#[test]
fn files_that_are_too_large_are_not_looked_at() {
    refused(vec![b'a'; 10 * 1024 * 1024], &["J0002"]);
    refused(vec![0xff; 10 * 1024 * 1024], &["J0002"]);
    refused("[".repeat(1024 * 1024 + 1), &["J0002"]);
}

#[test]
fn a_full_mebibyte_of_anything_ends_soon() {
    let full = |unit: &str| unit.repeat(1024 * 1024 / unit.len());
    refused(full("a: 1\n"), &[&["J0010"; 100][..], &["J0020"]].concat());
    refused(format!("a: [{}", full("1,").get(..1_000_000).unwrap()), &["J0015"]);
    refused(format!("a: \"{}", "x".repeat(1_000_000)), &["J0005"]);
    refused("x".repeat(1_000_000) + ": 1", &["J0005"]);
    for text in [format!("a: {}", "x ".repeat(500_000)), full("# x\n") + "a: 1", full("\n") + "a: 1"] {
        let started = Instant::now();
        read(text.as_bytes());
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", text.get(..20));
    }
}

#[test]
fn bytes_that_are_no_text() {
    for bytes in [&b"\xff\xfe\x00\x00"[..], b"\x80", b"a: \xc3", b"a: \xed\xa0\x80\xed\xb0\x80", b"\xf4\x90\x80\x80"] {
        refused(bytes, &["J0001"]);
    }
    refused(b"\0", &["J0012"]);
    refused(b"a: 1\0", &["J0012"]);
    refused("\u{feff}\u{feff}", &["J0012"]);
    refused("\u{feff}", &["J0003"]);
    refused("\r", &["J0003"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn random_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        let (document, findings) = read(&bytes);
        prop_assert!(document.is_some() || findings.has_errors());
    }

    #[test]
    fn random_characters_do_no_harm(text in "(\\PC|[\\[\\]{},:?&*!|>'\"%@`#\\n\\r\\t -]){0,200}") {
        let (document, findings) = read(text.as_bytes());
        prop_assert!(document.is_some() || findings.has_errors(), "nothing is refused without a reason");
    }

    #[test]
    fn a_cut_or_bent_journey_does_no_harm(cut in 0..400_usize, at in 0..400_usize, byte in any::<u8>()) {
        let journey = "journey: a\nparams: { x: string, y: { type: string, secret: true } }\nsteps:\n  one:\n    type: condition\n    \
                       with:\n      if: \"@policy.request().params.x == 'é'\"\n    branches: { then: two, else: three }\n  two: { type: complete_journey }\n  \
                       three:\n    type: reject_access\n    with:\n      data: |\n        text\n        more\n";
        let mut bytes = journey.as_bytes().to_vec();
        bytes.truncate(cut.min(bytes.len()));
        if let Some(bent) = bytes.get_mut(at) {
            *bent = byte;
        }
        let (document, findings) = read(&bytes);
        prop_assert!(document.is_some() || findings.has_errors());
    }
}
