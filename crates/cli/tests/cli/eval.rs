//! `eval`: one expression against a file of what surrounds it.

use serde_json::{Value as Json, json};

use crate::rig::Rig;

const SCOPE: &str = "\
limit: 100
code: { $secret: \"483920\" }
later: { $unset: true }
'@params': { amount: 250.5, who: ann }
'@now': 2026-11-23T10:00:00Z
";

fn asked(source: &str) -> Json {
    let rig = Rig::new();
    rig.file("scope.yaml", SCOPE);
    rig.say(&["eval", source, "--scope", "scope.yaml", "--format", "json"]).ended(0).json()
}

#[test]
fn a_value_comes_with_its_type_and_its_cost() {
    let said = asked("@policy.request().params.amount > limit");
    assert_eq!(
        (&said["value"], &said["type"], &said["inferred"]),
        (&json!(true), &json!("boolean"), &json!("a boolean"))
    );
    // As the book of the language shows it.
    assert_eq!((&said["cost"], &said["fuel"]), (&json!(3), &json!(10_000)));
    let dear = asked("@std.map(@std.range(1, 100), (x) => x * limit)");
    assert!(dear["cost"].as_u64().unwrap() > 100 && dear["type"] == "array", "{dear}");
    assert_eq!(asked("@time().nowISO")["value"], "2026-11-23T10:00:00Z");
}

#[test]
fn without_a_scope_an_expression_stands_alone() {
    let said = Rig::new().say(&["eval", "1 + 2 * 3"]).ended(0);
    assert_eq!(said.out, "7\n");
    assert!(said.err.contains("type integer") && said.err.contains("of 10000 units"), "{said:?}");
    let said = Rig::new().say(&["eval", "-3 + 1", "--format", "json"]).ended(0).json();
    assert_eq!(said["value"], -2);
    let said = Rig::new().say_with(&["eval", "-", "--format", "json"], "{a: [1, \"b\"]}\n").ended(0).json();
    assert_eq!(said["value"], json!({ "a": [1, "b"] }));
}

#[test]
fn r114_a_secret_is_not_shown() {
    let rig = Rig::new();
    rig.file("scope.yaml", SCOPE);
    for source in
        ["code", "[code]", "code == \"000000\"", "code.a", "@std.toString(code)", "let x = code return {x: x}"]
    {
        for format in ["json", "human"] {
            let said = rig.say(&["eval", source, "--scope", "scope.yaml", "--format", format]);
            let shown = [said.out, said.err].concat();
            assert!(!shown.contains("483920"), "{source}: {shown}");
        }
    }
}

#[test]
fn an_evaluation_that_fails_shows_where() {
    let rig = Rig::new();
    rig.file("scope.yaml", SCOPE);
    let fails = |source: &str| rig.say(&["eval", source, "--scope", "scope.yaml"]).ended(1).err;
    let said = fails("limit + @policy.request().params.who.name");
    assert!(said.contains("error[no-fields]") && said.contains("^^^"), "{said}");
    assert!(fails("later").contains("error[unset-variable]"));
    assert!(fails("1 / 0").contains("error[division-by-zero]"));
    let words = ["eval", "limit + 1 / 0", "--scope", "scope.yaml", "--format", "json"];
    let said = rig.say(&words).ended(1).json();
    let error = &said["error"];
    assert_eq!((&error["code"], &error["line"], &error["column"]), (&json!("division-by-zero"), &json!(1), &json!(9)));
    assert_eq!((&error["text"], said["cost"].as_u64().unwrap() > 0), (&json!("1 / 0"), true), "{said}");
}

#[test]
fn a_mistake_is_a_finding_with_its_place_and_its_cure() {
    let rig = Rig::new();
    rig.file("scope.yaml", SCOPE);
    let said = rig.say(&["eval", "limt + 1", "--scope", "scope.yaml"]).ended(1).err;
    assert!(said.contains("J0211") && said.contains("did you mean `limit`?") && said.contains("^^^^"), "{said}");
    let said = rig.say(&["eval", "@limit"]).ended(1).err;
    assert!(said.contains("write `limit`, without `@`"), "{said}");
    let said = rig.say(&["eval", "1 +", "--format", "json"]).ended(1).json();
    assert_eq!(said["findings"][0]["code"], "J0401");
    rig.file("scope.yaml", "'@parms': {}\n'@now': never\n");
    let said = rig.say(&["eval", "1", "--scope", "scope.yaml"]).ended(1).err;
    assert!(said.contains("did you mean `@params`?") && said.contains("scope.yaml:2"), "{said}");
    let said = rig.say(&["eval", "1", "--scope", "none.yaml", "--format", "json"]).ended(2).json();
    assert_eq!(said["error"]["code"], "cannot_open");
}

#[test]
fn r92_work_is_bounded_and_told() {
    let rig = Rig::new();
    let endless = "@std.map(@std.range(1, 1000), (x) => @std.map(@std.range(1, 1000), (y) => x * y))";
    let said = rig.say(&["eval", endless, "--format", "json"]).ended(1).json();
    assert_eq!((&said["error"]["code"], &said["cost"]), (&json!("too-much-work"), &json!(10_000)));
    let long = format!("1{}", " + 1".repeat(2_000));
    rig.say_with(&["eval", "-"], &long).ended(1);
}
