//! The plan of the house, held: cargo's account of the workspace and the source files come in, every line that stands
//! in the wrong room goes out. The plan itself is told in docs/architecture.md.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// All but the command line.
const ALL: &[&str] = &[
    "wayfarer-lang",
    "wayfarer-step",
    "wayfarer-store",
    "wayfarer-engine",
    "wayfarer-identity",
    "wayfarer-steps",
    "wayfarer-server",
    "wayfarer",
];

/// The arrows: what each crate may use of ours.
const ARROWS: &[(&str, &[&str])] = &[
    ("wayfarer-lang", &[]),
    ("wayfarer-store", &[]),
    ("wayfarer-step", &["wayfarer-lang"]),
    ("wayfarer-engine", &["wayfarer-lang", "wayfarer-step", "wayfarer-store"]),
    ("wayfarer-identity", &["wayfarer-step", "wayfarer-store"]),
    ("wayfarer-steps", &["wayfarer-step"]),
    ("wayfarer-server", &["wayfarer-lang", "wayfarer-step", "wayfarer-engine", "wayfarer-identity"]),
    (
        "wayfarer",
        &["wayfarer-lang", "wayfarer-step", "wayfarer-store", "wayfarer-engine", "wayfarer-identity", "wayfarer-steps"],
    ),
    ("wayfarer-cli", ALL),
    // Whoever stands outside has the two faces, and no more.
    ("wayfarer-example-embed", &["wayfarer"]),
    ("wayfarer-example-custom-step", &["wayfarer", "wayfarer-cli"]),
    // The tests reach everywhere.
    ("wayfarer-tests", ALL),
    ("xtask", &[]),
];

/// Crates of others that are at home in some rooms only.
const HOMES: &[(&str, &[&str])] = &[
    ("granit-parser", &["wayfarer-lang"]),
    ("serde_yaml", &["wayfarer-lang"]),
    ("pest", &["wayfarer-lang"]),
    ("pest_derive", &["wayfarer-lang"]),
    ("redb", &["wayfarer-store"]),
    ("jsonwebtoken", &["wayfarer-identity"]),
    ("aws-lc-rs", &["wayfarer-lang", "wayfarer-store", "wayfarer-engine", "wayfarer-identity", "wayfarer-server"]),
    ("phonenumber", &["wayfarer-lang"]),
    ("qrcode", &["wayfarer-lang"]),
    ("quick-xml", &["wayfarer-lang"]),
    ("regex", &["wayfarer-lang"]),
    ("serde_json_path", &["wayfarer-lang"]),
    ("axum", &["wayfarer-server"]),
    ("prometheus-client", &["wayfarer-server"]),
    ("opentelemetry", &["wayfarer-cli"]),
    ("hyper", &["wayfarer-server", "wayfarer-cli"]),
    ("hyper-util", &["wayfarer-server", "wayfarer-cli"]),
    ("anyhow", &["wayfarer-cli", "xtask"]),
    ("clap", &["wayfarer-cli"]),
    ("annotate-snippets", &["wayfarer-cli"]),
    ("anstream", &["wayfarer-cli"]),
    ("rpassword", &["wayfarer-cli"]),
    ("tracing-subscriber", &["wayfarer-cli", "wayfarer-tests"]),
];

/// What the language may not even name: it reads no clock, rolls no dice, waits for nothing and touches no disk.
const IMPURE: &[&str] =
    &["async-trait", "futures-util", "getrandom", "rand", "redb", "tempfile", "tokio", "tracing", "uuid"];

/// What the language takes of its library for cryptography: nothing of it rolls dice.
const CALCULATES: &[&str] = &["aead", "digest", "hmac", "signature"];
/// What of it does, or makes a key, wherever it stands there.
const ROLLS: &[&str] = &["rand::", "SystemRandom", "KeyPair", "generate", "RandomizedNonceKey"];

const LONGEST_FILE: usize = 500;

#[test]
fn each_crate_uses_only_what_its_row_names() {
    let workspace = workspace();
    let ours: BTreeSet<&str> = workspace.packages.iter().map(|package| package.name.as_str()).collect();
    let strangers: Vec<_> = ours.iter().filter(|name| !ARROWS.iter().any(|(row, _)| row == *name)).collect();
    assert!(
        strangers.is_empty(),
        "no row for {strangers:?}: draw its arrows, and tell of them in docs/architecture.md"
    );
    assert_eq!(forbidden_arrows(&uses(&workspace), &ours), Vec::<String>::new());
}

#[test]
fn an_arrow_against_the_plan_is_seen() {
    let ours = BTreeSet::from(["wayfarer-store", "wayfarer-lang", "wayfarer-step"]);
    let uses = [use_of("wayfarer-store", "wayfarer-lang"), use_of("wayfarer-step", "wayfarer-lang")];
    assert_eq!(forbidden_arrows(&uses, &ours), ["`wayfarer-store` may not use `wayfarer-lang`"]);
}

