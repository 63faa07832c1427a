//! A journey's YAML comes in; every journey that differs from it by one change goes out.

use serde_yaml::Value;

/// What was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// An exit leads elsewhere.
    Relinked,
    /// A decision is the other way round.
    Negated,
    /// A step is gone.
    Dropped,
    /// A step is gone, and whatever led to it leads to what came after it.
    Bridged,
    /// A declared type is another.
    Retyped,
    /// A secret stands in the place of another value.
    Exposed,
    /// A variable is called otherwise in one place.
    Renamed,
}

impl Change {
    pub(crate) const ALL: [Self; 7] =
        [Self::Relinked, Self::Negated, Self::Dropped, Self::Bridged, Self::Retyped, Self::Exposed, Self::Renamed];

    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Relinked => "an exit leads elsewhere",
            Self::Negated => "a condition is negated",
            Self::Dropped => "a step is dropped",
            Self::Bridged => "a step is dropped, and the way leads on",
            Self::Retyped => "a type is another",
            Self::Exposed => "a secret stands elsewhere",
            Self::Renamed => "a variable has another name",
        }
    }
}

/// One changed journey.
#[derive(Clone, Debug)]
pub(crate) struct Mutant {
    pub(crate) change: Change,
    /// Where and what, for people.
    pub(crate) what: String,
    pub(crate) text: String,
    /// Whether the change alone says that something must be found: a name without a meaning, a value of a wrong type, a
    /// secret where it would be seen.
    pub(crate) breaks: bool,
}

type Path = Vec<String>;

const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "object", "array"];

pub(crate) fn mutants(text: &str) -> Vec<Mutant> {
    let document: Value = serde_yaml::from_str(text).unwrap();
    let mut steps = Vec::new();
    step_paths(&document, &mut vec!["steps".to_owned()], &mut steps);
    let mutator = Mutator { document: &document, steps: &steps };
    let mut all = Vec::new();
    mutator.links(&mut all);
    mutator.decisions(&mut all);
    mutator.drops(&mut all);
    mutator.types(&mut all);
    mutator.secrets(&mut all);
    mutator.names(&mut all);
    all
}

fn step_paths(document: &Value, at: &mut Path, all: &mut Vec<Path>) {
    let Some(Value::Mapping(steps)) = get(document, at) else { return };
    for id in steps.keys().filter_map(Value::as_str) {
        at.push(id.to_owned());
        all.push(at.clone());
        at.push("steps".to_owned());
        step_paths(document, at, all);
        at.truncate(at.len() - 2);
    }
}

fn get<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key.as_str()))
}

fn get_mut<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, key| value.get_mut(key.as_str()))
}

fn down(path: &[String], keys: &[&str]) -> Path {
    path.iter().cloned().chain(keys.iter().map(|key| (*key).to_owned())).collect()
}

struct Mutator<'m> {
    document: &'m Value,
    steps: &'m [Path],
}

