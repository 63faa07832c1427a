#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use super::*;

fn read_text(text: &str) -> (Option<Document>, Findings) {
    read(text.as_bytes(), &Budget::default())
}

fn tree(text: &str) -> Node {
    let (document, findings) = read_text(text);
    assert!(findings.is_empty(), "{findings:?}");
    document.unwrap().root().clone()
}

/// Code and underlined text of each finding.
fn found(text: &str) -> Vec<(&'static str, &str)> {
    let (_, findings) = read_text(text);
    for finding in &findings {
        assert!(text.get(finding.span.range()).is_some(), "{finding:?} is a range of whole characters");
        assert_eq!(finding.severity, finding.code.severity(), "{finding:?}");
        assert!(!finding.message.ends_with('.') && finding.message.starts_with(char::is_lowercase), "{finding:?}");
        let note = finding.code == Code::TOO_MANY_FINDINGS;
        assert!(finding.help.is_some() || note, "{finding:?} has a cure");
    }
    findings.iter().map(|finding| (finding.code.id(), &text[finding.span.range()])).collect()
}

/// All nodes with the text that they cover.
fn covered<'a>(node: &Node, text: &'a str) -> Vec<&'a str> {
    let mut all = vec![&text[node.span.range()]];
    match &node.kind {
        NodeKind::Sequence(items) => all.extend(items.iter().flat_map(|item| covered(item, text))),
        NodeKind::Mapping(entries) => {
            all.extend(entries.iter().flat_map(|(key, value)| [covered(key, text), covered(value, text)].concat()));
        }
        _ => {}
    }
    all
}

#[test]
fn every_refusal_has_its_code_and_its_exact_place() {
    for (text, expected) in [
        // R90: what makes YAML a risk.
        ("a: &x 1", vec![("J0006", "&x")]),
        ("a: &x !t 1", vec![("J0006", "&x"), ("J0008", "!t")]),
        ("a: 1\nb: *a\n", vec![("J0007", "*a")]),
        ("a: !env HOME", vec![("J0008", "!env")]),
        ("a: !!str 5", vec![("J0008", "!!str")]),
        ("a: !x!y 5", vec![("J0008", "!x!y")]),
        ("a: ! 5", vec![("J0008", "!")]),
        ("a: !<tag:x> 5", vec![("J0008", "!<tag:x>")]),
        ("a: !<tag", vec![("J0008", "!")]),
        ("<<: { a: 1 }", vec![("J0009", "<<")]),
        ("'<<': { a: 1 }", vec![]),
        ("a: 1\nb: 2\na: 3\n", vec![("J0010", "a")]),
        ("a: { b: 1, 'b': 2 }", vec![("J0010", "'b'")]),
        ("a: 1\n---\nb: 2\n", vec![("J0011", "---")]),
        ("a: 1\n...\nb: 2\n", vec![("J0011", "b")]),
        ("%YAML 1.1\n---\na: 1\n", vec![("J0019", "%YAML 1.1")]),
        ("%TAG ! tag:x,2000:\r\n---\r\na: 1\r\n", vec![("J0019", "%TAG ! tag:x,2000:")]),
        ("%YAML 2.0\n---\na: 1\n", vec![("J0019", "%")]),
        // R91: control and bidirectional characters, keys and numbers that are none.
        ("a: b\u{0}c", vec![("J0012", "\u{0}")]),
        ("a: \u{1b}[31m", vec![("J0012", "\u{1b}")]),
        ("a: \u{85}", vec![("J0012", "\u{85}")]),
        ("a: b\u{2028}c", vec![("J0012", "\u{2028}")]),
        ("a: b\u{feff}", vec![("J0012", "\u{feff}")]),
        ("a: b # \u{202e}\nb: \u{2066}", vec![("J0013", "\u{202e}"), ("J0013", "\u{2066}")]),
        ("1: a", vec![("J0016", "1")]),
        ("true: a", vec![("J0016", "true")]),
        ("~: a", vec![("J0016", "~")]),
        (": a", vec![("J0016", "")]),
        ("a: {{ name }}", vec![("J0016", "{ name }")]),
        ("? [a]\n: b\n", vec![("J0016", "[a]")]),
        ("a: 9223372036854775808", vec![("J0017", "9223372036854775808")]),
        ("a: -.inf\nb: 1e999", vec![("J0018", "-.inf"), ("J0018", "1e999")]),
        ("a: @std.len(x)\nb: ['y', `z`]", vec![("J0021", "@std.len(x)"), ("J0021", "`z`")]),
        // The file as a whole.
        ("", vec![("J0003", "")]),
        ("# nothing\n---\n", vec![("J0003", "")]),
        ("- a\n- b\n", vec![("J0004", "a\n- b")]),
        ("~", vec![("J0004", "~")]),
        ("hello", vec![("J0004", "hello")]),
        ("\"\"", vec![("J0004", "\"\"")]),
    ] {
        assert_eq!(found(text), expected, "{text:?}");
    }
}

