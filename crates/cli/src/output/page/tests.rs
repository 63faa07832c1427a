use super::*;

#[test]
fn markdown_becomes_plain_lines() {
    let page = "# J0001: a title\n\nSay `this`.\n\n```yaml\na: 1\n```\n";
    let plain = anstream::adapter::strip_str(&terminal(page)).to_string();
    assert_eq!(plain, "J0001: a title\n\nSay `this`.\n\n  a: 1");
}
