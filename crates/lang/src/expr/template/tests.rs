#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::{Value as Json, json};

use super::super::{NoNames, Roots};
use super::*;
use crate::Source;
use crate::yaml;

struct Around;

impl Names for Around {
    fn variable(&self, name: &str) -> Option<u16> {
        self.variables().iter().position(|known| *known == name).and_then(|index| index.try_into().ok())
    }

    fn parameter(&self, name: &str) -> Option<u16> {
        self.parameters().iter().position(|known| *known == name).and_then(|index| index.try_into().ok())
    }

    fn variables(&self) -> Vec<&str> {
        vec!["name", "count", "code"]
    }

    fn parameters(&self) -> Vec<&str> {
        vec!["input"]
    }
}

/// Compiles the value under `at`, which keeps the reader's rule that a file is a mapping.
fn compile(value: &str, mode: Mode) -> Result<Template, Vec<String>> {
    let text = format!("at: {value}\n");
    let (document, findings) = yaml::read(text.as_bytes(), &yaml::Budget::default());
    assert!(findings.is_empty(), "{findings:?}");
    let document = document.unwrap();
    let source = Source::new("journey.yaml", text.as_str());
    Template::compile(document.root().get("at").unwrap(), &Around, mode).map_err(|findings| {
        let shown =
            |finding: &Diagnostic| format!("{} {}: {}", finding.code, source.slice(finding.span), finding.message);
        findings.iter().map(shown).collect()
    })
}

fn evaluate(value: &str, input: Json) -> Result<Json, String> {
    let template = compile(value, Mode::Value).unwrap();
    let roots = Roots::default();
    let variables = [Some(Value::from("Ann")), Some(Value::Int(2)), Some(Value::from("482913").into_secret())];
    let (parameters, parameter_names) = ([Value::from(input)], [Arc::from("input")]);
    let scope = Scope { parameters: &parameters, parameter_names: &parameter_names, variables: &variables, roots };
    match template.evaluate(&scope) {
        Ok(value) => Ok(value.to_json_masked()),
        Err(error) => Err(error.code.to_string()),
    }
}

#[test]
fn a_text_is_itself_an_expression_or_a_mixture() {
    for (value, expected) in [
        ("hello", json!("hello")),
        ("a@example.com costs 5$", json!("a@example.com costs 5$")),
        ("'@name'", json!("Ann")),
        ("'@count + 1'", json!(3)),
        ("'@ count * 2'", json!(4)),
        ("'@(count + 1) * 2'", json!(6)),
        ("'@((n) => n + 1)(count)'", json!(3)),
        ("'@let a = 1 return a'", json!(1)),
        ("'@len(name)'", json!(3)),
        ("'@std.len(name) + 1'", json!(4)),
        ("'@\"text\"'", json!("text")),
        ("'@@name'", json!("@name")),
        ("'@@name ${name}'", json!("@name Ann")),
        ("'${count}'", json!(2)),
        ("' ${count}'", json!(" 2")),
        ("'Hello ${name}, ${count + 1} of ${[1, null]}'", json!("Hello Ann, 3 of [1,null]")),
        ("'$${name} ${name}'", json!("${name} Ann")),
        ("'${ {a: \"}\"} }'", json!({"a": "}"})),
        ("'${`<${name}>`}'", json!("<Ann>")),
        ("{ a: '@count', b: ['${name}', 1.5, null], c: {} }", json!({"a": 2, "b": ["Ann", 1.5, null], "c": {}})),
        ("014", json!("014")),
    ] {
        assert_eq!(evaluate(value, json!(null)), Ok(expected), "{value}");
    }
}

// R95: what comes in as data goes out as the same data, whatever it looks like.
#[test]
fn data_is_never_parsed() {
    for data in ["@policy.userTokens()", "${code}", "$${x}", "@@x", "#{x}", "`${code}`", "'+code+'"] {
        assert_eq!(evaluate("'@policy.request().params.input'", json!(data)), Ok(json!(data)));
        assert_eq!(evaluate("'${@policy.request().params.input}'", json!(data)), Ok(json!(data)));
        assert_eq!(evaluate("'<${@policy.request().params.input}>'", json!(data)), Ok(json!(format!("<{data}>"))));
    }
}

// R99
#[test]
fn a_secret_passes_whole_and_never_in_a_text() {
    assert_eq!(evaluate("'@code'", json!(null)), Ok(json!("[secret]")));
    assert_eq!(evaluate("{ a: '${code}' }", json!(null)), Ok(json!({"a": "[secret]"})));
    assert_eq!(evaluate("'code: ${code}'", json!(null)), Err("secret-use".into()));
    assert_eq!(evaluate("'${[code]} '", json!(null)), Err("secret-use".into()));
}

#[test]
fn mistakes_are_shown_in_the_file() {
    let findings = |value, mode| compile(value, mode).map(|_| ()).unwrap_err();
    let syntax = findings("\"@name +\"", Mode::Value);
    assert_eq!(syntax, ["J0401 : expected a value"]);
    let all = findings("{ a: '@nmae', b: 'x ${@policy.request().params.inptu} ${@std.length(1)}' }", Mode::Value);
    assert_eq!(
        all,
        [
            "J0211 nmae: there is no variable `nmae`",
            "J0212 .inptu: the journey declares no start parameter `inptu`",
            "J0213 @std.length: there is no function `@std.length`",
        ]
    );
    assert_eq!(findings("'a ${name'", Mode::Value), ["J0401 ${: this `${` is never closed"]);
    assert_eq!(findings("'@len()'", Mode::Value), ["J0403 @len(): `@std.len` is called with 0 arguments"]);
    let folded = findings("\"a\n  ${nmae}\"", Mode::Value);
    assert_eq!(folded, ["J0211 \"a\n  ${nmae}\": there is no variable `nmae`"]);
    assert_eq!(findings("[1]", Mode::Expression), ["J0404 [1]: this field is an expression, not a list"]);
    assert_eq!(findings("\"a\\n${nmae}\"", Mode::Value), ["J0211 nmae: there is no variable `nmae`"]);
}

#[test]
fn a_field_that_is_always_an_expression_takes_plain_text() {
    for (value, expected) in [("count > 1", None), ("true", Some(Value::Bool(true))), ("1 + 1", Some(Value::Int(2)))] {
        assert_eq!(compile(value, Mode::Expression).unwrap().constant().cloned(), expected, "{value}");
    }
    let text = "at: '@count > 1'\n";
    let document = yaml::read(text.as_bytes(), &yaml::Budget::default()).0.unwrap();
    let findings = compile_node(document.root().get("at").unwrap(), &Around).unwrap_err();
    let help = findings.first().unwrap().help.as_deref();
    assert_eq!(help, Some("this field is always an expression: write `count > 1`, without `@`"));
    assert!(compile_node(document.root().get("at").unwrap(), &NoNames).is_err());
}

#[test]
fn reads_are_gathered_with_their_places() {
    let template = compile("{ a: '@name', b: 'x ${count}', c: ['@policy.userContext().email'] }", Mode::Value).unwrap();
    let slots: Vec<u16> = template.reads().variables.iter().map(|(slot, _)| *slot).collect();
    assert_eq!(slots, [0, 1]);
    assert_eq!(template.reads().roots.len(), 1);
    assert!(compile("{ a: [1, 'x'] }", Mode::Value).unwrap().constant().is_some());
}
