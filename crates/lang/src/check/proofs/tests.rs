#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may stop at the first surprise")]

use crate::check::check_all_with;
use crate::rules::{Glob, Place, Rule, Rules};
use crate::{Catalog, Checked, Diagnostic};

/// The catalogue of the built-in steps, and a step that names a user.
fn catalog() -> Catalog {
    let mut catalog = Catalog::forms();
    catalog.merge(Catalog::from_json(include_str!("../tests/catalog.json")).unwrap()).unwrap();
    let own = r#"{ "wayfarer_catalog": 1, "steps": [
        { "name": "choose_account", "version": 3, "origin": "step", "summary": "asks for an account", "identifies": true,
          "exits": [{ "name": "next" }, { "name": "failure", "unlinked": "aborts" }] }] }"#;
    catalog.merge(Catalog::from_json(own).unwrap()).unwrap();
    catalog
}

fn checked(texts: &[String], rules: &Rules) -> Vec<Checked> {
    check_all_with(texts.iter().map(|text| ("test.yaml", text)), &catalog(), rules)
}

fn told(file: &Checked, finding: &Diagnostic) -> String {
    let way = finding.way().map_or_else(String::new, |way| format!(": {way}"));
    format!("{} {}{way}", finding.code, file.source.slice(finding.span))
}

/// Every finding of journeys that are checked together: the code, what is underlined, the way.
fn found_in(texts: &[String]) -> Vec<String> {
    let files = checked(texts, &Rules::default());
    let of_types = |finding: &&Diagnostic| finding.code.id().starts_with("J07");
    let told = |file: &Checked| -> Vec<_> {
        file.findings.iter().filter(|finding| !of_types(finding)).map(|finding| told(file, finding)).collect()
    };
    files.iter().flat_map(told).collect()
}

const HEAD: &str = "params:\n  code: { type: string, secret: true }\n";

fn journey(steps: &str) -> String {
    format!("journey: main\n{HEAD}steps:\n{}", filled(steps))
}

fn part(keys: &str, steps: &str) -> String {
    format!(
        "journey: part\nkind: sub\n{keys}params:\n  code: {{ type: string, secret: true, required: false }}\nsteps:\n{}",
        filled(steps)
    )
}

/// Long types in short words.
fn filled(steps: &str) -> String {
    steps
        .replace("VERIFY", "type: temp_code_authentication, with: { external_user_id: a, temp_code: \"@policy.request().params.code\" }")
        .replace("SAY", "type: display_information, with: { title: a, text: b, button_text: c }")
        .replace("ASK", "type: is_user_authenticated")
        .replace("PART", "type: invoke_sub_journey, with: { journey: part }")
        .replace("DONE", "  done: { type: complete_journey }\n  no: { type: reject_access }\n")
}

#[track_caller]
fn found(steps: &str, expected: &[&str]) {
    assert_eq!(found_in(&[journey(steps)]), expected, "{steps}");
}

const ROUND: &str =
    "  ask: { type: condition, with: { if: \"@policy.device() == 1\" }, branches: { then: done, else: verify } }\n";

#[test]
fn no_way_leads_round_a_verification() {
    let verify = "  verify: { VERIFY, branches: { success: done, failure: no } }\nDONE";
    found(verify, &[]);
    found(&format!("{ROUND}{verify}"), &["J0801 done: ask ─then→ done"]);
    let skipped = "  skip: { ASK, branches: { then: done, else: verify } }\n";
    found(&format!("{skipped}{verify}"), &[]);
    let turned = "  skip: { ASK, branches: { then: verify, else: done } }\n";
    found(&format!("{turned}{verify}"), &["J0801 done: skip ─else→ done"]);
    // Without a verification there is nothing to go round.
    found("  ask: { ASK, branches: { then: done, else: done } }\n  done: { type: complete_journey }\n", &[]);
}

#[test]
fn a_condition_that_asks_for_a_proof_is_a_question_like_the_form() {
    let gate = |test: &str, then: &str, otherwise: &str| {
        format!(
            "  gate: {{ type: condition, with: {{ if: \"{test}\" }}, branches: {{ then: {then}, else: {otherwise} }} }}\n  verify: {{ VERIFY, branches: {{ success: done, failure: no }} }}\nDONE"
        )
    };
    found(&gate("@policy.isUserAuthenticated()", "done", "verify"), &[]);
    found(&gate("!@policy.isUserAuthenticated()", "verify", "done"), &[]);
    found(&gate("!@policy.isUserAuthenticated()", "done", "verify"), &["J0801 done: gate ─then→ done"]);
    found(&gate("@policy.isUserAuthenticated() || true", "verify", "done"), &[]);
    found(&gate("true", "verify", "done"), &[]);
    found(&gate("false", "verify", "done"), &["J0801 done: gate ─else→ done"]);
    let either = "@policy.isUserAuthenticated() || @policy.device() == 1";
    found(&gate(either, "done", "verify"), &["J0801 done: gate ─then→ done"]);
}

