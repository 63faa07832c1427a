use super::*;

#[test]
fn a_long_text_loses_its_middle() {
    assert_eq!(cut("short", 5), "short");
    assert_eq!(cut("a_long_name_1", 9), "a_lo…me_1");
    assert_eq!(cut("ééééé", 3), "é…é");
}

#[test]
fn exits_that_have_no_room_are_counted() {
    assert_eq!(exits(&["low", "medium"], 26), "low, medium");
    assert_eq!(exits(&["low", "medium", "high", "higher"], 12), "low, medium +2");
    assert_eq!(exits(&["a_name_that_is_far_too_long"], 9), "a_na…long");
    assert_eq!(exits(&[] as &[&str], 9), "");
}

#[test]
fn nothing_ends_the_text_or_steers_it() {
    assert_eq!(
        escaped("<script>alert('&')</script>]]>\"\u{0}\u{1b}\u{202e}\u{ffff}\n"),
        "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;]]&gt;&quot;\u{fffd}\u{fffd}\u{fffd}\u{fffd} "
    );
}

#[test]
fn foreign_letters_are_given_more_room() {
    assert!(width("字字", 10.0) > 2.0 * 10.0 && width("ab", 10.0) > 2.0 * 6.02);
}
