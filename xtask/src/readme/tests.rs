//! How a page is taken apart.

use super::{command, fences, tidy};

#[test]
fn fences_are_taken_with_their_language() {
    let page = "# A\n```yaml\na: 1\n\nb: 2\n```\ntext\n```sh\nls\n```\n```yaml\nnever closed";
    let taken: Vec<(String, String)> = fences(page).into_iter().map(|fence| (fence.language, fence.text)).collect();
    assert_eq!(taken, [("yaml".into(), "a: 1\n\nb: 2\n".into()), ("sh".into(), "ls\n".into())]);
}

#[test]
fn blank_ends_do_not_matter_but_lines_do() {
    assert_eq!(tidy("\na  \n b\n\n"), ["a", " b"]);
    assert_ne!(tidy("a\nb"), tidy("a\n\nb"));
}

#[test]
fn the_first_line_is_the_command() {
    assert_eq!(command("$ wayfarer steps\na\nb\n"), ("$ wayfarer steps", "a\nb\n"));
    assert_eq!(command("$ wayfarer steps"), ("$ wayfarer steps", ""));
}