#[test]
fn no_failure_leads_to_the_end_without_a_later_success() {
    found(
        "  verify: { VERIFY, branches: { success: done, failure: done } }\n  done: { type: complete_journey }\n",
        &["J0802 done: verify ─failure→ done"],
    );
    found(
        "  verify: { VERIFY, branches: { success: done, failure: no, expired: tell } }\n  tell: { SAY, next: done }\nDONE",
        &["J0805 expired: verify ─expired→ tell", "J0802 done: verify ─expired→ tell ─next→ done"],
    );
    let twice = |failure: &str| {
        format!(
            "  one: {{ VERIFY, branches: {{ success: two, failure: no }} }}\n  two: {{ VERIFY, branches: {{ success: done, failure: {failure} }} }}\nDONE"
        )
    };
    found(&twice("no"), &[]);
    // What was proven before does not make up for it, and neither does to ask for that.
    found(&twice("done"), &["J0802 done: one ─success→ two ─failure→ done"]);
    found(
        &format!("{}  ask: {{ ASK, branches: {{ then: done, else: no }} }}\n", twice("ask")),
        &["J0802 done: one ─success→ two ─failure→ ask ─then→ done"],
    );
    found(
        "  one: { VERIFY, branches: { success: done, failure: two } }\n  two: { VERIFY, branches: { success: done, failure: no } }\nDONE",
        &[],
    );
}

#[test]
fn an_end_for_those_who_are_not_proven_says_so() {
    let marked = |mark: &str| {
        format!(
            "{ROUND}  verify: {{ VERIFY, branches: {{ success: done, failure: no }} }}\n  done: {{ type: complete_journey, unauthenticated: {mark} }}\n  no: {{ type: reject_access }}\n"
        )
    };
    found(&marked("true"), &[]);
    found(&marked("false"), &["J0801 done: ask ─then→ done"]);
    found(&marked("maybe"), &["J0801 done: ask ─then→ done", "J0103 maybe"]);
    let sure = marked("true").replace("then: done", "then: no");
    found(&sure, &["J0506 unauthenticated"]);
    found("  done: { type: complete_journey, unauthenticated: true }\n", &["J0506 unauthenticated"]);
    found(
        "  say: { SAY, unauthenticated: true, next: done }\n  done: { type: complete_journey }\n",
        &["J0101 unauthenticated"],
    );
}

#[test]
fn a_journey_may_require_authentication_without_verifying() {
    let text = |word: &str| {
        format!(
            "journey: main\nrequires: {word}\nsteps:\n{}",
            filled("  ask: { ASK, branches: { then: done, else: no } }\n  say: { SAY, next: done }\nDONE")
        )
    };
    let unsaid = |text: String| text.replace("else: no", "else: say").replace("  no: { type: reject_access }\n", "");
    let refused = text("authentication").replace("else: no", "else: say").replace("next: done", "next: no");
    assert_eq!(found_in(&[refused]), [""; 0]);
    assert_eq!(found_in(&[unsaid(text("authentication"))]), ["J0801 done: ask ─else→ say ─next→ done"]);
    assert_eq!(found_in(&[unsaid(text("autentication"))]), ["J0103 autentication"]);
}

