//! Our YAML reader and `serde_yaml` read the same text; where both accept it, they must agree on the value.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#![expect(clippy::disallowed_methods, reason = "the files of the tree are the corpus")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use wayfarer_lang::yaml::{self, Budget};

/// What we read, if we find nothing wrong.
fn ours(text: &str) -> Option<Json> {
    let (document, findings) = yaml::read(text.as_bytes(), &Budget::default());
    let value = document.filter(|_| findings.is_empty())?.root().to_value();
    Some(value.to_json().unwrap())
}

/// `serde_yaml` takes a byte order mark for a document of its own.
fn theirs(text: &str) -> Result<Json, serde_yaml::Error> {
    serde_yaml::from_str(text.trim_start_matches('\u{feff}'))
}

/// Where both accept the text, the values are equal; says whether both do.
fn agree(text: &str) -> bool {
    let (Some(ours), Ok(theirs)) = (ours(text), theirs(text)) else { return false };
    assert_eq!(ours, theirs, "{text:?}");
    true
}

fn yaml_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && name != "node_modules" && !name.starts_with('.') {
            yaml_files(&path, into);
        } else if name.ends_with(".yaml") || name.ends_with(".yml") {
            into.push(path);
        }
    }
}

#[test]
fn every_yaml_file_of_the_tree_has_one_meaning() {
    let mut files = Vec::new();
    yaml_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."), &mut files);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        agree(&text);
    }
}

#[test]
fn a_corpus_of_corners_has_one_meaning() {
    for text in [
        "a: b c # d\n",
        "a:\n  - 1\n  - 2.50\nb: {c: [d, 'e''f', \"g\\th\\u00e9\"], }\n",
        "a:\n- b\n-\n- - c\n  - d\n",
        "a: |\n  b\n   c\n\n  d\n\nb: >\n  e\n  f\n\n  g\n   h\nc: >-\n  i\n\n\nd: |+\n  j\n\n",
        "a: |2\n   b\n  c\n",
        "a: b\n  c\n\n  d\n",
        "a: \"b\n  c\\\n  d\n\n  e\"\n",
        "a: 'b\n\n  c'\n",
        "? a\n: b\n? c\n",
        "'a b': c\n\"d\\n\": e\nf g: h\n",
        "\u{feff}a: 1\r\nb: 'x\r\n  y'\r\n",
        "---\na: 1\n...\n",
        "--- # comment\na: 1\n",
        "a: null\nb: ~\nc:\nd: Null\ne: nUll\n",
        "a: [true, True, TRUE, tRue, yes, no, on, off, y]\n",
        "a: [0, -0, 7, +7, 014, -014, 0o14, 0x1F, 1_000, 1e3, .5, 5., -1.5E-2, 01.5, 0.0, 1.0, 00]\n",
        "a: [9223372036854775807, -9223372036854775808]\n",
        "a: 2026-11-23\nb: 12:30:45\nc: 1.2.3\nd: +1 555 0100\n",
        "a: {}\nb: []\nc: ''\nd: \"\"\n",
        "a: b:c\nd: e#f\ng: h -i\nj: http://k/l?m=n&o=p\n",
        "a: {b: http://c, d: e}\n",
        "a: '@policy.request().params.x'\nb: \"${x} and ${y}\"\n",
        "a: -b\nc: ?d\ne: :f\n",
        "a: \"\\x41\\u0041\\U00000041\\0\\a\\b\\e\\f\\v\\N\\_\\L\\P\\/\\ \"\n",
        "a: 😀 é \u{a0}b\n",
        "key with spaces: v\n\"\": empty\n",
        "a: b   \nc:    d\t\ne: f\n",
        "a:\n    b:\n        - c:\n              d\n",
    ] {
        assert!(agree(text), "{text:?} is read by both");
    }
    for text in ["- a\n", "a\n", "", "a: x: y\n"] {
        assert_eq!(ours(text), None, "{text:?}");
    }
}

