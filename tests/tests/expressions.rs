//! The book of the language, `docs/language`: each row of its tables is evaluated and must give what the row says.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value as Json;
use wayfarer_lang::expr::functions::{self, Function};
use wayfarer_lang::expr::{
    CompileErrorKind, EvalCode, EvalError, Given, Mode, Scope, Seed, SyntaxKind, Template, compile, parse, print,
};
use wayfarer_lang::{Code, Value, yaml};

/// A row of a table whose header says what its first column is.
struct Row {
    line: usize,
    is_text: bool,
    source: String,
    scope: Given,
    expected: String,
}

#[test]
fn the_book_of_the_language_is_true() {
    let (mut wrong, mut count) = (String::new(), 0);
    for (name, page) in chapters() {
        for row in rows(&page) {
            count += 1;
            let found = if row.is_text { text(&row.scope, &row.source) } else { expression(&row.scope, &row.source) };
            if !agree(&found, &row.expected) {
                let Row { line, source, expected, .. } = row;
                writeln!(wrong, "{name}, line {line}: {source}\n    gives {found}\n    not   {expected}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(count >= 900, "{count} rows are left of the book");
}

#[test]
fn each_function_has_five_rows_at_least_and_one_that_fails() {
    let chapters = chapters();
    let rows: Vec<Row> = chapters.iter().flat_map(|(_, page)| rows(page)).collect();
    let mut poor = Vec::new();
    for Function { namespace, name, .. } in functions::all() {
        let (long, short) = (format!("@{namespace}.{name}("), format!("@{name}("));
        let calls = |row: &&Row| row.source.contains(&long) || (*namespace == "std" && row.source.contains(&short));
        let count = rows.iter().filter(calls).count();
        let fails = rows.iter().filter(calls).any(|row| row.expected.starts_with("error: "));
        if count < 5 || !fails {
            poor.push(format!("{long} has {count} rows"));
        }
    }
    assert_eq!(poor, Vec::<String>::new());
}

#[test]
fn the_index_names_every_chapter() {
    let chapters = chapters();
    let (_, index) = chapters.iter().find(|(name, _)| name == "README.md").unwrap();
    for (name, _) in &chapters {
        assert!(name == "README.md" || index.contains(&format!("]({name})")), "{name} is not in the index");
    }
}

#[test]
fn each_error_has_its_line() {
    let chapters = chapters();
    let (_, page) = chapters.iter().find(|(name, _)| name == "errors.md").unwrap();
    let told: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).collect();
    let words: Vec<_> = told.iter().map(|(word, _)| *word).collect();
    assert_eq!(words, EvalCode::ALL.map(EvalCode::word));
}

/// The pages of the book, by name.
fn chapters() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("docs").join("language");
    let mut chapters: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect();
    chapters.sort();
    chapters
}

fn rows(page: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut is_text = None;
    for (index, line) in page.lines().enumerate() {
        let Some(cells) = cells(line) else {
            is_text = None;
            continue;
        };
        let cell = |index: usize| cells.get(index).map(String::as_str).unwrap_or_default();
        match (cell(0), cell(1), cell(2)) {
            ("expression", "scope", "value") => is_text = Some(false),
            ("text", "scope", "value") => is_text = Some(true),
            (source, scope, expected) if is_text.is_some() && !source.starts_with("---") => {
                let scope = if scope.is_empty() { "{}" } else { scope };
                let scope = given(scope);
                let (source, expected) = (source.to_owned(), expected.to_owned());
                rows.push(Row { line: index + 1, is_text: is_text == Some(true), source, scope, expected });
            }
            _ => {}
        }
    }
    rows
}

/// The cells of a table's line: split at bars without a backslash, code marks taken off.
fn cells(line: &str) -> Option<Vec<String>> {
    let line = line.strip_prefix('|')?.strip_suffix('|')?.replace("\\|", "\u{0}");
    Some(line.split('|').map(|cell| bare(cell.trim()).replace('\u{0}', "|")).collect())
}

fn bare(cell: &str) -> &str {
    let ticks = cell.len() - cell.trim_start_matches('`').len();
    let inner = cell.get(ticks..cell.len().saturating_sub(ticks)).unwrap_or(cell);
    // Two ticks and more are set off by a blank where the text itself begins or ends with one.
    if ticks > 1 { inner.strip_prefix(' ').and_then(|inner| inner.strip_suffix(' ')).unwrap_or(inner) } else { inner }
}

fn agree(found: &str, expected: &str) -> bool {
    if found.starts_with("error: ") || expected.starts_with("error: ") {
        return found == expected;
    }
    match (serde_json::from_str::<Json>(found), serde_json::from_str::<Json>(expected)) {
        // The language's own equality: 2.0 in a row is 2.
        (Ok(found), Ok(expected)) => Value::from(found) == Value::from(expected),
        _ => false,
    }
}

/// The names and values of a row.
fn given(scope: &str) -> Given {
    let (document, findings) = yaml::read(scope.as_bytes(), &yaml::Budget::default());
    assert!(findings.is_empty(), "{scope}: {findings:?}");
    let (given, findings) = Given::read(document.unwrap().root());
    assert!(findings.is_empty(), "{scope}: {findings:?}");
    given
}

fn expression(given: &Given, source: &str) -> String {
    let ast = match parse(source) {
        Ok(ast) => ast,
        Err(error) => {
            let word = if error.kind == SyntaxKind::Limit { "limit" } else { "syntax" };
            return format!("error: {word}");
        }
    };
    assert_eq!(parse(&print(&ast)).as_ref(), Ok(&ast), "{source} prints as another expression");
    let expression = match compile(&ast, given) {
        Ok(expression) => expression,
        Err(errors) => {
            let word = match errors.first().unwrap().kind {
                CompileErrorKind::UnknownVariable => "unknown-variable",
                CompileErrorKind::UnknownParameter => "unknown-parameter",
                CompileErrorKind::UnknownFunction => "unknown-function",
                _ => "wrong-use",
            };
            return format!("error: {word}");
        }
    };
    within(given, |scope| expression.evaluate(scope))
}

fn text(given: &Given, source: &str) -> String {
    // A JSON string is a YAML text.
    let file = format!("text: {}\n", Json::from(source));
    let (document, findings) = yaml::read(file.as_bytes(), &yaml::Budget::default());
    assert!(findings.is_empty(), "{findings:?}");
    let document = document.unwrap();
    let template = match Template::compile(document.root().get("text").unwrap(), given, Mode::Value) {
        Ok(template) => template,
        Err(findings) => {
            let syntax = findings.iter().all(|finding| finding.code == Code::EXPRESSION_SYNTAX);
            return format!("error: {}", if syntax { "syntax" } else { "other" });
        }
    };
    within(given, |scope| template.evaluate(scope))
}

fn within(given: &Given, evaluate: impl FnOnce(&Scope<'_>) -> Result<Value, EvalError>) -> String {
    match given.within(Timestamp::UNIX_EPOCH, Seed::new([7; 32]), evaluate) {
        Ok(value) => value.to_json_masked().to_string(),
        Err(error) => format!("error: {}", error.code),
    }
}
