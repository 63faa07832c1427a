#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise"
)]

mod fixes;

use super::*;
use crate::program::{Target, Work};

/// The catalogue of the built-in steps, and one more for what those do not show.
fn catalog() -> Catalog {
    let mut catalog = Catalog::forms();
    catalog.merge(Catalog::from_json(include_str!("tests/catalog.json")).unwrap()).unwrap();
    catalog
}

fn findings(text: &str) -> Vec<(&'static str, String)> {
    let checked = check("test.yaml", text.as_bytes(), &catalog());
    let finding = |finding: &crate::Diagnostic| (finding.code.id(), checked.source.slice(finding.span).to_owned());
    assert_eq!(checked.program.is_none(), checked.findings.has_errors());
    checked.findings.iter().map(finding).collect()
}

fn journeys() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../journeys");
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    all.sort();
    all
}

#[test]
fn shipped_journeys_check_clean() {
    let all = journeys();
    assert!(all.len() >= 5);
    for ((name, _), checked) in all.iter().zip(check_all(all.clone(), &catalog())) {
        let shown: Vec<_> = checked.findings.iter().map(|f| (f.code, &f.message, &f.help)).collect();
        assert!(shown.is_empty(), "{name}: {shown:?}");
        assert_eq!(format!("{}.yaml", checked.program.unwrap().id()), *name);
    }
}

/// The texts under a heading of a page, together with those that belong to them.
fn fenced(page: &str, heading: &str) -> Vec<Vec<String>> {
    let part = page.split("\n## ").find(|part| part.starts_with(heading)).unwrap();
    let group = |group: &str| {
        let texts = group.split("```yaml together\n");
        texts.map(|text| text.split("```").next().unwrap().to_owned()).collect()
    };
    part.split("```yaml\n").skip(1).map(group).collect()
}

/// The codes found in texts that are checked together.
fn together(texts: &[String]) -> Vec<&'static str> {
    let checked = check_all(texts.iter().map(|text| ("test.yaml", text)), &catalog());
    checked.iter().flat_map(|file| file.findings.iter().map(|finding| finding.code.id())).collect()
}

