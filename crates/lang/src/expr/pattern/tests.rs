#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

fn wrong(language: Language, text: &str) -> String {
    language.compile(&Value::from(text)).unwrap_err()
}

// R97: what would take more than linear time, or much room, is not let in.
#[test]
fn a_pattern_keeps_to_its_bounds() {
    for text in ["(a)\\1", "(?=a)", "(?<!a)b", "a{1000}{1000}", "\\pL{500}", "("] {
        wrong(Language::Regex, text);
    }
    assert!(Language::Regex.compile(&Value::from("^[\\w.+-]+@[\\w-]+(\\.[\\w-]+)+$")).is_ok());
    let deep = format!("$[?{}@.a{}]", "(".repeat(2000), ")".repeat(2000));
    for text in [&deep, "a", "$[?match(@.a, 'b')]", "$[?search(@.a, @.b)]", "$[?!!!!!@.a]"] {
        wrong(Language::JsonPath, text);
    }
    assert!(Language::JsonPath.compile(&Value::from("$..a[?@.b > 1].c")).is_ok());
}

#[test]
fn what_is_wrong_is_told_in_one_line() {
    assert_eq!(wrong(Language::Regex, "a("), "`a(` is no regular expression: unclosed group");
    assert_eq!(wrong(Language::JsonPath, "$.a["), "`$.a[` is no JSONPath: it cannot be read from character 4 on");
    assert_eq!(
        Language::Regex.compile(&Value::Int(1)).unwrap_err(),
        "a regular expression is a string, and this is number"
    );
}
