//! A mapping of the file comes in; its values go out by key, and a finding for each that does not fit or is not known.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use wayfarer_lang::diagnostic::quoted;
use wayfarer_lang::journey::{Spanned, parse_duration, unknown_key, wrong_shape};
use wayfarer_lang::yaml::{Node, NodeKind};
use wayfarer_lang::{Code, Diagnostic, Findings};

/// A mapping that is being read. Whatever is asked for is a key that it may have.
pub(super) struct Section<'a> {
    what: String,
    node: &'a Node,
    known: Vec<&'static str>,
    findings: Findings,
}

impl<'a> Section<'a> {
    /// Begins to read what should be a mapping; `what` names it in findings.
    pub(super) fn new(what: impl Into<String>, node: &'a Node) -> Self {
        let what = what.into();
        let mut findings = Findings::new();
        if node.as_mapping().is_none() {
            findings.extend(wrong_shape(&what, "a mapping of keys and values", node, None));
        }
        Self { what, node, known: Vec::new(), findings }
    }

    /// Ends: keys that nobody asked for are unknown.
    pub(super) fn end(mut self) -> Findings {
        for (key, _) in self.node.as_mapping().unwrap_or_default() {
            if !key.as_text().is_some_and(|name| self.known.contains(&&**name)) {
                self.findings.push(unknown_key(key, &self.what, &self.known));
            }
        }
        self.findings
    }

    pub(super) fn find(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// The value under a key.
    pub(super) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.node.get(key)
    }

    /// Whether it is a mapping without this key.
    pub(super) fn lacks(&self, key: &str) -> bool {
        self.node.as_mapping().is_some() && self.node.get(key).is_none()
    }

    /// Says that a key is missing.
    pub(super) fn missing(&mut self, key: &str, help: &str) {
        let message = format!("{} lacks the key `{key}`", self.what);
        self.find(Diagnostic::error(Code::MISSING_KEY, self.node.span, message).help(help));
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<Spanned<Arc<str>>> {
        let node = self.node(key)?;
        self.as_text(key, node)
    }

    fn as_text(&mut self, key: &str, node: &Node) -> Option<Spanned<Arc<str>>> {
        if let Some(text) = node.as_text() {
            return Some(Spanned::new(text.clone(), node.span));
        }
        let scalar = matches!(node.kind, NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_));
        self.findings.extend(wrong_shape(&quoted(key), "a text", node, scalar.then_some("put it in quotes")));
        None
    }

