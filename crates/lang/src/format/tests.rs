#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod random;

use super::*;

#[track_caller]
fn formatted(text: &str) -> String {
    let once = match format(text.as_bytes()) {
        Ok(once) => once,
        Err(FormatError::Unreadable(findings)) => panic!("{text}\n{findings:?}"),
        Err(error) => {
            let lines = Lines::new(text);
            let budget = Budget::default();
            let comments = comment::collect(&lines, &yaml::comments(text, &budget));
            let (document, _) = yaml::read(text.as_bytes(), &budget);
            panic!("{error}: {text}\n----\n{}", layout::lay_out(document.unwrap().root(), &lines, comments))
        }
    };
    assert_eq!(format(once.as_bytes()).unwrap(), once, "a second time changes nothing");
    once
}

#[test]
fn keys_stand_in_their_order_and_take_their_comments_along() {
    let text = "\
# The file.
steps:
    # About this step.
    say:
        # The way on.
        next: done # later
        with:

            text: 't'
            # no title
        # commented: out
        type: \"display_information\"
    done: {type: complete_journey}   # the end
    # More to come.
# Whose it is.
journey:   hello
";
    let expected = "\
# The file.
# Whose it is.
journey: hello
steps:
  # About this step.
  say:
    # The way on.
    # commented: out
    type: display_information
    with:
      text: t
      # no title
    next: done  # later
  done: { type: complete_journey }  # the end
  # More to come.
";
    assert_eq!(formatted(text), expected);
}

#[test]
fn brackets_that_do_not_fit_or_hold_a_comment_become_blocks() {
    let long = "x".repeat(60);
    let text = format!(
        "journey: a\na: {{ b: [ 1,2 , {{c : ~}} ], d: {{}} }}\nl: {{ one: {long}, two: [{long}, [ ]] }}  # all\n\
         c: {{ # why\n  a: 1, # one\n  b: [2,\n    3 # three\n  # four\n  ]\n # end\n}} # out\nsteps: {{ s: {{ type: t }} }}\n"
    );
    let expected = format!(
        "journey: a\nsteps:\n  s: {{ type: t }}\na: {{ b: [1, 2, {{ c: null }}], d: {{}} }}\nl:  # all\n  one: {long}\n  two: [{long}, []]\n\
         c:  # why\n  a: 1  # one\n  b:\n    - 2\n    - 3  # three\n    # four\n  # end\n  # out\n"
    );
    assert_eq!(formatted(&text), expected);
}

#[test]
fn quotes_go_where_they_say_nothing() {
    let cases = [
        ("'word'", "word"),
        ("\"no\"", "\"no\""),
        ("'No'", "\"No\""),
        ("'12'", "\"12\""),
        ("\"null\"", "\"null\""),
        ("'two words'", "\"two words\""),
        ("two words", "two words"),
        ("'say \"it\"'", "'say \"it\"'"),
        ("\"say \\\"it\\\"\"", "'say \"it\"'"),
        ("\"it's \\\"it\\\"\"", "'it''s \"it\"'"),
        ("'it''s'", "\"it's\""),
        ("\"a\\u00e9b\"", "\"a\\u00e9b\""),
        ("\"\"", "\"\""),
        ("~", "null"),
        ("TRUE", "true"),
        ("0x1F", "0x1F"),
        ("+1.50", "+1.50"),
    ];
    for (from, to) in cases {
        assert_eq!(formatted(&format!("k: {from}\n")), format!("k: {to}\n"));
        assert_eq!(formatted(&format!("k: [{from} ]\n")), format!("k: [{to}]\n"));
    }
    assert_eq!(formatted("'a': 1\n\"b c\": 2\nd:\n"), "a: 1\n\"b c\": 2\nd:\n");
}