impl Mutator<'_> {
    fn mutant(&self, change: Change, what: String, breaks: bool, edit: impl FnOnce(&mut Value)) -> Mutant {
        let mut document = self.document.clone();
        edit(&mut document);
        Mutant { change, what, text: serde_yaml::to_string(&document).unwrap(), breaks }
    }

    fn set(&self, change: Change, path: &[String], to: Value, breaks: bool) -> Mutant {
        let what = format!("{} := {}", path.join("."), serde_yaml::to_string(&to).unwrap().trim());
        self.mutant(change, what, breaks, |document| *get_mut(document, path).unwrap() = to)
    }

    /// The ids that a step may lead to, beside the reserved ones.
    fn visible(&self, step: &Path) -> Vec<String> {
        let seen = |other: &&Path| step.starts_with(&other[..other.len() - 1]);
        let ids = self.steps.iter().filter(seen).map(|path| path.last().unwrap().clone());
        let reserved: &[&str] = if step.len() > 2 { &["abort", "continue", "break"] } else { &["abort"] };
        ids.chain(reserved.iter().map(|word| (*word).to_owned())).collect()
    }

    /// The links of a step, by their paths.
    fn links_of(&self, step: &[String]) -> Vec<Path> {
        let branches = down(step, &["branches"]);
        let keys = get(self.document, &branches).and_then(Value::as_mapping).into_iter().flatten();
        let mut links: Vec<_> = keys.filter_map(|(key, _)| Some(down(&branches, &[key.as_str()?]))).collect();
        links.extend(Some(down(step, &["next"])).filter(|next| get(self.document, next).is_some()));
        links
    }

    fn links(&self, all: &mut Vec<Mutant>) {
        for step in self.steps {
            for link in self.links_of(step) {
                let now = get(self.document, &link).and_then(Value::as_str).unwrap_or_default();
                for target in self.visible(step).into_iter().filter(|target| target != now) {
                    all.push(self.set(Change::Relinked, &link, Value::from(target), false));
                }
            }
        }
    }

    fn decisions(&self, all: &mut Vec<Mutant>) {
        for step in self.steps {
            for key in ["if", "while"] {
                let path = down(step, &["with", key]);
                if let Some(test) = get(self.document, &path).and_then(Value::as_str) {
                    all.push(self.set(Change::Negated, &path, Value::from(format!("!({test})")), false));
                }
            }
        }
    }

    fn drops(&self, all: &mut Vec<Mutant>) {
        for step in self.steps {
            let (id, parent) = step.split_last().unwrap();
            let remove = |document: &mut Value| {
                get_mut(document, parent).and_then(Value::as_mapping_mut).unwrap().remove(id.as_str());
            };
            let leading: Vec<_> = self.steps.iter().filter(|other| !other.starts_with(step)).collect();
            let leading: Vec<_> = leading.into_iter().flat_map(|other| self.links_of(other)).collect();
            let leading =
                leading.into_iter().filter(|link| get(self.document, link).and_then(Value::as_str) == Some(id));
            let leading: Vec<_> = leading.collect();
            let what = step.join(".");
            all.push(self.mutant(Change::Dropped, what.clone(), !leading.is_empty(), remove));
            let mut targets: Vec<_> =
                self.links_of(step).iter().filter_map(|link| get(self.document, link)?.as_str()).collect();
            targets.sort_unstable();
            targets.dedup();
            for target in targets.into_iter().filter(|target| target != id && !leading.is_empty()) {
                all.push(self.mutant(Change::Bridged, format!("{what} → {target}"), false, |document| {
                    for link in &leading {
                        *get_mut(document, link).unwrap() = Value::from(target);
                    }
                    remove(document);
                }));
            }
        }
    }

    fn types(&self, all: &mut Vec<Mutant>) {
        for section in ["params", "vars", "outputs"] {
            let entries = self.document.get(section).and_then(Value::as_mapping);
            for (name, declared) in entries.into_iter().flatten() {
                let mut path = down(&[], &[section, name.as_str().unwrap()]);
                if declared.is_mapping() {
                    path.push("type".to_owned());
                }
                let default = declared.get("default");
                let now = get(self.document, &path).and_then(Value::as_str).unwrap_or_default();
                for word in TYPES.into_iter().filter(|word| *word != now) {
                    let fits = default.is_none_or(|default| default.is_null() || is_of(default, word));
                    all.push(self.set(Change::Retyped, &path, Value::from(word), !fits));
                }
            }
        }
    }

    /// The expressions that read a secret.
    fn secret_reads(&self) -> Vec<String> {
        let params = self.document.get("params").and_then(Value::as_mapping);
        let secret =
            params.into_iter().flatten().filter(|(_, ty)| ty.get("secret").and_then(Value::as_bool) == Some(true));
        let mut reads: Vec<_> =
            secret.map(|(name, _)| format!("@policy.request().params.{}", name.as_str().unwrap())).collect();
        for step in self.steps {
            let Some(output) = get(self.document, &down(step, &["output"])).and_then(Value::as_str) else { continue };
            let fields = get(self.document, &down(step, &["with", "fields"])).and_then(Value::as_mapping);
            for (name, field) in fields.into_iter().flatten() {
                if matches!(field.get("type").and_then(Value::as_str), Some("code" | "password")) {
                    reads.push(format!("@{output}.{}", name.as_str().unwrap()));
                }
            }
        }
        reads.sort();
        reads.dedup();
        reads
    }

    fn secrets(&self, all: &mut Vec<Mutant>) {
        let reads = self.secret_reads();
        for step in self.steps {
            for leaf in self.leaves(&down(step, &["with"])) {
                let now = get(self.document, &leaf).and_then(Value::as_str).unwrap_or_default();
                // What a variable takes is exposed only where the variable is shown.
                let variable = leaf.iter().position(|key| key == "variables").map(|at| &leaf[at + 1]);
                let shown = |name: &String| {
                    self.uses(name).iter().any(|path| path.iter().any(|key| key == "data" || key == "text"))
                };
                let takes = leaf.last().is_some_and(|key| key == "temp_code");
                let breaks = !takes && variable.is_none_or(shown);
                for read in reads.iter().filter(|read| *read != now) {
                    all.push(self.set(Change::Exposed, &leaf, Value::from(read.as_str()), breaks));
                }
            }
        }
    }

    /// The values below a place that are no mappings.
    fn leaves(&self, at: &[String]) -> Vec<Path> {
        match get(self.document, at) {
            Some(Value::Mapping(entries)) => {
                let keys = entries.keys().filter_map(Value::as_str);
                keys.flat_map(|key| self.leaves(&down(at, &[key]))).collect()
            }
            Some(Value::Sequence(_)) | None => Vec::new(),
            Some(_) => vec![at.to_vec()],
        }
    }

    /// The names of variables, each with the places that define it.
    fn definitions(&self) -> Vec<(String, Vec<Path>)> {
        let mut all: Vec<(String, Vec<Path>)> = Vec::new();
        let mut add = |name: &str, path: Path| match all.iter_mut().find(|(known, _)| known == name) {
            Some((_, paths)) => paths.push(path),
            None => all.push((name.to_owned(), vec![path])),
        };
        for (name, _) in self.document.get("vars").and_then(Value::as_mapping).into_iter().flatten() {
            add(name.as_str().unwrap(), down(&[], &["vars", name.as_str().unwrap()]));
        }
        for step in self.steps {
            for key in ["output", "error_output"] {
                let path = down(step, &[key]);
                if let Some(name) = get(self.document, &path).and_then(Value::as_str) {
                    add(name, path.clone());
                }
            }
            let set = down(step, &["with", "variables"]);
            for (name, _) in get(self.document, &set).and_then(Value::as_mapping).into_iter().flatten() {
                add(name.as_str().unwrap(), down(&set, &[name.as_str().unwrap()]));
            }
        }
        all
    }

    /// The places whose expressions read a variable.
    fn uses(&self, name: &str) -> Vec<Path> {
        let leaves = self.steps.iter().flat_map(|step| self.leaves(&down(step, &["with"])));
        let reads = |leaf: &Path| {
            let text = get(self.document, leaf).and_then(Value::as_str).unwrap_or_default();
            let decides = leaf.last().is_some_and(|key| matches!(&**key, "if" | "while" | "on"));
            renamed(text, name, decides).is_some()
        };
        leaves.filter(reads).collect()
    }

    fn names(&self, all: &mut Vec<Mutant>) {
        for (name, definitions) in self.definitions() {
            let uses = self.uses(&name);
            for leaf in &uses {
                let text = get(self.document, leaf).and_then(Value::as_str).unwrap();
                let decides = leaf.last().is_some_and(|key| matches!(&**key, "if" | "while" | "on"));
                let to = renamed(text, &name, decides).unwrap();
                all.push(self.set(Change::Renamed, leaf, Value::from(to), true));
            }
            for definition in &definitions {
                let breaks = definitions.len() == 1 && !uses.is_empty();
                let what = format!("{} := {name}_x", definition.join("."));
                all.push(self.mutant(Change::Renamed, what, breaks, |document| {
                    let (last, parent) = definition.split_last().unwrap();
                    if *last == name {
                        let parent = get_mut(document, parent).and_then(Value::as_mapping_mut).unwrap();
                        let value = parent.remove(last.as_str()).unwrap();
                        parent.insert(Value::from(format!("{name}_x")), value);
                    } else {
                        *get_mut(document, definition).unwrap() = Value::from(format!("{name}_x"));
                    }
                }));
            }
        }
    }
}