    /// A list of texts; none is an empty one.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<Spanned<Arc<str>>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let Some(items) = node.as_sequence() else {
            self.findings.extend(wrong_shape(&quoted(key), "a list of texts", node, Some("write it as `[one, two]`")));
            return Vec::new();
        };
        items.iter().filter_map(|item| self.as_text(key, item)).collect()
    }

    /// A path, seen from `folder`.
    pub(super) fn path(&mut self, key: &'static str, folder: &Path) -> Option<PathBuf> {
        Some(folder.join(&*self.text(key)?.value))
    }

    /// A text of a form; `wanted` says of which.
    pub(super) fn parsed<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(key)?;
        self.parse(key, &text, wanted, parse)
    }

    /// The same for a text that was read already.
    pub(super) fn parse<T>(
        &mut self,
        key: &str,
        text: &Spanned<Arc<str>>,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = parse(&text.value);
        if value.is_none() {
            let message = format!("`{key}` must be {wanted}, and not {}", quoted(&text.value));
            self.find(Diagnostic::error(Code::NOT_A_CHOICE, text.span, message));
        }
        value
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let node = self.node(key)?;
        if let NodeKind::Bool(value) = node.kind {
            return Some(value);
        }
        self.findings.extend(wrong_shape(&quoted(key), "`true` or `false`", node, None));
        None
    }

    fn integer(&mut self, key: &'static str) -> Option<Spanned<i64>> {
        let node = self.node(key)?;
        if let NodeKind::Int(value) = node.kind {
            return Some(Spanned::new(value, node.span));
        }
        self.findings.extend(wrong_shape(&quoted(key), "a whole number", node, None));
        None
    }

    /// Seconds: a duration such as `15m`, or a whole number as in the interfaces.
    fn seconds(&mut self, key: &'static str) -> Option<Spanned<i64>> {
        let node = self.node(key)?;
        let seconds = match &node.kind {
            NodeKind::Int(seconds) => Some(*seconds),
            // A part of a second is none that is counted here.
            NodeKind::Text(text) => parse_duration(&text.value).filter(|d| d.subsec_nanos() == 0).map(|d| d.as_secs()),
            NodeKind::Refused => return None,
            _ => None,
        };
        if seconds.is_none() {
            let finding = Diagnostic::error(Code::BAD_DURATION, node.span, format!("`{key}` must be a duration"));
            self.find(
                finding.help("write whole numbers with units, such as `30s`, `5m` or `1h30m`, or a number of seconds"),
            );
        }
        Some(Spanned::new(seconds?, node.span))
    }

    /// Takes a whole number, if there is one and `take` does not refuse it.
    pub(super) fn number<E: Display>(&mut self, key: &'static str, take: impl FnOnce(i64) -> Result<(), E>) {
        let value = self.integer(key);
        self.take(value.as_ref(), take);
    }

    /// Takes seconds, if they are there and `take` does not refuse them.
    pub(super) fn duration<E: Display>(&mut self, key: &'static str, take: impl FnOnce(i64) -> Result<(), E>) {
        let value = self.seconds(key);
        self.take(value.as_ref(), take);
    }

    fn take<E: Display>(&mut self, value: Option<&Spanned<i64>>, take: impl FnOnce(i64) -> Result<(), E>) {
        if let Some(Spanned { value, span }) = value
            && let Err(refused) = take(*value)
        {
            self.find(Diagnostic::error(Code::OUT_OF_BOUNDS, *span, refused.to_string()));
        }
    }

    /// Sets a count within bounds.
    pub(super) fn bounded<N: TryFrom<i64>>(&mut self, key: &'static str, to: &mut N, least: i64, most: i64) {
        self.number(key, |value| {
            let fits = (least..=most).contains(&value).then(|| N::try_from(value).ok()).flatten();
            *to = fits.ok_or_else(|| format!("`{key}` must be a whole number from {least} to {most}"))?;
            Ok::<_, String>(())
        });
    }

    /// Sets a time within bounds, in seconds.
    pub(super) fn time<D: FromSeconds>(&mut self, key: &'static str, to: &mut D, least: i64, most: i64) {
        self.duration(key, |value| {
            let fits = (least..=most).contains(&value).then(|| D::from_seconds(value));
            *to = fits.ok_or_else(|| format!("`{key}` must be from {least} to {most} seconds"))?;
            Ok::<_, String>(())
        });
    }

    /// Sets a short time within bounds, in milliseconds.
    pub(super) fn instant(&mut self, key: &'static str, to: &mut Duration, most: u64) {
        let Some(node) = self.node(key).filter(|node| !node.is_refused()) else { return };
        let duration = node.as_text().and_then(|text| parse_duration(text));
        match duration.and_then(|duration| Duration::try_from(duration).ok()) {
            Some(duration) if duration <= Duration::from_millis(most) => *to = duration,
            Some(_) => {
                let message = format!("`{key}` must be from 0 to {most} milliseconds");
                self.find(Diagnostic::error(Code::OUT_OF_BOUNDS, node.span, message));
            }
            None => {
                let finding = Diagnostic::error(Code::BAD_DURATION, node.span, format!("`{key}` must be a duration"));
                self.find(finding.help("write a whole number with its unit, such as `25ms`"));
            }
        }
    }

    /// Reads the mapping under a key.
    pub(super) fn within<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Section<'a>) -> T) -> Option<T> {
        let node = self.node(key)?;
        let mut section = Section::new(quoted(key), node);
        let value = read(&mut section);
        self.findings.extend(section.end());
        Some(value)
    }

    /// Reads each value of the mapping under a key, which is one of a kind and has an id.
    pub(super) fn each<T>(
        &mut self,
        key: &'static str,
        kind: &str,
        mut read: impl FnMut(&Spanned<Arc<str>>, &mut Section<'a>) -> T,
    ) -> Option<Vec<T>> {
        let node = self.node(key)?;
        if node.as_mapping().is_none() {
            self.findings.extend(wrong_shape(&quoted(key), "a mapping of ids", node, None));
        }
        let entries = node.as_mapping()?;
        let mut all = Vec::new();
        for (id, node) in entries {
            let Some(name) = id.as_text() else { continue };
            let mut section = Section::new(format!("{kind} {}", quoted(name)), node);
            all.push(read(&Spanned::new(name.clone(), id.span), &mut section));
            self.findings.extend(section.end());
        }
        Some(all)
    }
}

/// A time that is counted in whole seconds here.
pub(super) trait FromSeconds {
    fn from_seconds(seconds: i64) -> Self;
}

impl FromSeconds for Duration {
    fn from_seconds(seconds: i64) -> Self {
        Self::from_secs(seconds.unsigned_abs())
    }
}

impl FromSeconds for jiff::SignedDuration {
    fn from_seconds(seconds: i64) -> Self {
        Self::from_secs(seconds)
    }
}