#[test]
fn broken_syntax_is_one_finding_in_our_words() {
    for (text, under) in [
        ("a: \"b\n", "\""),
        ("a: 'b' c", "c"),
        ("a: [1, 2", "["),
        ("a: {b: 1]", "{"),
        ("a: ]", "]"),
        ("a: b: c", ":"),
        ("a: b\n  c: d", ":"),
        ("a:\n\tb: c", "\t"),
        ("a: \"\\d\"", "\\d"),
        ("a: \"\\n\\x4\"", "\\x4"),
        ("a: \"\\Uffffffff\"", "\\Uffffffff"),
        ("a: \"\\ud800\"", "\""),
        ("- a\nb: c", "b"),
        ("a: 1\nb\nc: 2\n", "b"),
        ("a: & b", "&"),
        ("a: * b", "*"),
        ("a: [{ b: 1 c: 2 }]", ":"),
        ("a: |\n  b\n c\n", "c"),
    ] {
        let all = found(text);
        assert_eq!(all.len(), 1, "{text:?}: {all:?}");
        assert_eq!(all[0].0, "J0005", "{text:?}");
        assert_eq!(all[0].1, under, "{text:?}: {:?}", read_text(text).1.into_vec()[0].message);
        assert!(read_text(text).0.is_none(), "{text:?}");
    }
}

#[test]
fn all_mistakes_come_at_once_in_the_order_of_the_file() {
    let text = "a: &x 1\na: *x\nb: !t { c: 014, c: @x, c: .nan }\n2: { d: 1, d: 2 }\n<<: *x\na: 3\n";
    assert_eq!(
        found(text),
        [
            ("J0006", "&x"),
            ("J0010", "a"),
            ("J0007", "*x"),
            ("J0008", "!t"),
            ("J0010", "c"),
            ("J0021", "@x"),
            ("J0010", "c"),
            ("J0018", ".nan"),
            ("J0016", "2"),
            ("J0010", "d"),
            ("J0009", "<<"),
            ("J0007", "*x"),
            ("J0010", "a"),
        ]
    );
    let (document, findings) = read_text(text);
    let document = document.unwrap();
    assert_eq!(covered(document.root(), text).len(), 11, "refused entries are left out, all others stay");
    assert_eq!(document.root().get("a").unwrap().kind, NodeKind::Int(1), "the first of equal keys stays");
    assert_eq!(document.root().get("2").unwrap().get("d").unwrap().kind, NodeKind::Int(1));
    let duplicate = findings.iter().find(|finding| finding.code == Code::DUPLICATE_KEY).unwrap();
    assert_eq!(duplicate.labels[0].span, Span::new(0, 1), "the first key is shown too");
}

#[test]
fn what_was_refused_says_so_and_nothing_more() {
    let (document, _) = read_text("a: [!t x, *y, 1e999]\nb: @x");
    let root = document.unwrap();
    assert!(root.root().get("a").unwrap().as_sequence().unwrap().iter().all(Node::is_refused));
    assert!(root.root().get("b").unwrap().is_refused());
}