const TRIES: &str = "  tries:
    type: while_loop
    with: { while: \"true\", max_iterations: 3 }
    steps:
      say: { SAY, next: verify }
      verify: { VERIFY, branches: { success: break, failure: continue } }
    branches: { next: NEXT, exhausted: EXHAUSTED }
DONE";

fn tries(next: &str, exhausted: &str) -> String {
    TRIES.replace("NEXT", next).replace("EXHAUSTED", exhausted)
}

#[test]
fn loops_are_played_as_they_run() {
    found(&tries("done", "no"), &[]);
    found(&tries("no", "done"), &["J0802 done: tries ─body→ say ─next→ verify ─failure→ tries ─exhausted→ done"]);
    // Whether the body is played at all is not known here.
    let perhaps = tries("done", "no").replace("\"true\"", "\"@policy.device() == 1\"");
    found(
        &perhaps,
        &["J0801 done: tries ─next→ done", "J0802 done: tries ─body→ say ─next→ verify ─failure→ tries ─next→ done"],
    );
    let until = tries("done", "no").replace("\"true\"", "\"!@policy.isUserAuthenticated()\"");
    found(&until, &[]);
}

#[test]
fn a_round_through_a_verification_is_counted() {
    found(
        "  say: { SAY, next: verify }\n  verify: { VERIFY, branches: { success: done, failure: say } }\n  done: { type: complete_journey }\n",
        &["J0803 verify: verify ─failure→ say ─next→ verify"],
    );
    found("  verify: { VERIFY, branches: { success: done, failure: no, expired: no } }\nDONE", &[]);
    // A loop that begins anew counts anew.
    let again = tries("done", "more")
        .replace("DONE", "  more: { SAY, next: tries }\nDONE")
        .replace("next: tries }", "branches: { next: tries } }");
    let again =
        again.replace("success: break", "success: done").replace("branches: { next: done", "branches: { next: no");
    found(&again, &["J0803 tries: tries ─exhausted→ more ─next→ tries"]);
}

#[test]
fn the_user_does_not_change_after_the_verification() {
    let after = |more: &str| {
        format!(
            "  verify: {{ VERIFY, branches: {{ success: choose, failure: no }} }}\n  choose: {{ type: choose_account, branches: {{ next: then }} }}\n{more}DONE"
        )
    };
    found(&after("  then: { SAY, next: done }\n"), &["J0804 done: verify ─success→ choose ─next→ then ─next→ done"]);
    found(&after("  then: { ASK, branches: { then: done, else: no } }\n"), &[]);
    found(&after("  then: { VERIFY, branches: { success: done, failure: no } }\n"), &[]);
    found(
        "  choose: { type: choose_account, branches: { next: verify } }\n  verify: { VERIFY, branches: { success: done, failure: no } }\nDONE",
        &[],
    );
}

#[test]
fn failures_look_alike_as_far_as_it_is_certain() {
    let ends = |expired: &str, more: &str| {
        format!(
            "  verify: {{ VERIFY, branches: {{ success: done, failure: wrong, expired: {expired} }} }}\n{more}  done: {{ type: complete_journey }}\n  wrong: {{ type: reject_access, with: {{ data: {{ a: no }} }} }}\n"
        )
    };
    let refuse = |id: &str, data: &str| format!("  {id}: {{ type: reject_access, with: {{ data: {data} }} }}\n");
    found(&ends("wrong", ""), &[]);
    found(&ends("late", &refuse("late", "{ a: no }")), &[]);
    found(&ends("late", &refuse("late", "{ a: late }")), &["J0805 expired: verify ─expired→ late"]);
    found(&ends("late", "  late: { type: reject_access }\n"), &["J0805 expired: verify ─expired→ late"]);
    found(&ends("abort", ""), &["J0805 expired: verify ─expired→ abort"]);
    let told = "  told: { SAY, next: wrong }\n";
    found(&ends("told", told), &["J0805 expired: verify ─expired→ told"]);
    // What depends on the run is not certain.
    found(&ends("late", &refuse("late", "{ a: \"@policy.device()\" }")), &[]);
    let decided =
        "  late: { type: condition, with: { if: \"@policy.device() == 1\" }, branches: { then: told, else: wrong } }\n";
    found(&ends("late", &format!("{decided}{told}")), &[]);
}

#[test]
fn failures_are_compared_with_what_was_set_on_the_way_and_behind_prompts() {
    let set = |id: &str, text: &str, next: &str| {
        format!("  {id}: {{ type: set_temporary_variables, with: {{ variables: {{ m: {text} }} }}, next: {next} }}\n")
    };
    let verify = "  verify: { VERIFY, branches: { success: done, failure: wrong, expired: late } }\n";
    let say = "  say: { type: reject_access, with: { data: \"${m}!\" } }\n  done: { type: complete_journey }\n";
    let steps = |late: &str| format!("{verify}{}{}{say}", set("wrong", "no", "say"), set("late", late, "say"));
    found(&steps("no"), &[]);
    found(&steps("late"), &["J0805 expired: verify ─expired→ late ─next→ say"]);
    let prompts = |late: &str| {
        format!(
            "{verify}  wrong: {{ SAY, next: no }}\n  late: {{ SAY, next: later }}\n  later: {{ type: reject_access, with: {{ data: {late} }} }}\nDONE"
        )
    };
    found(&prompts("null"), &[]);
    found(&prompts("x"), &["J0805 expired: verify ─expired→ late ─next→ later"]);
}

#[test]
fn a_sub_journey_that_verifies_is_a_verification() {
    let verifies = part("", "  verify: { VERIFY, branches: { success: done, failure: no } }\nDONE");
    let call = |rejected: &str| {
        journey(&format!("  call: {{ PART, branches: {{ completed: done, rejected: {rejected} }} }}\nDONE"))
    };
    assert_eq!(found_in(&[call("no"), verifies.clone()]), [""; 0]);
    let both = journey(
        "  call: { PART, branches: { completed: done, rejected: done } }\n  done: { type: complete_journey }\n",
    );
    assert_eq!(found_in(&[both, verifies.clone()]), ["J0802 done: call ─rejected→ done"]);
    let round = journey(
        "  call: { PART, branches: { completed: done, rejected: say } }\n  say: { SAY, next: call }\n  done: { type: complete_journey }\n",
    );
    assert_eq!(found_in(&[round, verifies]), ["J0803 call: call ─rejected→ say ─next→ call"]);
}

#[test]
fn a_sub_journey_hands_on_what_it_leaves_unproven() {
    let call = journey("  call: { PART, branches: { completed: done, rejected: no } }\nDONE");
    let open = "  verify: { VERIFY, branches: { success: done, failure: tell } }\n  tell: { SAY, next: MARKED }\n";
    let ends =
        |mark: &str| format!("  done: {{ type: complete_journey }}\n  late: {{ type: complete_journey{mark} }}\n");
    let marked = part("", &format!("{}{}", open.replace("MARKED", "late"), ends(", unauthenticated: true")));
    assert_eq!(found_in(&[call.clone(), marked]), ["J0802 done: call ─completed→ done"]);
    // Its own mistake is told once.
    let unmarked = part("", &format!("{}{}", open.replace("MARKED", "late"), ends("")));
    assert_eq!(found_in(&[call.clone(), unmarked]), ["J0802 late: verify ─failure→ tell ─next→ late"]);
    // It does not know what was proven before; whoever invokes it does.
    let asks = part("requires: authentication\n", "  ask: { ASK, branches: { then: done, else: no } }\nDONE");
    assert_eq!(found_in(&[call, asks.clone()]), [""; 0]);
    let first = journey(
        "  verify: { VERIFY, branches: { success: call, failure: no } }\n  call: { PART, branches: { completed: done, rejected: no } }\nDONE",
    );
    assert_eq!(found_in(&[first.clone(), asks]), [""; 0]);
    let names =
        part("", "  choose: { type: choose_account, branches: { next: done } }\n  done: { type: complete_journey }\n");
    assert_eq!(found_in(&[first, names]), ["J0804 done: verify ─success→ call ─completed→ done"]);
}

#[test]
fn where_ways_are_missing_nothing_is_said_of_them() {
    found(
        &format!("{ROUND}  verify: {{ VERIFY, branches: {{ success: done, failure: nowhere }} }}\nDONE"),
        &["J0202 nowhere", "J0302 no"],
    );
    let call = filled("  call: { PART, branches: { completed: done, rejected: no } }\nDONE");
    assert_eq!(found_in(&[format!("journey: main\nrequires: authentication\nsteps:\n{call}")]), ["J0207 part"]);
}

fn rules(rule: Rule) -> Rules {
    Rules { rules: vec![rule] }
}

fn of_type(name: &str) -> Place {
    Place { type_name: Some(Glob::new(name)), ..Place::default() }
}

fn rule() -> Rule {
    Rule { name: "r".into(), journeys: None, from: None, to: of_type("complete_journey"), unless: None, message: None }
}

#[track_caller]
fn ruled(rule: Rule, texts: &[String], expected: &[&str]) {
    let files = checked(texts, &rules(rule));
    let found: Vec<_> = files.iter().flat_map(|file| file.findings.iter().map(|one| told(file, one))).collect();
    assert_eq!(found, expected);
}

#[test]
fn rules_forbid_ways_and_ask_for_steps_before_others() {
    let verify =
        journey("  verify: { VERIFY, branches: { success: say, failure: no } }\n  say: { SAY, next: done }\nDONE");
    let before = Rule { unless: Some(of_type("display_*")), ..rule() };
    ruled(before.clone(), std::slice::from_ref(&verify), &[]);
    let bare = journey("  verify: { VERIFY, branches: { success: done, failure: no } }\nDONE");
    ruled(before.clone(), std::slice::from_ref(&bare), &["J0806 done: verify ─success→ done"]);
    let elsewhere = Rule { journeys: Some(vec![Glob::new("other*")]), ..before };
    ruled(elsewhere, std::slice::from_ref(&bare), &[]);
    let failure = Place { exit: Some("failure".into()), ..of_type("temp_code_authentication") };
    let refused = Rule { from: Some(failure.clone()), to: of_type("reject_access"), ..rule() };
    ruled(refused.clone(), std::slice::from_ref(&bare), &["J0806 no: verify ─failure→ no"]);
    let told = Rule { unless: Some(of_type("display_information")), ..refused };
    let tells =
        journey("  verify: { VERIFY, branches: { success: done, failure: say } }\n  say: { SAY, next: no }\nDONE");
    ruled(told, &[tells], &[]);
    let exit = Rule { to: failure, ..rule() };
    ruled(exit, &[bare], &["J0806 verify: verify ─failure→"]);
}

#[test]
fn rules_look_into_sub_journeys() {
    let call = journey("  call: { PART, branches: { completed: done, rejected: no } }\nDONE");
    let says = part("", "  say: { SAY, next: done }\n  done: { type: complete_journey }\n");
    let silent = part("", "  ask: { ASK, branches: { then: done, else: no } }\nDONE");
    let before = Rule { unless: Some(of_type("display_information")), ..rule() };
    ruled(before.clone(), &[call.clone(), says.clone()], &[]);
    ruled(before, &[call.clone(), silent], &["J0806 done: call ─completed→ done"]);
    let never = Rule { to: of_type("display_information"), ..rule() };
    ruled(never, &[call, says], &["J0806 call: call"]);
}

#[test]
fn what_is_taken_for_granted_of_steps_is_told() {
    let text = journey(
        "  choose: { type: choose_account, branches: { next: verify } }\n  verify: { VERIFY, branches: { success: done, failure: no } }\nDONE",
    );
    let files = checked(&[text], &Rules::default());
    let assumed: Vec<_> = files.iter().flat_map(|file| &file.assumed).collect();
    let told: Vec<_> =
        assumed.iter().map(|one| (&*one.step, one.version, one.verifies.is_some(), one.identifies)).collect();
    assert_eq!(told, [("choose_account", 3, false, true), ("temp_code_authentication", 1, true, false)]);
}

#[test]
fn a_file_full_of_verifications_is_proven_in_linear_time() {
    let steps: String = (0..600)
        .map(|n| {
            let next = (n + 1) % 600;
            format!(
                "  v{n}: {{ VERIFY, branches: {{ success: v{next}, failure: d{n}, expired: s{n} }} }}\n  s{n}: {{ SAY, next: d{n} }}\n  d{n}: {{ type: complete_journey }}\n"
            )
        })
        .collect();
    let rule = Rule { unless: Some(of_type("collect_information")), ..rule() };
    let started = std::time::Instant::now();
    let files = checked(&[journey(&steps)], &Rules { rules: vec![rule; 8] });
    assert_eq!(files.iter().map(|file| file.findings.len()).sum::<usize>(), 1001, "a thousand and a note");
    // Far from a measure: it tells a linear check from a quadratic one, in a debug build on a busy machine.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

/// Types know it, too: who was proven need not be the one of whom the run speaks by now.
#[test]
fn whoever_names_a_user_takes_the_tokens_into_doubt() {
    let end = "  done: { type: complete_journey, with: { data: \"@policy.userTokens().external_user_id\" } }\n  no: { type: reject_access }\n";
    let types = |success: &str, more: &str| -> Vec<_> {
        let steps = format!("  verify: {{ VERIFY, branches: {{ success: {success}, failure: no }} }}\n{more}{end}");
        let files = checked(&[journey(&steps)], &Rules::default());
        let codes = files.iter().flat_map(|file| file.findings.iter().map(|finding| finding.code.id()));
        codes.filter(|code| code.starts_with("J07")).collect()
    };
    assert_eq!(types("done", ""), [""; 0]);
    assert_eq!(types("choose", "  choose: { type: choose_account, branches: { next: done } }\n"), ["J0702"]);
}