/// Where we follow YAML 1.2 and `serde_yaml` does not: hexadecimal and octal digits have no sign, binary ones do not
/// exist, and JSON's pairs of escapes are one character.
#[test]
fn the_known_differences() {
    for (text, value) in [("-0x1F", json!(-31)), ("+0x1F", json!(31)), ("-0o7", json!(-7)), ("0b11", json!(3))] {
        assert_eq!(ours(&format!("a: {text}")), Some(json!({ "a": text })));
        assert_eq!(theirs(&format!("a: {text}")).unwrap(), json!({ "a": value }));
    }
    assert_eq!(ours("a: \"\\uD83D\\uDE00\""), Some(json!({ "a": "😀" })));
    assert!(theirs("a: \"\\uD83D\\uDE00\"").is_err());
}

#[test]
fn what_may_stand_only_as_an_escape_is_written_as_one() {
    let long = "k".repeat(2000);
    for text in ["\u{202e}", "\u{2066}", "\u{2028}", "\u{2029}", "\u{0}\u{1b}\u{85}\u{feff}\u{ffff}", "<<", &long] {
        let value = json!({ text: [text, { text: -1.5e-7 }, {}, []], "é": "\u{2029}\n\"" });
        let written = yaml::write(&value).unwrap();
        assert_eq!(ours(&written), Some(value), "{written}");
    }
    assert_eq!(ours(&yaml::write(&json!({ "a": u64::MAX })).unwrap()), None);
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        "[ -~]{0,12}",
        "[a-z]{1,8}",
        "[-+.0-9eExob_:]{1,8}",
        "[a-zé€😀\\n\\t '\"#:{}\\[\\],&*!|>%@`?-]{0,16}",
        Just("null".to_owned()),
        Just("- x".to_owned()),
        Just("a: b".to_owned()),
        Just("<<".to_owned()),
    ]
    .boxed()
}

/// Some of it may stand in a file only as an escape.
fn any_text() -> BoxedStrategy<String> {
    prop_oneof![8 => text(), 1 => "[a\u{85}\u{2028}\u{202e}\u{feff}\u{7f}\n]{0,4}"].boxed()
}

fn json_value(text: BoxedStrategy<String>) -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-1e300..1e300).prop_map(Json::from),
        any::<f32>().prop_filter("finite", |float| float.is_finite()).prop_map(Json::from),
        text.clone().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::vec((text.clone(), inner), 0..5)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

/// Fragments that meet in odd ways.
fn yaml_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "(a|b|c|d): ",
        "(\\n|\\n  |\\n    |\\r\\n|\\n\\n)",
        "(\\n|\\n  |\\n    )(a|b|c): ",
        "(- |\\[|\\]|\\{|\\}|, |'|\"|\\||>|>-|\\|\\+|# |\\? |: |---\\n|\\.\\.\\.\\n|\t)",
        "(x|x y|1|014|-1.5|true|~|null|no|é|\\\\n|'')",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn what_is_written_is_read_again_and_means_the_same_to_both(
        entries in prop::collection::vec((any_text(), json_value(any_text())), 0..5)
    ) {
        let value = Json::Object(entries.into_iter().collect::<Map<_, _>>());
        let written = yaml::write(&value).unwrap();
        prop_assert_eq!(ours(&written), Some(value.clone()), "{}", written);
        prop_assert_eq!(theirs(&written).unwrap(), value, "{}", written);
    }

    #[test]
    fn json_is_yaml(entries in prop::collection::vec((text(), json_value(text())), 0..5)) {
        let value = Json::Object(entries.into_iter().collect::<Map<_, _>>());
        prop_assert_eq!(ours(&value.to_string()), Some(value.clone()));
        prop_assert_eq!(ours(&serde_json::to_string_pretty(&value).unwrap()), Some(value));
    }

    #[test]
    fn odd_texts_have_one_meaning_or_none(text in yaml_text()) {
        agree(&text);
    }
}
