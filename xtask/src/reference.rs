//! The reference: the pages that `wayfarer explain` knows, the OpenAPI document, the schema of journeys and the picture of one come in;
//! one Markdown file for each kind of page, and a file for each of the others go out.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::checks;
use crate::project::Project;

#[cfg(test)]
mod tests;

/// The journey that the README draws, and its picture.
const JOURNEY: &str = "journeys/temp_code_auth_journey.yaml";
const PICTURE: &str = "temp_code_auth_journey.svg";

/// One kind of page, such as the functions, and the names that have a page.
#[derive(Debug, PartialEq, Eq)]
struct Section {
    title: String,
    names: Vec<String>,
}

/// Writes all of it anew.
pub(crate) fn write(project: &Project) -> Result<()> {
    let folder = folder(project);
    std::fs::create_dir_all(&folder)?;
    for (name, text) in pages(project)? {
        std::fs::write(folder.join(&name), text).with_context(|| format!("cannot write docs/reference/{name}"))?;
    }
    Ok(())
}

/// Holds what is written against what would be written.
pub(crate) fn check(project: &Project) -> Result<String> {
    let pages = pages(project)?;
    let mut stale = Vec::new();
    for (name, text) in &pages {
        if std::fs::read_to_string(folder(project).join(name)).ok().as_ref() != Some(text) {
            stale.push(format!("docs/reference/{name}"));
        }
    }
    if !stale.is_empty() {
        bail!("out of date: {}\nrun `cargo xtask docs`", stale.join(", "));
    }
    Ok(format!("{} files", pages.len()))
}

fn folder(project: &Project) -> PathBuf {
    project.root.join("docs").join("reference")
}

/// The files by name.
fn pages(project: &Project) -> Result<Vec<(String, String)>> {
    checks::build(project)?;
    let sections = sections(&explain(project, &[])?);
    ensure!(!sections.is_empty(), "`wayfarer explain` lists nothing");
    let mut files = Vec::new();
    for section in sections {
        let mut text = format!("# {}\n\nMade from the code by `cargo xtask docs`.\n", section.title);
        let mut anchors = Vec::new();
        let mut group = "";
        for name in &section.names {
            let page = explain(project, &[name, "--format", "markdown"])?;
            text.push('\n');
            let mut part = lowered(page.trim());
            // Functions stand together by their namespace.
            if let Some((namespace, _)) = name.split_once('.') {
                if namespace != group {
                    group = namespace;
                    text.push_str(&contents(group, &section.names));
                }
                part = lowered(part.trim());
            }
            text.push_str(&part);
            anchors.push((format!("]({name}.md)"), format!("](#{})", anchor(&page))));
        }
        for (link, anchor) in anchors {
            text = text.replace(&link, &anchor);
        }
        files.push((file_name(&section.title), text));
    }
    files.push(("openapi.json".to_owned(), said(project, &["openapi"])?));
    files.push(("journey.schema.json".to_owned(), said(project, &["schema"])?));
    let journey = project.root.join(JOURNEY).display().to_string();
    files.push((PICTURE.to_owned(), said(project, &["graph", &journey, "--format", "svg"])?));
    Ok(files)
}

fn explain(project: &Project, arguments: &[&str]) -> Result<String> {
    said(project, &[&["explain"], arguments].concat())
}

fn said(project: &Project, arguments: &[&str]) -> Result<String> {
    let output = Command::new(project.program("wayfarer"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .context("`wayfarer` does not start")?;
    ensure!(output.status.success(), "`wayfarer {}`: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// Takes the list apart: a title at the margin, then a name and what it is on each indented line.
fn sections(list: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in list.lines().filter(|line| !line.trim().is_empty()) {
        let name = line.split_whitespace().next().filter(|_| line.starts_with(' '));
        match (name, sections.last_mut()) {
            (Some(name), Some(section)) => section.names.push(name.to_owned()),
            _ => sections.push(Section { title: line.trim().to_owned(), names: Vec::new() }),
        }
    }
    sections
}

/// The heading of a namespace, and a link to each of its functions.
fn contents(namespace: &str, names: &[String]) -> String {
    let of = |name: &String| name.split_once('.').is_some_and(|(before, _)| before == namespace);
    let link = |name: &String| format!("[`{name}`](#{})", name.replace('.', "").to_lowercase());
    let links: Vec<_> = names.iter().filter(|name| of(name)).map(link).collect();
    format!("## @{namespace}\n\n{}\n\n", links.join(" · "))
}

/// The page as a part of a longer one: each heading a level lower, code untouched.
fn lowered(page: &str) -> String {
    let mut text = String::new();
    let mut fenced = false;
    for line in page.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if line.starts_with('#') && !fenced {
            text.push('#');
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// Where the page's first heading is found once the page is a part of a longer one.
fn anchor(page: &str) -> String {
    let heading = page.lines().next().unwrap_or_default().trim_start_matches('#').trim().to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn file_name(title: &str) -> String {
    format!("{}.md", title.to_lowercase().replace(' ', "-"))
}
