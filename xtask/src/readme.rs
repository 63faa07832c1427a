//! The README: its fences come in, and each that shows a journey or a command is held against what is so.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::checks;
use crate::project::Project;

#[cfg(test)]
mod tests;

/// The two commands that are all the set-up.
const COMMANDS: &[&str] = &["cargo run --release -- demo", "cargo xtask test"];
const REFERENCE: &str = "journeys/temp_code_auth_journey.yaml";

struct Fence {
    language: String,
    text: String,
}

/// Shell fences hold the two commands, YAML fences are parts of the reference journey, and each console fence is one
/// `wayfarer` command with all that it says.
pub(crate) fn check(project: &Project) -> Result<String> {
    let page = std::fs::read_to_string(project.root.join("README.md")).context("cannot read README.md")?;
    let fences = fences(&page);
    let of = |language: &'static str| fences.iter().filter(move |fence| fence.language == language);

    for command in COMMANDS {
        ensure!(
            of("sh").any(|fence| fence
                .text
                .lines()
                .any(|line| line.split('#').next().unwrap_or_default().trim() == *command)),
            "README.md: the command `{command}` is not shown"
        );
    }

    let journey = std::fs::read_to_string(project.root.join(REFERENCE)).context("cannot read the reference journey")?;
    for fence in of("yaml") {
        ensure!(journey.contains(&fence.text), "README.md: this is not in {REFERENCE}:\n\n{}", fence.text);
    }

    checks::build(project)?;
    let mut count = 0;
    for fence in of("console") {
        replay(project, &fence.text)?;
        count += 1;
    }
    ensure!(count > 0, "README.md: no command is shown with what it says");
    Ok(format!("{count} commands replayed"))
}

fn replay(project: &Project, text: &str) -> Result<()> {
    let (line, shown) = text.split_once('\n').unwrap_or((text, ""));
    let words: Vec<&str> = line.split_whitespace().collect();
    let ["$", "wayfarer", arguments @ ..] = words.as_slice() else {
        bail!("README.md: a console fence begins with `$ wayfarer`, not with `{line}`");
    };
    let output = Command::new(project.program("wayfarer"))
        .args(arguments)
        .current_dir(&project.root)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .context("`wayfarer` does not start")?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    ensure!(same(&said, shown), "README.md shows for `{line}`:\n\n{shown}\nbut it says:\n\n{said}");
    Ok(())
}

/// The same lines, but for blank ones around them and at their ends.
fn same(left: &str, right: &str) -> bool {
    let lines = |text: &str| text.trim().lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    lines(left) == lines(right)
}

fn fences(page: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut open: Option<Fence> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(language), None) => open = Some(Fence { language: language.trim().to_owned(), text: String::new() }),
            (Some(_), Some(fence)) => fences.push(fence),
            (None, Some(mut fence)) => {
                fence.text.push_str(line);
                fence.text.push('\n');
                open = Some(fence);
            }
            (None, None) => {}
        }
    }
    fences
}
