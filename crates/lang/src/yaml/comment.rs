//! A text that was read comes in; its comments and their places come out.

use granit_parser::{Event, Parser};

use super::Budget;
use crate::text::Span;

/// The places of all comments of a text that [`read`](super::read) accepts, `#` included, in the order of the text.
/// Of a text that it refuses, those before the first mistake.
pub fn comments(text: &str, budget: &Budget) -> Vec<Span> {
    let options = granit_parser::options! {
        emit_comments: true,
        max_buffered_comment_events: usize::MAX,
        emit_unresolved_aliases: true,
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: budget.depth,
        block_nesting_limit: budget.depth,
    };
    let events = Parser::new_from_str_with_options(text, options).map_while(Result::ok);
    let place = |(event, place): (Event<'_>, granit_parser::Span)| match event {
        Event::Comment(..) => place.byte_range().map(Span::from_range),
        _ => None,
    };
    let mut spans: Vec<Span> = events.filter_map(place).collect();
    // The parser looks ahead, and may tell of a comment after what stands behind it.
    spans.sort_unstable();
    spans.dedup();
    spans
}
