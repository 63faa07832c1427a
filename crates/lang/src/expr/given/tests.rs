#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::expr::compile_text;
use crate::expr::infer::Kinds;
use crate::yaml;

fn read(text: &str) -> (Given, Vec<String>) {
    let (document, findings) = yaml::read(text.as_bytes(), &yaml::Budget::default());
    assert!(findings.is_empty(), "{findings:?}");
    let (given, findings) = Given::read(document.unwrap().root());
    let told = findings.iter().map(|finding| {
        let place = text.get(finding.span.range()).unwrap_or_default();
        format!("{} `{place}` {}", finding.code.id(), finding.message)
    });
    (given, told.collect())
}

fn value_of(scope: &str, source: &str) -> Result<Value, String> {
    let (given, findings) = read(scope);
    assert!(findings.is_empty(), "{findings:?}");
    let expression = compile_text(source, &given).map_err(|findings| findings.first().unwrap().message.clone())?;
    given.within(Timestamp::UNIX_EPOCH, Seed::new([7; 32]), |scope| {
        expression.measure(scope).0.map_err(|error| error.code.word().to_owned())
    })
}

#[test]
fn all_that_a_scope_holds_is_there() {
    let scope = "\
count: 2
code: { $secret: \"123456\" }
later: { $unset: true }
list: [1, { a: null }]
'@params': { who: ann }
'@user': { email: a@example.com }
'@tokens': { token_type: Bearer }
'@device': { os: none }
'@saved': { seen: true }
'@authenticated': true
'@now': 2026-11-23T10:00:00Z
'@keys': { k: 4a656665 }
";
    for (source, expected) in [
        ("count + 1", "3"),
        ("code", "\"[secret]\""),
        ("list[1].a", "null"),
        ("@policy.request().params.who", "\"ann\""),
        ("@policy.userContext().email", "\"a@example.com\""),
        ("@policy.userTokens().token_type", "\"Bearer\""),
        ("@policy.device().os", "\"none\""),
        ("@policy.sdkSavedData().seen", "true"),
        ("@policy.isUserAuthenticated()", "true"),
        ("@time().nowISO", "\"2026-11-23T10:00:00Z\""),
        ("@len(@crypto.hmac(\"abc\", \"k\"))", "64"),
        ("@len(@crypto.random(16))", "22"),
    ] {
        assert_eq!(value_of(scope, source).unwrap().to_json_masked().to_string(), expected, "{source}");
    }
    assert_eq!(value_of(scope, "later"), Err("unset-variable".to_owned()));
    assert_eq!(value_of("'@random': false", "@crypto.random(16)"), Err("not-available".to_owned()));
    assert_eq!(value_of("{}", "@time().now").unwrap(), Value::Int(0), "the moment that is handed in");
}

#[test]
fn each_mistake_has_its_place() {
    let scope = "\
'@param': {}
'@params': [1]
'@authenticated': 'yes'
'@random': 1
'@now': yesterday
'@keys': { odd: abc, other: 12 }
no-name: 1
a: { $secrets: 1 }
b: { $unset: false }
c: [{ $unset: true }]
d: { $secret: 1, more: 2 }
";
    let (_, findings) = read(scope);
    assert_eq!(
        findings,
        [
            "J0101 `'@param'` a scope has no key `@param`",
            "J0103 `[1]` `@params` must be a mapping of names and values, and this is a list",
            "J0103 `'yes'` `@authenticated` must be `true` or `false`, and this is a text",
            "J0103 `1` `@random` must be `true` or `false`, and this is a number",
            "J0103 `yesterday` `@now` must be a moment (RFC 3339), and this is a text",
            "J0103 `abc` `odd` must be a text of hexadecimal digits, two for each byte, and this is a text",
            "J0103 `12` `other` must be a text of hexadecimal digits, two for each byte, and this is a number",
            "J0104 `no-name` `no-name` is no name of a variable",
            "J0101 `$secrets` `$secrets` means nothing here",
            "J0101 `$unset` `$unset` means nothing here",
            "J0103 `{ $unset: true }` only a variable can be unset",
            "J0101 `$secret` `$secret` means nothing here",
        ]
    );
}

#[test]
fn the_facts_of_a_scope_are_its_types() {
    let (given, _) =
        read("count: 2\nnothing: null\nlist: [a]\nempty: []\n'@params': { who: ann }\n'@user': { email: a }");
    let facts = given.facts();
    for (source, kinds) in [
        ("count", Kinds::INTEGER),
        ("list", Kinds::ARRAY),
        ("empty", Kinds::ARRAY),
        ("@policy.request().params.who", Kinds::TEXT),
        ("@policy.userContext().email", Kinds::TEXT),
    ] {
        let inferred = compile_text(source, &given).unwrap().infer(&facts, given.parameter_names());
        assert_eq!((inferred.known.may_be(), inferred.known.values()), (kinds, None), "{source}");
    }
    let null = compile_text("nothing", &given).unwrap().infer(&facts, given.parameter_names());
    assert_eq!(null.known, Known::null());
    let decided = compile_text("count == 3", &given).unwrap().infer(&facts, given.parameter_names());
    assert_eq!(decided.doubts, [], "a value is an example of its type");
}

#[test]
fn what_an_evaluation_takes_is_counted() {
    let (given, _) = read("{}");
    let cost = |source: &str| {
        let expression = compile_text(source, &given).unwrap();
        given.within(Timestamp::UNIX_EPOCH, Seed::new([7; 32]), |scope| expression.measure(scope).1)
    };
    assert_eq!(cost("1"), 1);
    assert!(cost("@std.map(@std.range(1, 100), (x) => x + @time().now)") > 300);
    let endless = "@std.map(@std.range(1, 1000), (x) => @std.map(@std.range(1, 1000), (y) => x * y))";
    assert_eq!(cost(endless), super::super::FUEL, "what fails for too much work has taken all of it");
}