#[test]
fn long_texts_keep_their_lines() {
    let text = "\
a:   |
     one
       two

     three

b: >-  # why
   one
   two

c: plain
     goes on

     here   # end
d: \"quoted  \\
  x \\
     on  \\  
   end\"
e: 'single
      on'
f: |+
  kept

g:
  - |2
      deep
  - last\r
";
    let expected = "\
a: |
  one
    two

  three

b: >-  # why
  one
  two

c: plain
  goes on

  here  # end
d: \"quoted  \\
  x \\
  on  \\ 
  end\"
e: 'single
  on'
f: \"kept\\n\\n\"

g:
  - |2
      deep
  - last
";
    assert_eq!(formatted(text), expected);
    assert_eq!(formatted("a: |\n  one"), "a: |-\n  one\n");
    assert_eq!(formatted("a: >4\n     one\n"), "a: >2\n   one\n");
}

#[test]
fn comments_stay_where_they_are_in_lists_and_empty_values() {
    let text = "\
# top
--- # doc
a:
- # first
  b: 1
  # of b

- - x
  - y
  # inner
# outer
-   # nothing
c: # empty

d: # text
  # more
  'e f'
g: {} # none
h: {
 # hidden
}
? i # key
# between
: # value
  - [ # deep
     1 ]
# end
...
# after
";
    let expected = "\
# top
# doc
a:
  # first
  - b: 1
    # of b

  - - x
    - y
    # inner
  # outer
  # nothing
  - null
c:  # empty

# text
# more
d: \"e f\"
g: {}  # none
# hidden
h: {}
i:  # key
  # between
  # value
  # deep
  - - 1
# end
# after
";
    assert_eq!(formatted(text), expected);
}

#[test]
fn blank_lines_are_kept_once_between_things() {
    let text = "\n\n# a\n\n\n# b\nx:\n\n  y: 1\n \n\n  z: 2\n\n\n  # t\n\n\nw: { a: 1,\n\n b: 2 }\n\n\n";
    assert_eq!(formatted(text), "# a\n\n# b\nx:\n  y: 1\n\n  z: 2\n\n  # t\n\nw: { a: 1, b: 2 }\n");
}

#[test]
fn what_cannot_stand_as_it_is_finds_another_form() {
    let long = "k".repeat(1_001);
    assert_eq!(formatted(&format!("? {long} # c\n: a: 1\n")), format!("? {long}\n:  # c\n  a: 1\n"));
    assert_eq!(formatted("{ --- a: 1 }"), "\"--- a\": 1\n");
    assert_eq!(formatted("? |\n  a\n  b\n: 1\n"), "\"a\\nb\\n\": 1\n");
    assert_eq!(formatted("[a: b, c]: 1".replace("[a: b, c]: 1", "k: [a: b, c]").as_str()), "k: [{ a: b }, c]\n");
    assert_eq!(formatted("\u{feff}# c\n{}"), "# c\n{}\n");
    assert_eq!(formatted("a:\tb\r\nc: d\r"), "a: b\nc: d\n");
}

/// It would take minutes if each place looked back to the start of its line.
#[test]
fn a_line_of_very_many_places_is_looked_at_once() {
    let text = format!("a:\n{}[{}1]\n", " ".repeat(800_000), "1, ".repeat(40_000));
    assert_eq!(formatted(&text).lines().count(), 40_002);
}

#[test]
fn what_cannot_be_read_is_refused_with_its_findings() {
    for text in ["a: @b\n", "a: &x 1\n", "", "- a\n", "a: [\n", "a: 1\na: 2\n"] {
        assert!(
            matches!(format(text.as_bytes()), Err(FormatError::Unreadable(findings)) if findings.has_errors()),
            "{text}"
        );
    }
    assert!(matches!(format(b"a: \xff"), Err(FormatError::Unreadable(_))));
    let ways: String = (0..30).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let leaves: String = (0..20_000).map(|leaf| format!("{}k{leaf}: 1\n", " ".repeat(30))).collect();
    let wide = ways + &leaves;
    assert!(matches!(format(wide.as_bytes()), Err(FormatError::TooLarge)));
}
