//! How the list is taken apart and pages are joined.

use super::{Section, anchor, file_name, lowered, sections};

#[test]
fn a_list_has_titles_and_names() {
    let list = "Findings\n  J0001  not text\n  J0002  too large\n\nForms and steps\n  condition  branches\n";
    assert_eq!(
        sections(list),
        [
            Section { title: "Findings".into(), names: vec!["J0001".into(), "J0002".into()] },
            Section { title: "Forms and steps".into(), names: vec!["condition".into()] },
        ]
    );
    assert_eq!(file_name("Forms and steps"), "forms-and-steps.md");
}

#[test]
fn headings_sink_and_comments_in_code_stay() {
    assert_eq!(lowered("# A\n\n```yaml\n# no heading\n```\n## B"), "## A\n\n```yaml\n# no heading\n```\n### B\n");
}

#[test]
fn an_anchor_is_the_heading_without_its_signs() {
    assert_eq!(anchor("# J0110: a step has both `branches` and `next`\n"), "j0110-a-step-has-both-branches-and-next");
}
