#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;

use super::*;
use crate::yaml;

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

/// The fenced texts of a page: the heading above, the language, the text.
fn fences(page: &str) -> Vec<(String, String, String)> {
    let (mut all, mut heading, mut open) = (Vec::new(), String::new(), None::<(String, String)>);
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some((language.to_owned(), String::new())),
            (Some(_), Some(_)) => {
                let (language, text) = open.take().unwrap();
                all.push((heading.clone(), language, text));
            }
            (None, Some((_, text))) => *text += &format!("{line}\n"),
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    heading = title.to_owned();
                }
            }
        }
    }
    assert_eq!(open, None, "every fence is closed");
    all
}

#[test]
fn every_code_has_a_page_with_all_its_parts() {
    for code in Code::all() {
        let page = code.page();
        let heading = format!("# {}: {}\n", code.id(), code.title());
        assert!(page.starts_with(&heading), "{code} starts with {heading:?}");
        let parts: Vec<_> = page.split("\n## ").collect();
        let names: Vec<_> = parts.iter().skip(1).filter_map(|part| part.lines().next()).collect();
        assert_eq!(names, ["Wrong", "Right", "Why it matters"], "{code}");
        assert!(parts.iter().all(|part| part.trim().lines().count() > 2), "{code} has no empty part");
        let shown: Vec<_> = fences(page).into_iter().map(|(heading, ..)| heading).collect();
        assert!(shown.contains(&"Wrong".to_owned()) && shown.contains(&"Right".to_owned()), "{code} shows both");
    }
}

#[test]
fn pages_about_yaml_show_what_they_say() {
    for code in Code::all() {
        for (heading, language, text) in fences(code.page()) {
            let (_, findings) = yaml::read(text.as_bytes(), &yaml::Budget::default());
            let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
            match (heading.as_str(), language.as_str()) {
                ("Right", language) => {
                    assert!(["yaml", "yaml together", "yaml configuration"].contains(&language), "{code}: {language}");
                    assert_eq!(codes, [], "{code}: the right text has no mistake");
                }
                ("Wrong", "yaml") if code.id().starts_with("J00") => {
                    assert!(codes.contains(&code), "{code}: {codes:?}");
                }
                _ => {}
            }
        }
    }
}