#[test]
fn pages_show_what_they_say() {
    let mut wrong = Vec::new();
    for code in crate::Code::all() {
        let rights = fenced(code.page(), "Right").into_iter().map(|texts| (texts, Vec::new()));
        let wrongs = fenced(code.page(), "Wrong").into_iter().map(|texts| (texts, vec![code.id()]));
        // The rules that J0806 is about are read by the command line, which holds that page.
        let wrongs = wrongs.filter(|_| code.id() > "J0100" && code != crate::Code::RULE_BROKEN);
        for (texts, expected) in rights.chain(wrongs) {
            let found = together(&texts);
            if found != expected {
                wrong.push(format!("{code}: {found:?} instead of {expected:?} in\n{}", texts.join("---\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const HEAD: &str = "journey: test\nparams:\n  name: string\n  code: { type: string, secret: true }\nsteps:\n";

/// The findings of a journey with these steps: code and underlined text.
fn found(steps: &str, expected: &[(&str, &str)]) {
    let text = format!("{HEAD}{steps}");
    let expected: Vec<_> = expected.iter().map(|(code, text)| (*code, (*text).to_owned())).collect();
    assert_eq!(findings(&text), expected, "{text}");
}

const ENDS: &str = "  done: { type: complete_journey }\n  no: { type: reject_access }\n";

#[test]
fn one_mistake_hides_no_other() {
    found(
        "  ask:
    type: condition
    with: { if: 'policy.userContext(', unless: 1 }
    branches: { then: tell, els: no, other: no }
  tell:
    type: display_information
    with: { title: 5, text: \"${@policy.request().params.code}\", button_txt: OK }
    timeout: soon
    next: doen
  done:
    type: complete_jurney
    with: { data: \"@policy.request().params.nme\" }
  no: { type: reject_access, with: { data: \"@missing\" } }
  lost: { type: unheard_of }
",
        &[
            ("J0401", "("),
            ("J0502", "unless"),
            ("J0203", "els"),
            ("J0203", "other"),
            ("J0503", "5"),
            ("J0504", "@policy.request().params.code"),
            ("J0502", "button_txt"),
            ("J0111", "soon"),
            ("J0202", "doen"),
            ("J0201", "complete_jurney"),
            ("J0212", ".nme"),
            ("J0211", "missing"),
            ("J0302", "lost"),
            ("J0201", "unheard_of"),
        ],
    );
}

#[test]
fn exits_and_targets() {
    let step = |routes: &str| format!("  ask: {{ type: is_user_authenticated, {routes} }}\n{ENDS}");
    found(&step("branches: { then: done, else: no }"), &[]);
    found(&step("branches: { then: done, else: on }"), &[("J0202", "on")]);
    found(&step("branches: { then: done, els: no }"), &[("J0203", "els")]);
    found(&step("branches: { then: done, else: continue }"), &[("J0204", "continue"), ("J0302", "no")]);
    found(&step("branches: { then: done }"), &[("J0301", "branches"), ("J0302", "no")]);
    found(&step("note: x"), &[("J0301", "ask"), ("J0301", "ask"), ("J0302", "done"), ("J0302", "no")]);
    found(&step("next: done"), &[("J0305", "next")]);
    found(&step("branches: { then: done, else: no }, next: done"), &[("J0110", "next")]);
    found(&step("branches: [done, no]"), &[("J0103", "[done, no]")]);
    found(&step("branches: { then: done, else: no, timeout: no }"), &[("J0203", "timeout")]);
    let says = "with: { title: a, text: b, button_text: c }, timeout: 5s, branches: { next: done, timeout: no }";
    found(&format!("  ask: {{ type: display_information, {says} }}\n{ENDS}"), &[]);
    found("  done: { type: complete_journey, next: done }\n", &[("J0305", "next")]);
    found("  done: { type: complete_journey, branches: { next: done } }\n", &[("J0203", "next")]);
}

#[test]
fn a_start_must_be_a_step() {
    let start = |id: &str| format!("journey: test\nstart: {id}\nsteps:\n{ENDS}");
    assert_eq!(findings(&start("nowhere")), [("J0202", "nowhere".to_owned())]);
    assert_eq!(findings(&start("abort")), [("J0202", "abort".to_owned())]);
    assert_eq!(findings(&start("no")), [("J0306", "test".to_owned()), ("J0302", "done".to_owned())]);
}

#[test]
fn steps_that_could_not_be_read_make_no_others_unreachable() {
    found(&format!("  ask: 5\n{ENDS}"), &[("J0103", "5")]);
    found(&format!("  ask: {{ type: unheard_of }}\n{ENDS}"), &[("J0201", "unheard_of")]);
    found(&format!("  ask: {{ branches: {{ a: done, b: no }} }}\n{ENDS}"), &[("J0102", "ask")]);
}

#[test]
fn rounds_need_a_step_that_waits() {
    let round = |between: &str| {
        format!(
            "  ask: {{ type: is_user_authenticated, branches: {{ then: done, else: again }} }}\n  again: {{ {between}, next: ask }}\n  done: {{ type: complete_journey }}\n"
        )
    };
    found(&round("type: set_temporary_variables, with: { variables: {} }"), &[("J0303", "ask")]);
    found(&round("type: display_information, with: { title: a, text: b, button_text: c }"), &[]);
    found(
        "  me: { type: is_user_authenticated, branches: { then: me, else: me } }\n",
        &[("J0306", "test"), ("J0303", "me"), ("J0303", "me")],
    );
}

/// R40: the reason of a refusal is not for the client.
#[test]
fn an_error_output_is_set_on_every_way_out_and_not_for_clients() {
    found(
        "  verify:
    type: temp_code_authentication
    with: { external_user_id: a, temp_code: \"@policy.request().params.code\" }
    error_output: failed
    branches: { success: done, failure: no }
  done: { type: complete_journey, with: { data: \"@failed\" } }
  no: { type: reject_access, with: { data: \"${failed?.code}!\" } }
",
        &[("J0507", "failed"), ("J0507", "failed?.code"), ("J0702", "failed?.code")],
    );
}

#[test]
fn an_unset_variable_shows_the_way_and_the_places_that_set_it() {
    let text = format!(
        "{HEAD}  ask: {{ type: is_user_authenticated, branches: {{ then: set, else: done }} }}
  set: {{ type: set_temporary_variables, with: {{ variables: {{ a: 1, b: \"@a\" }} }}, next: done }}
  done: {{ type: complete_journey, with: {{ data: \"@a + @b\" }} }}
"
    )
    .replace("@a + @b", "@a + b");
    let checked = check("test.yaml", text.as_bytes(), &catalog());
    let shown: Vec<_> = checked
        .findings
        .iter()
        .map(|f| {
            let labels: Vec<_> = f.labels.iter().map(|label| checked.source.slice(label.span)).collect();
            (f.code.id(), checked.source.slice(f.span), labels, f.message.as_str())
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("J0304", "a", vec!["a"], "the variable `a` may be unset here"),
            ("J0304", "b", vec!["b"], "the variable `b` may be unset here"),
        ]
    );
    let help = checked.findings.iter().next().unwrap().help.as_deref().unwrap();
    assert!(help.starts_with("nothing sets it on the way `ask` → `done`;"), "{help}");
}

#[test]
fn parameters_of_steps() {
    let pick =
        |with: &str| format!("  a: {{ type: pick, with: {{ {with} }}, branches: {{ x: done, y: no }} }}\n{ENDS}");
    let options = "options: { x: 1, y: 2 }";
    found(&pick(options), &[]);
    found(&pick(&format!("{options}, size: 3, mode: fast")), &[]);
    found(&pick(&format!("{options}, size: 10")), &[("J0503", "10")]);
    found(&pick(&format!("{options}, size: '3'")), &[("J0503", "'3'")]);
    found(
        &pick(&format!("{options}, size: '@policy.request().params.name'")),
        &[("J0503", "@policy.request().params.name")],
    );
    found(&pick(&format!("{options}, mode: fats")), &[("J0503", "fats")]);
    found(&pick(&format!("{options}, sise: 1")), &[("J0502", "sise")]);
    found(&pick("options: { x: 1, y: 2, z: 3 }"), &[("J0301", "branches")]);
    found(&pick("optoins: { x: 1, y: 2 }"), &[("J0502", "optoins"), ("J0203", "x"), ("J0203", "y")]);
}

#[test]
fn declared_types_hold_for_variables_and_outputs() {
    let journey = |rest: &str| {
        format!(
            "journey: test\nvars: {{ n: integer, t: {{ type: string, secret: true }} }}\noutputs: {{ n: integer }}\nsteps:\n{rest}"
        )
    };
    let done = "  done: { type: complete_journey, with: { data: { n: 1 } } }\n";
    let set = |what: &str| {
        journey(&format!(
            "  a: {{ type: set_temporary_variables, with: {{ variables: {{ {what} }} }}, next: done }}\n{done}"
        ))
    };
    assert_eq!(findings(&set("n: 1, other: x")), []);
    assert_eq!(findings(&set("n: x")), [("J0503", "x".to_owned())]);
    assert_eq!(findings(&journey("  done: { type: complete_journey }\n")), [("J0501", "done".to_owned())]);
    assert_eq!(
        findings(&journey("  done: { type: complete_journey, with: { data: { m: 1 } } }\n")),
        [("J0503", "{ m: 1 }".to_owned()), ("J0503", "m".to_owned())]
    );
    let pick = "  a: { type: pick, with: { options: { x: 1 } }, output: t, error_output: n, branches: { x: done } }\n";
    assert_eq!(findings(&journey(&format!("{pick}{done}"))), [("J0503", "t".to_owned()), ("J0503", "n".to_owned())]);
}

/// R99: statically, before the evaluator refuses it.
#[test]
fn secrets_reach_their_sinks_only() {
    let code = "@policy.request().params.code";
    let done = |data: &str| format!("  done: {{ type: complete_journey, with: {{ data: {data} }} }}\n");
    found(&done(&format!("\"{code}\"")), &[("J0504", code)]);
    found(&done(&format!("{{ a: [\"x${{{code}}}\"] }}")), &[("J0504", code)]);
    found(&done(&format!("\"{code} == null\"")), &[]);
    found(&done(&format!("\"{code} == null ? 'no' : 'yes'\"")), &[]);
    found(&done(&format!("\"@std.typeOf({code})\"")), &[("J0504", code)]);
    found(&done(&format!("\"@(let c = {code} return [c])\"")), &[("J0504", code)]);
    found(&done(&format!("\"@(let c = {code} return c == null)\"")), &[]);
    found(&done(&format!("\"{code} ?? 'none'\"")), &[("J0504", code)]);
    found(
        &done("\"@policy.userTokens()?.access_token\""),
        &[("J0708", "@policy.userTokens()"), ("J0504", "@policy.userTokens()?.access_token")],
    );
    found(&done("\"@policy.userTokens().session_id\""), &[("J0701", "@policy.userTokens()")]);
    found(&done("\"@policy.request().params\""), &[("J0504", "@policy.request().params")]);

    let through = |data: &str| {
        format!(
            "  a: {{ type: set_temporary_variables, with: {{ variables: {{ x: \"@y\", y: \"{code}\" }} }}, next: done }}\n{}",
            done(data)
        )
    };
    let text = format!(
        "journey: t\nparams: {{ code: {{ type: string, secret: true }} }}\nvars: {{ y: {{ type: string, secret: true, default: q }} }}\nsteps:\n{}",
        through("\"@x\"")
    );
    assert_eq!(findings(&text), [("J0504", "x".to_owned())]);

    let condition =
        format!("  a: {{ type: condition, with: {{ if: \"{code}\" }}, branches: {{ then: done, else: no }} }}\n{ENDS}");
    found(&condition, &[("J0504", code)]);
    let sink = format!(
        "  a: {{ type: temp_code_authentication, with: {{ external_user_id: \"{code}\", temp_code: \"${{{code}}}x\" }}, branches: {{ success: done, failure: no }} }}\n{ENDS}"
    );
    found(&sink, &[("J0504", code), ("J0504", code)]);
}

#[test]
fn the_program_has_its_jumps_and_slots_resolved() {
    let (_, text) = journeys().into_iter().find(|(name, _)| name == "temp_code_auth_journey.yaml").unwrap();
    let program = check("reference", text.as_bytes(), &catalog()).program.unwrap();
    let verify = program.step(program.start()).unwrap();
    assert_eq!((&*verify.id, program.find("verify_code")), ("verify_code", Some(program.start())));
    let deny = program.find("deny_access").map(Target::Step);
    assert_eq!((verify.exit("failure"), verify.exit("expired"), verify.exit("other")), (deny, deny, None));
    assert_eq!(verify.error_output, Some(0));
    assert_eq!(program.variables(), [Arc::from("recovery_error")]);
    assert_eq!(program.parameter_names(), [Arc::from("external_user_id"), Arc::from("temp_code")]);
    assert_eq!(program.step_versions(), [(Arc::from("temp_code_authentication"), 1)]);
    assert_eq!(&**program.text(), text);
    assert!(matches!(&verify.work, Work::Call { verifies: Some(verifies), .. } if &*verifies.exit == "success"));

    let text = format!(
        "{HEAD}  a: {{ type: pick, with: {{ options: {{ x: 1 }} }}, timeout: 1s, branches: {{ x: done }} }}\n  done: {{ type: complete_journey }}\n"
    );
    let program = check("timeout", text.as_bytes(), &catalog()).program.unwrap();
    let step = program.step(program.start()).unwrap();
    assert_eq!((step.exit("timeout"), step.exit("failure")), (Some(Target::Abort), Some(Target::Abort)));
}

/// Text with one change that an author's slip could make.
fn mutated(text: &str, line: usize, how: usize) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line = line % lines.len();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let word = words.get(how / 7 % words.len()).copied().unwrap_or_default();
    match how % 7 {
        0 => drop(lines.remove(line)),
        1 => lines[line] = lines[line].replace(word, "other"),
        2 => lines[line].push_str(word),
        3 => lines[line] = format!("  {}", lines[line]),
        4 => lines[line] = lines[line].split_once(':').map_or_else(String::new, |(key, _)| format!("{key}: [{word}]")),
        5 => {
            lines[line] =
                lines[line].split_once(':').map_or_else(String::new, |(key, _)| format!("{key}: \"@{word}\""));
        }
        _ => lines.swap(line, how / 7 % text.lines().count()),
    }
    lines.join("\n")
}

proptest::proptest! {
    /// Any slips in a journey give findings or a program, in bounds, and never a panic.
    #[test]
    fn any_slips_give_findings_or_a_program(which in 0_usize..100, slips in proptest::collection::vec((0_usize..100, 0_usize..10_000), 1..6)) {
        let all = journeys();
        let (_, text) = &all[which % all.len()];
        let text = slips.into_iter().fold(text.clone(), |text, (line, how)| mutated(&text, line, how));
        let checked = check("mutated.yaml", text.as_bytes(), &catalog());
        proptest::prop_assert_eq!(checked.program.is_none(), checked.findings.has_errors(), "{}", text);
        for finding in &checked.findings {
            proptest::prop_assert!(finding.span.end as usize <= text.len());
            proptest::prop_assert!(!finding.message.ends_with('.'), "{}", finding.message);
            proptest::prop_assert!(finding.message.chars().count() < 400, "{}", finding.message);
        }
        if let Some(program) = checked.program {
            // Every jump lands in the program.
            for link in program.steps().iter().flat_map(|step| &step.exits) {
                let lands = match link.target {
                    Target::Step(step) | Target::Continue(step) => program.step(step).is_some(),
                    Target::Abort => true,
                };
                proptest::prop_assert!(lands);
            }
        }
    }
}

/// A journey of `count` steps that each read one variable and set the next, in as many rounds as it can have.
fn long(count: usize) -> String {
    let mut text = "journey: long\nvars: { v0: integer }\nsteps:\n".to_owned();
    for n in 0..count {
        text += &format!(
            "  s{n}: {{ type: set_temporary_variables, with: {{ variables: {{ v{}: \"@v{n}\" }} }}, next: s{} }}\n",
            n + 1,
            (n + 1) % count
        );
    }
    text
}

#[test]
fn a_file_at_the_readers_limits_is_checked_in_linear_time() {
    let text = long(2_700);
    let started = std::time::Instant::now();
    let checked = check("long.yaml", text.as_bytes(), &catalog());
    let codes: Vec<_> = checked.findings.iter().map(|finding| finding.code.id()).collect();
    assert_eq!(codes, ["J0306", "J0304", "J0303"]);
    // Far from a measure: it tells a linear check from a quadratic one, in a debug build on a busy machine.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
