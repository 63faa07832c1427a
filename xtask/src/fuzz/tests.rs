//! What is read out of pages and out of what libFuzzer says.

use super::seed::{fences, first_cells};
use super::session::tried;

#[test]
fn the_number_of_inputs_is_read() {
    assert_eq!(tried("Done 12 runs\nstat::number_of_executed_units: 4321\nstat::peak_rss_mb: 61\n"), Some(4321));
    assert_eq!(tried("Done 12 runs\n"), None);
}

#[test]
fn seeds_are_what_stands_in_fences_and_first_cells() {
    let page =
        "text\n```yaml\na: 1\n```\n\n```json\n{}\n```\n\n| `a \\|\\| b` | `{}` | `1` |\n|---|---|\n| x | y | z |\n";
    assert_eq!(fences(page), ["a: 1\n"]);
    assert_eq!(first_cells(page), ["a || b"]);
}
