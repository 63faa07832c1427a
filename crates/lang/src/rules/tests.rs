use super::*;

#[test]
fn a_star_stands_for_any_characters() {
    for (glob, name, fits) in [
        ("done", "done", true),
        ("done", "done2", false),
        ("*", "", true),
        ("rec*", "recovery", true),
        ("rec*", "prec", false),
        ("*_end", "the_end", true),
        ("*_end", "the_ending", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("a*a", "a", false),
        ("a**", "a", true),
    ] {
        assert_eq!(Glob::new(glob).fits(name), fits, "{glob} {name}");
    }
}
