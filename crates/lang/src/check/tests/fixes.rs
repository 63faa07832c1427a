//! Which findings carry a fix, how sure it is, and what a text becomes by it.

use super::*;
use crate::diagnostic::{Certainty, apply};

const REST: &str = "  done: { type: complete_journey }\n";

/// The fixes of that certainty: their codes, and the text with all of them.
#[track_caller]
fn fixed(text: &str, certainty: Certainty) -> (Vec<&'static str>, String) {
    let checked = check("test.yaml", text.as_bytes(), &catalog());
    let of = |finding: &&crate::Diagnostic| finding.fix.as_ref().is_some_and(|fix| fix.certainty == certainty);
    let found: Vec<_> = checked.findings.iter().filter(of).collect();
    let (cured, count) = apply(text, found.iter().filter_map(|finding| finding.fix.as_deref()));
    assert_eq!(count, found.len());
    (found.iter().map(|finding| finding.code.id()).collect(), cured)
}

#[track_caller]
fn certain(from: &str, codes: &[&str], to: &str) {
    assert_eq!(fixed(from, Certainty::Certain), (codes.to_vec(), to.to_owned()));
}

#[track_caller]
fn likely(from: &str, codes: &[&str], to: &str) {
    assert_eq!(fixed(from, Certainty::Likely), (codes.to_vec(), to.to_owned()));
}

#[test]
fn a_text_without_its_quotes_gets_them() {
    certain(
        &format!(
            "journey: a\ntitle: 2026\nsteps:\n  say:\n    type: display_information\n    with: {{ title: 7, text: @time(), button_text: true }}\n    next: done\n{REST}"
        ),
        &["J0103", "J0503", "J0021", "J0503"],
        &format!(
            "journey: a\ntitle: \"2026\"\nsteps:\n  say:\n    type: display_information\n    with: {{ title: \"7\", text: \"@time()\", button_text: \"true\" }}\n    next: done\n{REST}"
        ),
    );
    certain(
        &format!("journey: a\nsteps:\n{REST}  12: {{ type: complete_journey }}\n"),
        &["J0016"],
        &format!("journey: a\nsteps:\n{REST}  \"12\": {{ type: complete_journey }}\n"),
    );
}

#[test]
fn quotes_are_not_put_where_the_text_may_end_elsewhere() {
    for text in ["[@a(1, 2)]", "@a # b", "`x`", "%x"] {
        let text = format!("journey: a\nsteps:\n  done:\n    type: complete_journey\n    with:\n      data: {text}\n");
        assert_eq!(fixed(&text, Certainty::Certain), (Vec::new(), text));
    }
}

#[test]
fn a_setting_without_an_effect_goes() {
    certain(
        "journey: a\nsteps:\n  done:\n    type: complete_journey\n    timeout: 3s\n    retry:\n      times: 2\n    error_output: e\n",
        &["J0506", "J0506", "J0506"],
        "journey: a\nsteps:\n  done:\n    type: complete_journey\n",
    );
    certain(
        "journey: a\nsteps:\n  done: { type: complete_journey, output: o }\n",
        &["J0506"],
        "journey: a\nsteps:\n  done: { type: complete_journey }\n",
    );
    likely(
        "journey: a\nsteps:\n  done:\n    type: complete_journey\n    timeout: 3s # at most\n",
        &["J0506"],
        "journey: a\nsteps:\n  done:\n    type: complete_journey\n",
    );
}

#[test]
fn what_cannot_be_seen_is_offered_to_go() {
    likely("journey: a\u{202e}b\n", &["J0013"], "journey: ab\n");
    likely("journey: a\u{7}b\n", &["J0012"], "journey: ab\n");
}

#[test]
fn a_name_that_was_probably_meant_is_offered() {
    let from = "\
journey: a
kind: clinet
params:
  name: strng
  risk: { tpye: integer, type: integer }
steps:
  which:
    type: conditon
    with:
      if: \"\\u0040policy.request().params.nmae == riks || @std.lenn(1) > 0 || @policy.request().params?.rsik == 1\"
    output: risky
    timeout: 30
    branches: { then: dnoe, esle: done }
  done:
    tpye: complete_journey
";
    let to = "\
journey: a
kind: client
params:
  name: string
  risk: { type: integer, type: integer }
steps:
  which:
    type: condition
    with:
      if: \"\\u0040policy.request().params.name == risky || @std.len(1) > 0 || @policy.request().params?.risk == 1\"
    output: risky
    timeout: 30s
    branches: { then: done, else: done }
  done:
    type: complete_journey
";
    let (codes, cured) = fixed(from, Certainty::Likely);
    assert_eq!(cured, to, "{codes:?}");
    assert_eq!(fixed(from, Certainty::Certain).0, ["J0506"]);
}

#[test]
fn a_good_journey_has_no_certain_fix_that_says_something_else() {
    for (name, text) in journeys() {
        assert_eq!(fixed(&text, Certainty::Certain), (Vec::new(), text.clone()), "{name}");
    }
}
