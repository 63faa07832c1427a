#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use clap::CommandFactory;

use super::*;

#[test]
fn the_declarations_fit_together() {
    Arguments::command().debug_assert();
}

#[test]
fn every_verb_has_an_example() {
    fn look(command: &clap::Command) {
        for verb in command.get_subcommands() {
            let after = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.starts_with("Example"), "`{}` has no example", verb.get_name());
            look(verb);
        }
    }
    look(&Arguments::command());
}

#[test]
fn r114_a_parameter_is_never_shown() {
    let told = |words: &[&str]| format!("{:?}", Arguments::try_parse_from(words).unwrap());
    let shown = told(&["wayfarer", "run", "a.yaml", "-p", "temp_code=482913", "-p", "593024"]);
    assert!(!shown.contains("482913") && !shown.contains("593024"), "{shown}");
    assert!(shown.contains("temp_code"));
}