#[test]
fn repaired_places_are_found_once_each_and_the_rest_of_a_broken_file_is_still_shown() {
    assert_eq!(
        found("a: @x\nb: %y\n@c: `z`\nd: [\n"),
        [("J0021", "@x"), ("J0021", "%y"), ("J0021", "@c"), ("J0021", "`z`"), ("J0005", "[")]
    );
    let (_, findings) = read_text("a: @std.keys(x)\nb: @f(\"x\")");
    let helps: Vec<_> = findings.iter().map(|finding| finding.help.as_deref().unwrap()).collect();
    assert_eq!(helps, ["write `\"@std.keys(x)\"`", "write `'@f(\"x\")'`"]);
}

#[test]
fn spans_cover_values_without_comments_and_blank_space() {
    let text = "a: b c  # x\nk:\nl:\n- 1\n-  - 'x'\nm: { n: [1, 2 ] } # y\no: |\n  p\n  q\n\nr: s\n  t\n";
    assert_eq!(
        covered(&tree(text), text),
        [
            text.trim_end(),
            "a",
            "b c",
            "k",
            "",
            "l",
            "1\n-  - 'x'",
            "1",
            "'x'",
            "'x'",
            "m",
            "{ n: [1, 2 ] }",
            "n",
            "[1, 2 ]",
            "1",
            "2",
            "o",
            "p\n  q",
            "r",
            "s\n  t"
        ]
    );
}

/// The place of the first `wanted` inside the value of `a`.
fn inner<'a>(text: &'a str, wanted: &str) -> &'a str {
    let root = tree(text);
    let node = root.get("a").unwrap();
    let start = node.as_text().unwrap().find(wanted).unwrap();
    &text[node.inner_span(start..start + wanted.len()).range()]
}

#[test]
fn places_inside_a_text_are_exact_where_the_file_holds_it_as_it_is() {
    for text in [
        "a: é → x + y # z",
        "a: 'é → x + y'",
        "a: \"é → x + y\"\r\nb: c\r\n",
        "b: 1\r\na: é → x + y\r\n",
        "{ a: x + y }",
        "a: \"\\t \\u00e9\\x41\\U0001F511\\ud83d\\udd11\\L\\N\\_ \\\" x + y \\\\\"",
        "a: 'it''s ''x'' x + y'''",
    ] {
        assert_eq!(inner(text, "x + y"), "x + y", "{text:?}");
        assert_eq!(inner(text, "y"), "y", "{text:?}");
    }
    for (text, whole) in [
        ("a: x\n  + y", "x\n  + y"),
        ("a: \"x\n  + y\"", "\"x\n  + y\""),
        ("a: >-\n  x\n  + y\n", "x\n  + y"),
        ("a: |-\n  x + y\n", "x + y"),
        ("a: x\r\n  + y\r\n", "x\r\n  + y"),
    ] {
        assert_eq!(inner(text, "+ y"), whole, "{text:?}");
    }
}

#[test]
fn an_inner_place_never_leaves_its_value() {
    let text = "a: 'xy' # z";
    let root = tree(text);
    let node = root.get("a").unwrap();
    assert_eq!(&text[node.inner_span(1..2).range()], "y");
    assert_eq!(node.inner_span(1..99).end, 6);
    assert_eq!(node.inner_span(usize::MAX..usize::MAX), Span::at(6));
    assert_eq!(tree("a: 1").get("a").unwrap().inner_span(0..9), Span::new(3, 4));
    let text = "a: \"\\u00e9\\n\"";
    let root = tree(text);
    let node = root.get("a").unwrap();
    assert_eq!(&text[node.inner_span(0..2).range()], "\\u00e9");
    assert_eq!(&text[node.inner_span(2..3).range()], "\\n");
    assert_eq!(node.inner_span(2..usize::MAX), Span::new(10, 12));
}

