use std::collections::BTreeSet;

use super::*;

#[test]
fn ids_and_titles_are_unique_ordered_and_well_formed() {
    let ids: Vec<_> = Code::all().map(Code::id).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let titles: BTreeSet<_> = Code::all().map(Code::title).collect();
    assert_eq!(titles.len(), ids.len());
    for code in Code::all() {
        let digits = code.id().strip_prefix("J0").unwrap_or_default();
        assert!(digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        assert!(!code.title().ends_with('.'), "{code}");
        assert_eq!(Code::find(code.id()), Some(code));
    }
    assert_eq!(Code::find("j0001"), Some(Code::NOT_UTF8));
    assert_eq!(Code::find("J0999"), None);
    assert_eq!(Code::find(""), None);
}

#[test]
fn every_code_has_a_page_with_all_its_parts() {
    for code in Code::all() {
        let page = code.page();
        let heading = format!("# {}: {}\n", code.id(), code.title());
        assert!(page.starts_with(&heading), "{code} starts with {heading:?}");
        for part in ["\n## Wrong\n", "\n## Right\n", "\n## Why it matters\n"] {
            assert_eq!(page.matches(part).count(), 1, "{code} has {part:?} once");
        }
        let fences = page.lines().filter(|line| line.starts_with("```")).count();
        assert!(fences >= 4 && fences % 2 == 0, "{code} shows a wrong and a right text");
    }
}
