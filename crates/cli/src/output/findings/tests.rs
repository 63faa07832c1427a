use wayfarer_lang::Code;

use super::*;

fn plain(text: &str, span: Range<usize>, labels: &[(Range<usize>, &str)]) -> String {
    let source = Source::new("a.yaml", text);
    let mut finding = Diagnostic::error(Code::SYNTAX, Span::from_range(span), "it is wrong").help("make it right");
    for (span, text) in labels {
        finding = finding.label(Span::from_range(span.clone()), *text);
    }
    anstream::adapter::strip_str(&draw(&source, &finding)).to_string()
}

#[test]
fn the_place_and_its_labels_are_drawn() {
    let text = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\na: 6\n";
    assert_eq!(
        plain(text, 25..26, &[(0..1, "the first")]),
        "\
error[J0005]: it is wrong
 --> a.yaml:6:1
  |
1 | a: 1
  | - the first
...
6 | a: 6
  | ^
  |
  = help: make it right"
    );
}

/// The findings of a journey that reads an unknown variable `nmae` in the text that is given.
fn drawn(text: &str) -> String {
    let text = format!("journey: a\nsteps:\n  done:\n    type: complete_journey\n    with:\n      data: {text}\n");
    let checked = wayfarer_lang::check("a.yaml", text.as_bytes(), &wayfarer_lang::Catalog::forms());
    assert!(!checked.findings.is_empty(), "{text}");
    let drawings = checked.findings.iter().map(|finding| draw(&checked.source, finding));
    anstream::adapter::strip_str(&drawings.collect::<Vec<_>>().join("\n\n")).to_string()
}

#[test]
fn the_very_characters_are_underlined_whatever_they_stand_in() {
    let cases = [
        ("plain", "now ${nmae} is ${1 +}"),
        ("in single quotes", "'it''s ${nmae}, isn''t it, ${nmae}'"),
        ("in double quotes", r#""\"\u00e9\t\U0001F511\ud83d\udd11\" ${nmae}\n${nmae}""#),
        ("an expression", r#""@std.lenght(\"x\") + nmae""#),
        ("in brackets", r#"{ a: ["@nmae", '@nmae'] }"#),
        ("plain, folded", "now\n        ${nmae} is"),
        ("quoted, folded", "\"now\n        ${nmae} is\""),
        ("a folded block", ">-\n        now\n        ${nmae} is"),
        ("a literal block", "|\n        now ${nmae}\n        is\n\n        late\n        now"),
        ("a literal block of one line", "|-\n        now ${nmae}"),
        ("wide characters", "\"字字 é e\u{301} 👩‍👩‍👧 ${nmae} 字\""),
        ("tabs", "\"\ta\tb ${nmae}\tc\""),
        ("a long line", &format!("\"{} ${{nmae}} {}\"", "long ".repeat(60), "line ".repeat(60))),
    ];
    let all: Vec<_> = cases.iter().map(|(name, text)| format!("## {name}\n\n{}\n", drawn(text))).collect();
    insta::assert_snapshot!("underlined", all.join("\n"));
}

#[test]
fn an_overlong_line_is_cut_around_the_place() {
    let text = format!("a: 1\n{}!{}", "é".repeat(60_000), "y".repeat(60_000));
    let drawn = plain(&text, 120_005..120_006, &[(0..1, "far away")]);
    assert!(drawn.len() < 2_000, "{} bytes", drawn.len());
    assert!(drawn.contains('!') && drawn.contains("\n2 |"), "{drawn}");
}

#[test]
fn a_file_cannot_steer_the_terminal() {
    let drawn = plain("a: \u{1b}[31m\u{202e}x\n", 3..4, &[]);
    assert!(!drawn.contains(['\u{1b}', '\u{202e}']), "{drawn:?}");
}

#[test]
fn a_place_beyond_the_text_is_drawn_at_its_end() {
    let drawn = plain("a: 1", 90..95, &[(80..81, "there")]);
    assert!(drawn.contains("it is wrong"), "{drawn}");
}

#[test]
fn tallies_are_said_in_words() {
    let words = |errors, warnings, notes| Tally { errors, warnings, notes }.words();
    assert_eq!(words(0, 0, 0), "no findings");
    assert_eq!(words(1, 0, 0), "1 error");
    assert_eq!(words(2, 1, 0), "2 errors and 1 warning");
    assert_eq!(words(2, 1, 3), "2 errors, 1 warning and 3 notes");
}
