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