/// The text with another name for a variable, where its expressions read it; none if they do not.
fn renamed(text: &str, name: &str, decides: bool) -> Option<String> {
    let code = decides || text.starts_with('@');
    if !code && !text.contains("${") {
        return None;
    }
    let word = |character: char| character.is_alphanumeric() || character == '_';
    let (mut out, mut found, mut at) = (String::new(), false, 0);
    while let Some(place) = text[at..].find(name).map(|place| place + at) {
        let end = place + name.len();
        let before = text[..place].chars().next_back();
        let inside = code || text[..place].rfind("${").is_some_and(|open| !text[open..place].contains('}'));
        let whole = before.is_none_or(|before| !word(before) && before != '.' && before != '\'')
            && !text[end..].starts_with(word);
        out.push_str(&text[at..end]);
        if inside && whole {
            out.push_str("_x");
            found = true;
        }
        at = end;
    }
    out.push_str(&text[at..]);
    found.then_some(out)
}

fn is_of(value: &Value, word: &str) -> bool {
    match value {
        Value::String(_) => word == "string",
        Value::Bool(_) => word == "boolean",
        Value::Number(number) => word == "number" || (word == "integer" && number.is_i64()),
        Value::Mapping(_) => word == "object",
        Value::Sequence(_) => word == "array",
        _ => true,
    }
}
