//! Paths of journey files come in; the files, checked together with those that they may invoke, go out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Error, Result};
use wayfarer_lang::program::Program;
use wayfarer_lang::{Catalog, Checked, Rules, check_all_with};

use crate::files;

/// A file by the name under which it is shown, and its bytes.
pub(crate) type Text = (String, Vec<u8>);

/// Every journey file of a folder, or the one file. One that cannot be read is an error for all: what it holds is not known.
pub(crate) fn texts(path: &Path) -> Result<Vec<Text>> {
    files::journeys(path)?.iter().map(|path| read(path)).collect()
}

/// Files that know one another.
#[derive(Default)]
pub(crate) struct Together {
    /// The folder in which the files lie that may also be invoked; none if all files there are checked anyway.
    beside: Option<PathBuf>,
    paths: Vec<PathBuf>,
}

/// Sorts what is named into groups: a folder with all that lies below it, or the files of one folder. What cannot be
/// opened comes out beside.
pub(crate) fn together(named: &[PathBuf]) -> (Vec<Together>, Vec<Error>) {
    let (mut groups, mut unread) = (Vec::<Together>::new(), Vec::new());
    for path in named {
        match files::journeys(path) {
            Err(error) => unread.push(error),
            Ok(paths) if paths == [path.clone()] => {
                let beside = Some(folder_of(path));
                match groups.iter_mut().find(|group| group.beside == beside) {
                    Some(group) => group.paths.extend(paths),
                    None => groups.push(Together { beside, paths }),
                }
            }
            Ok(paths) => groups.push(Together { beside: None, paths }),
        }
    }
    (groups, unread)
}

impl Together {
    /// The path of the file that is shown under that name.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        self.paths.iter().find(|path| path.display().to_string() == name).cloned()
    }

    /// Checks the files. What cannot be read comes out beside.
    pub(crate) fn check(&self, catalog: &Catalog, rules: &Rules) -> (Vec<Checked>, Vec<Error>) {
        let (mut texts, mut unread) = (Vec::new(), Vec::new());
        for path in &self.paths {
            match read(path) {
                Ok(text) => texts.push(text),
                Err(error) => unread.push(error),
            }
        }
        let mut checked = check_with(&texts, self.beside.as_deref(), &self.paths, catalog, rules);
        checked.truncate(texts.len());
        (checked, unread)
    }
}

/// Checks one file. Behind it come the files of the journeys that it can reach.
pub(crate) fn check(path: &Path, catalog: &Catalog, rules: &Rules) -> Result<(Checked, Vec<Checked>)> {
    let text = read(path)?;
    let mut checked = check_with(&[text], Some(&folder_of(path)), &[path.to_owned()], catalog, rules);
    let others = checked.split_off(1);
    let main = checked.pop().ok_or_else(|| Error::msg("a file that was read is not checked"))?;
    let mut reached: Vec<Checked> = Vec::new();
    let mut wanted = main.callees();
    while let Some(id) = wanted.pop() {
        let known = |file: &Checked| file.id().is_some_and(|known| *known == id);
        if let Some(other) = others.iter().find(|file| known(file)).filter(|_| !reached.iter().any(known)) {
            wanted.extend(other.callees());
            reached.push(other.clone());
        }
    }
    Ok((main, reached))
}

/// Checks files, and, if they invoke others, the rest of their folder behind them.
fn check_with(
    texts: &[Text],
    beside: Option<&Path>,
    paths: &[PathBuf],
    catalog: &Catalog,
    rules: &Rules,
) -> Vec<Checked> {
    let checked = check_all_with(texts.iter().map(|(name, bytes)| (name, bytes)), catalog, rules);
    let known = |id: &Arc<str>| checked.iter().any(|file| file.id() == Some(id));
    let Some(folder) = beside.filter(|_| checked.iter().flat_map(Checked::callees).any(|id| !known(&id))) else {
        return checked;
    };
    let others = files::journeys_in(folder).into_iter().filter(|path| !paths.contains(path));
    // What nobody asked for and nobody can read is as good as not there.
    let others: Vec<Text> = others.filter_map(|path| read(&path).ok()).collect();
    check_all_with(texts.iter().chain(&others).map(|(name, bytes)| (name, bytes)), catalog, rules)
}

fn read(path: &Path) -> Result<Text> {
    Ok((path.display().to_string(), files::journey(path)?))
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Programs that play together: the one that is started, and those that it can reach.
pub(crate) struct Programs {
    pub(crate) main: Program,
    others: Vec<Program>,
}

impl Programs {
    /// The programs of files without errors; otherwise none.
    pub(crate) fn of(main: &Checked, reached: &[Checked]) -> Option<Self> {
        let others: Option<_> = reached.iter().map(|file| file.program.clone()).collect();
        Some(Self { main: main.program.clone()?, others: others? })
    }

    /// The type of the step at an entry of a run's path, such as `first/ask`.
    pub(crate) fn type_of(&self, entry: &str) -> Option<&str> {
        let (mut program, mut type_name) = (&self.main, None);
        for id in entry.split('/') {
            let step = program.step(program.find(id)?)?;
            type_name = Some(&*step.type_name);
            if let Some(callee) = program.callee(step) {
                program = self.others.iter().find(|other| other.id() == callee)?;
            }
        }
        type_name
    }
}
