#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at the first surprise")]

use super::*;
use crate::{Actor, Scope};

fn scope(source: Source) -> Scope {
    Scope { tenant: "t".into(), application: "a".into(), run: uuid::Uuid::nil(), journey: "j".into(), source }
}

#[test]
fn r115_a_fact_of_a_visit_says_from_where() {
    let source = Source::new(Some("2001:db8::7".parse().unwrap()), Some("Browser/1"));
    let fact = Fact::new("tempcode.verified", Actor::system()).detail("address", "made up").within(&scope(source));
    assert_eq!(fact.details["address"], "2001:db8::7");
    assert_eq!(fact.details["user_agent"], "Browser/1");
    let nobody = Fact::new("journey.resumed", Actor::system()).within(&scope(Source::default()));
    assert!(nobody.details.is_empty(), "{nobody:?}");
}

#[test]
fn r116_a_user_agent_is_short_and_steers_nothing() {
    let source = Source::new(None, Some("a\r\nb\u{1b}[31m\u{202e}c\u{2028}d\u{85}e"));
    assert_eq!(source.user_agent(), Some("ab[31mcde"));
    let long = "\u{e9}".repeat(LONGEST + 1);
    assert_eq!(Source::new(None, Some(&long)).user_agent().unwrap().chars().count(), LONGEST);
    assert_eq!(Source::new(None, Some("\r\n")), Source::default());
}