#[test]
fn the_crates_of_others_stay_at_home() {
    assert_eq!(strays(&uses(&workspace())), Vec::<String>::new());
}

#[test]
fn a_stray_is_seen() {
    let uses =
        [use_of("wayfarer-steps", "anyhow"), use_of("wayfarer-cli", "anyhow"), use_of("wayfarer-steps", "serde")];
    assert_eq!(strays(&uses), ["`anyhow` is not at home in `wayfarer-steps`"]);
}

#[test]
fn the_language_is_pure() {
    let uses = uses(&workspace());
    let named: Vec<&str> =
        uses.iter().filter(|arrow| arrow.from == "wayfarer-lang").map(|arrow| arrow.to.as_str()).collect();
    assert!(named.contains(&"serde"), "the language was not looked at");
    let impure: Vec<&str> = named.into_iter().filter(|name| IMPURE.contains(name)).collect();
    assert_eq!(impure, Vec::<&str>::new());
}

#[test]
fn the_language_only_calculates_with_its_cryptography() {
    let mut looked = 0;
    for (path, text) in sources() {
        let is_test = path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests");
        if is_test || !path.starts_with("crates/lang/src") || !text.contains("aws_lc_rs") {
            continue;
        }
        looked += 1;
        let rolls: Vec<_> = ROLLS.iter().filter(|word| text.contains(*word)).collect();
        assert!(rolls.is_empty(), "{}: {rolls:?}", path.display());
        for part in text.split("aws_lc_rs::").skip(1) {
            let names = part.strip_prefix('{').and_then(|list| list.split('}').next()).unwrap_or(part);
            let names = if names.len() < part.len() { names.split(',').collect() } else { vec![names] };
            for name in names.iter().filter_map(|name| name.trim().split([':', ';']).next()) {
                assert!(CALCULATES.contains(&name), "{}: aws_lc_rs::{name}", path.display());
            }
        }
    }
    assert!(looked > 3, "the language was not looked at");
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace_and_none_allows_unsafe_code() {
    let workspace = workspace();
    let root = fs::read_to_string(workspace.workspace_root.join("Cargo.toml")).unwrap();
    assert!(in_section(&root, "[workspace.lints.rust]").any(|line| line == r#"unsafe_code = "forbid""#));
    for package in &workspace.packages {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        assert!(
            in_section(&manifest, "[lints]").any(|line| line == "workspace = true"),
            "`{}` does not take the lints of the workspace",
            package.name
        );
    }
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn every_module_opens_with_what_comes_in_and_what_goes_out() {
    let silent: Vec<PathBuf> = sources()
        .into_iter()
        // The tests of a file need no other word than its name.
        .filter(|(path, _)| !path.ends_with("tests.rs"))
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(silent, Vec::<PathBuf>::new());
}

#[test]
fn the_tests_of_a_file_sit_beside_it() {
    let inline: Vec<PathBuf> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().any(|line| line.trim_end() == "mod tests {"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(inline, Vec::<PathBuf>::new());
}

/// One crate naming another as a normal dependency.
struct Use {
    from: String,
    to: String,
}

fn use_of(from: &str, to: &str) -> Use {
    Use { from: from.to_owned(), to: to.to_owned() }
}

fn forbidden_arrows(uses: &[Use], ours: &BTreeSet<&str>) -> Vec<String> {
    let allowed = |arrow: &Use| ARROWS.iter().any(|(row, may)| *row == arrow.from && may.contains(&arrow.to.as_str()));
    uses.iter()
        .filter(|arrow| ours.contains(arrow.to.as_str()) && !allowed(arrow))
        .map(|arrow| format!("`{}` may not use `{}`", arrow.from, arrow.to))
        .collect()
}

fn strays(uses: &[Use]) -> Vec<String> {
    let astray =
        |arrow: &Use| HOMES.iter().any(|(name, homes)| *name == arrow.to && !homes.contains(&arrow.from.as_str()));
    uses.iter()
        .filter(|arrow| astray(arrow))
        .map(|arrow| format!("`{}` is not at home in `{}`", arrow.to, arrow.from))
        .collect()
}

fn workspace() -> Metadata {
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Normal dependencies alone: a test may reach further than what it tests.
fn uses(workspace: &Metadata) -> Vec<Use> {
    let of = |package: &Package| -> Vec<Use> {
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        normal.map(|found| use_of(&package.name, found.rename.as_deref().unwrap_or(&found.name))).collect()
    };
    workspace.packages.iter().flat_map(of).collect()
}

/// The lines of one section of a manifest.
fn in_section<'a>(manifest: &'a str, section: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = manifest.lines().map(str::trim).skip_while(move |line| *line != section);
    lines.skip(1).take_while(|line| !line.starts_with('['))
}

/// Every Rust file of the workspace, relative to its root.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for room in ["crates", "examples", "tests", "xtask"] {
        collect(&root().join(room), &mut found);
    }
    assert!(found.len() > 20, "the sources were not found");
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") {
                collect(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
        }
    }
}
