//! A page in Markdown comes in; the fenced journeys in it go out, with the headings that they stand under.

/// A fenced text and where it begins.
#[derive(Debug)]
pub struct Fence<'a> {
    /// The heading above it, of the second level.
    pub heading: &'a str,
    /// What stands behind the opening marks.
    pub language: &'a str,
    /// 1-based line of the text's first line.
    pub line: usize,
    /// What stands in it.
    pub text: String,
}

/// What stands behind the language of a fence that is checked together with the one before it.
const TOGETHER: &str = "yaml together";

/// The fences that are checked together.
#[must_use]
pub fn groups(page: &str) -> Vec<Vec<Fence<'_>>> {
    let mut groups: Vec<Vec<Fence<'_>>> = Vec::new();
    for fence in fences(page) {
        match groups.last_mut() {
            Some(group) if fence.language == TOGETHER => group.push(fence),
            _ => groups.push(vec![fence]),
        }
    }
    groups
}

fn fences(page: &str) -> Vec<Fence<'_>> {
    let (mut all, mut heading, mut open) = (Vec::new(), "", None::<Fence<'_>>);
    for (index, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some(Fence { heading, language, line: index + 2, text: String::new() }),
            (Some(_), Some(_)) => all.extend(open.take()),
            (None, Some(fence)) => fence.text += &format!("{line}\n"),
            (None, None) => heading = line.strip_prefix("## ").unwrap_or(heading),
        }
    }
    all
}
