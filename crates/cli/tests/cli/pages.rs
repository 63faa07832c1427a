//! `explain` and `--help`: a page for everything, and a help for who mistypes.

use crate::rig::Rig;

#[test]
fn findings_steps_and_functions_have_pages() {
    let rig = Rig::new();
    for (name, title) in [
        ("J0006", "J0006: anchors are not allowed"),
        ("j0006", "J0006: anchors are not allowed"),
        ("condition", "condition: goes one of two ways by an expression"),
        ("temp_code_authentication", "temp_code_authentication: signs a user in"),
        ("strings.length", "@strings.length"),
        ("@std.len()", "@std.len"),
    ] {
        let said = rig.say(&["explain", name]).ended(0);
        assert!(said.out.starts_with(title), "{name}: {said:?}");
        let page = rig.say(&["explain", name, "--format", "markdown"]).ended(0);
        assert!(page.out.starts_with(&format!("# {title}")), "{name}: {page:?}");
    }
}

#[test]
fn everything_listed_has_a_page() {
    let rig = Rig::new();
    let list = rig.say(&["explain"]).ended(0).out;
    let names: Vec<_> = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    assert!(names.len() > 30, "{list}");
    for name in names {
        rig.say(&["explain", name, "--format", "markdown"]).ended(0);
    }
}

#[test]
fn a_slip_is_answered_with_the_name_that_was_meant() {
    let rig = Rig::new();
    for (slip, meant) in
        [("conditoin", "condition"), ("temp_code", "temp_code_authentication"), ("string.length", "strings.length")]
    {
        let said = rig.say(&["explain", slip]).ended(2);
        assert!(said.err.contains(&format!("did you mean `{meant}`?")), "{slip}: {said:?}");
    }
}

#[test]
fn help_is_on_stdout_and_wrong_usage_on_stderr() {
    let rig = Rig::new();
    let said = rig.say(&["--help"]).ended(0);
    assert!(said.out.contains("First steps") && said.err.is_empty());
    let said = rig.say(&["chekc"]).ended(2);
    assert!(said.out.is_empty() && said.err.contains("check"), "{said:?}");
    rig.say(&[]).ended(2);
}