#[test]
fn a_byte_order_mark_and_line_breaks_of_other_systems_are_read() {
    assert_eq!(tree("\u{feff}a: 1").get("a").unwrap().span, Span::new(6, 7));
    assert_eq!(tree("a: 1\r\nb: 2\r\n").get("b").unwrap().span, Span::new(9, 10));
    assert_eq!(tree("---\na: 1\n...\n").get("a").unwrap().kind, NodeKind::Int(1));
}

#[test]
fn text_that_cannot_be_decoded_is_refused_at_the_byte() {
    for (bytes, start, message) in [
        (&b"a: \xff"[..], 3, "the bytes here are not UTF-8"),
        (b"\xff\xfea\0", 0, "the file is UTF-16"),
        (b"\xfe\xff\0a", 0, "the file is UTF-16"),
        (b"a: \xed\xa0\x80", 3, "the bytes here are not UTF-8"),
        (b"a: \xc0\xaf", 3, "the bytes here are not UTF-8"),
    ] {
        let (document, findings) = read(bytes, &Budget::default());
        assert!(document.is_none());
        let [finding] = &findings.into_vec()[..] else { panic!("one finding") };
        assert_eq!((finding.code, finding.span.start, finding.message.as_str()), (Code::NOT_UTF8, start, message));
    }
}

#[test]
fn budgets_are_exact() {
    let nested = |depth: usize| format!("a: {}1{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    assert!(found(&nested(32)).is_empty());
    assert_eq!(found(&nested(33)), [("J0014", "[")]);
    let mixed =
        |depth: usize| format!("a:\n  {}{}1{}", "- ".repeat(15), "{ a: ".repeat(depth - 16), "}".repeat(depth - 16));
    assert!(found(&mixed(32)).is_empty());
    assert_eq!(found(&mixed(33)), [("J0014", "{")]);

    let budget = Budget { nodes: 7, bytes: 64, ..Budget::default() };
    let codes = |text: &str| read(text.as_bytes(), &budget).1.iter().map(|f| f.code.id()).collect::<Vec<_>>();
    assert!(codes("a: 1\nb: [x, y]").is_empty(), "1 mapping, 2 keys, 1 number, 1 list, 2 texts");
    assert_eq!(codes("a: 1\nb: [x, y, z]"), ["J0015"]);
    assert!(codes(&format!("a: {}", "x".repeat(61))).is_empty());
    assert_eq!(codes(&format!("a: {}", "x".repeat(62))), ["J0002"]);
}

#[test]
fn findings_have_a_budget_too() {
    for text in [
        "a: 1\n".repeat(2000),
        "a: *x\n".repeat(2000),
        format!("a: [{}]", "!t x, ".repeat(2000)),
        format!("a: [{}]", "@x, ".repeat(2000)),
        // What waits for its finding, because the brackets may still be a key, counts too.
        format!("a: 1\n{}[{}\"", "a: 1\n".repeat(98), "@, ".repeat(300)),
        format!("[{}\"", "@, ".repeat(300)),
        "\u{202e}".repeat(2000),
        "\u{0}".repeat(2000),
    ] {
        let (document, findings) = read_text(&text);
        assert!(document.is_none());
        assert_eq!(findings.len(), 101, "{text:.20}");
        assert!(findings.iter().any(|finding| finding.code == Code::TOO_MANY_FINDINGS), "{text:.20}");
    }
}

#[test]
fn every_comment_has_its_place() {
    let text =
        "# a\n? k # b\n: v # c\nq: | # d\n  x # no\nr: { # e\n  a: 1 # f\n} # g\nt: 'x # no'\ns:\n- # h\n  b#no\n# i";
    let found: Vec<_> = comments(text, &Budget::default()).iter().map(|span| &text[span.range()]).collect();
    assert_eq!(found, ["# a", "# b", "# c", "# d", "# e", "# f", "# g", "# h", "# i"]);
    let many = format!("a:\n{}  b: 1\n", "  # again\n".repeat(2_000));
    assert_eq!(comments(&many, &Budget::default()).len(), 2_000, "also more than the parser keeps by itself");
}
