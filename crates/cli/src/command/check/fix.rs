//! Files that were named come in; what is certain among their fixes is written into them, and told.

use anyhow::Result;
use wayfarer_lang::diagnostic::{Certainty, apply};
use wayfarer_lang::yaml::{self, Budget};
use wayfarer_lang::{Catalog, Checked, Rules};

use crate::files;
use crate::journey::Together;

/// A cure may bare a mistake that can be cured again, but not without end.
const ROUNDS: usize = 10;

/// Applies the certain fixes until none is left, and adds to `fixed` how many they were in which file.
pub(super) fn fix(group: &Together, catalog: &Catalog, rules: &Rules, fixed: &mut Vec<(String, usize)>) -> Result<()> {
    for _ in 0..ROUNDS {
        let mut again = false;
        // What cannot be opened is told when the rest is.
        let (checked, _) = group.check(catalog, rules);
        for file in &checked {
            let Some((path, (text, count))) = group.path(file.source.name()).zip(cured(file)) else { continue };
            if files::replace(&path, file.source.text().as_bytes(), &text)? {
                again = true;
                let name = file.source.name().to_string();
                match fixed.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, sum)) => *sum += count,
                    None => fixed.push((name, count)),
                }
            }
        }
        if !again {
            break;
        }
    }
    Ok(())
}

/// The text with its certain fixes, and how many they are; none if it could be read less well then.
fn cured(file: &Checked) -> Option<(String, usize)> {
    let fixes = file.findings.iter().filter_map(|finding| finding.fix.as_deref());
    let (text, count) = apply(file.source.text(), fixes.filter(|fix| fix.certainty == Certainty::Certain));
    let mistakes = |text: &str| {
        let (document, findings) = yaml::read(text.as_bytes(), &Budget::default());
        document.map(|_| findings.len())
    };
    let readable = count > 0 && mistakes(&text)? <= mistakes(file.source.text()).unwrap_or(usize::MAX);
    readable.then_some((text, count))
}
