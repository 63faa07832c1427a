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
        hold(project, &fence.text)?;
        count += 1;
    }
    ensure!(count > 0, "README.md: no command is shown with what it says");
    Ok(format!("replayed: {count}"))
}

/// Writes anew what the README's commands say.
pub(crate) fn write(project: &Project) -> Result<()> {
    checks::build(project)?;
    let file = project.root.join("README.md");
    let page = std::fs::read_to_string(&file).context("cannot read README.md")?;
    let mut fresh = page.clone();
    for fence in fences(&page).iter().filter(|fence| fence.language == "console") {
        let (line, _) = command(&fence.text);
        let said = replay(project, line)?;
        fresh = fresh.replace(&fence.text, &format!("{line}\n{}\n", tidy(&said).join("\n")));
    }
    std::fs::write(&file, fresh).context("cannot write README.md")
}

fn hold(project: &Project, text: &str) -> Result<()> {
    let (line, shown) = command(text);
    let said = replay(project, line)?;
    ensure!(tidy(&said) == tidy(shown), "README.md shows for `{line}`:\n\n{shown}\nbut it says:\n\n{said}");
    Ok(())
}

/// The command of a console fence, and what is shown below it.
fn command(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

fn replay(project: &Project, line: &str) -> Result<String> {
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
    Ok(String::from_utf8([output.stdout, output.stderr].concat())?)
}

/// The lines without the blanks at their ends, and without blank lines around them.
fn tidy(text: &str) -> Vec<&str> {
    text.trim().lines().map(str::trim_end).collect()
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
