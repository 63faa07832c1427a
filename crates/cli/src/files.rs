//! Paths come in; the bytes of journeys, bounded, and the texts of catalogues go out; new files are made and none replaced.
#![expect(clippy::disallowed_methods, reason = "files are read and written here, at the rim")]

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wayfarer_lang::Secret;

use crate::failure::Failure;

/// One byte more than a journey may have: the reader then says that it is too large, and the rest is never read.
const LARGEST_JOURNEY: u64 = (1 << 20) + 1;
/// More than any catalogue needs.
const LARGEST_CATALOG: u64 = 16 << 20;
/// More than the answers of any run need.
const LARGEST_ANSWERS: u64 = 16 << 20;
/// More than any chain of certificates, or any key.
const LARGEST_CERTIFICATES: u64 = 1 << 20;
/// What is read as the configuration, and never as a journey where a folder is named.
pub(crate) const CONFIGURATION: &str = "wayfarer.yaml";
/// Folders in folders; a journey deeper down is not looked for.
const DEEPEST: usize = 32;

/// The journey files that `path` stands for: itself, or every `*.yaml` and `*.yml` below a folder, in order.
pub(crate) fn journeys(path: &Path) -> Result<Vec<PathBuf>> {
    let kind = fs::metadata(path).map_err(|error| cannot_open(path, error))?;
    if !kind.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    walk(path, DEEPEST, &mut files)?;
    if files.is_empty() {
        // A wrong folder must not look like a clean one.
        return Err(Failure::new("no_journeys", format!("no `*.yaml` or `*.yml` file in `{}`", path.display())).into());
    }
    Ok(files)
}

/// The journey files right in a folder, in order; none if it cannot be read.
pub(crate) fn journeys_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    match walk(folder, 0, &mut files) {
        Ok(()) => files,
        Err(_) => Vec::new(),
    }
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = entries.map_err(|error| cannot_open(folder, error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // A link to a folder is not followed: it could lead round in a circle.
        let kind = entry.file_type().map_err(|error| cannot_open(&path, error))?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if kind.is_dir() && !hidden && depth > 0 {
            walk(&path, depth - 1, files)?;
        } else if entry.file_name() == CONFIGURATION {
            // It lies beside the journeys of a small project.
        } else if !kind.is_dir() && !hidden && path.extension().is_some_and(|ext| ext == "yaml" || ext == "yml") {
            files.push(path);
        }
    }
    Ok(())
}

/// The bytes of a journey, cut just behind the largest size.
pub(crate) fn journey(path: &Path) -> Result<Vec<u8>> {
    read(path, LARGEST_JOURNEY).map_err(|error| cannot_open(path, error))
}

/// The bytes of a configuration.
pub(crate) fn configuration(path: &Path) -> Result<Vec<u8>> {
    read(path, LARGEST_JOURNEY).map_err(|error| cannot_open(path, error))
}

/// The bytes of a file whose content is no secret, such as certificates.
pub(crate) fn certificates(path: &Path) -> Result<Vec<u8>> {
    read(path, LARGEST_CERTIFICATES).map_err(|error| cannot_open(path, error))
}

/// The bytes of a file that nobody but its owner may read.
pub(crate) fn secret(path: &Path) -> Result<Secret<Vec<u8>>> {
    let file = File::open(path).map_err(|error| cannot_open(path, error))?;
    if is_exposed(&file).map_err(|error| cannot_open(path, error))? {
        let message = format!("`{}` can be read or written by others", path.display());
        return Err(Failure::new("key_file_exposed", message).help("run `chmod 600` on it".to_owned()).into());
    }
    let mut bytes = Vec::new();
    file.take(LARGEST_CERTIFICATES).read_to_end(&mut bytes).map_err(|error| cannot_open(path, error))?;
    Ok(Secret::new(bytes))
}

#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions());
    Ok(mode & 0o077 != 0)
}

/// Where files have no mode, the folder's access list has to do.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn is_exposed(_: &File) -> io::Result<bool> {
    Ok(false)
}

/// The text of a catalogue.
pub(crate) fn catalog(path: &Path) -> Result<String> {
    let bytes = read(path, LARGEST_CATALOG).map_err(|error| cannot_open(path, error))?;
    String::from_utf8(bytes).with_context(|| format!("the catalogue `{}` is not UTF-8", path.display()))
}

/// The text of a file with answers.
pub(crate) fn answers(path: &Path) -> Result<Vec<u8>> {
    read(path, LARGEST_ANSWERS).map_err(|error| cannot_open(path, error))
}

fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Puts `new` in the place of a file that holds `old`, at once or not at all, with the rights that it has. Says whether it
/// did: a file that holds something else by now is left alone.
pub(crate) fn replace(path: &Path, old: &[u8], new: &str) -> Result<bool> {
    let path = path.canonicalize().map_err(|error| cannot_open(path, error))?;
    let failed = |error| cannot_write(&path, error);
    // A file that nobody may write is not to be replaced either.
    let file = File::options().read(true).write(true).open(&path).map_err(failed)?;
    let rights = file.metadata().map_err(failed)?.permissions();
    let mut held = Vec::new();
    file.take(LARGEST_JOURNEY).read_to_end(&mut held).map_err(failed)?;
    if held != old {
        return Ok(false);
    }
    let folder = path.parent().unwrap_or(&path);
    let mut beside = tempfile::Builder::new().prefix(".wayfarer-").tempfile_in(folder).map_err(failed)?;
    beside.write_all(new.as_bytes()).map_err(failed)?;
    beside.as_file().set_permissions(rights).map_err(failed)?;
    beside.as_file().sync_all().map_err(failed)?;
    beside.persist(&path).map_err(|error| cannot_write(&path, error.error))?;
    Ok(true)
}

/// Writes a file that is not there yet, and the folders that lead to it.
pub(crate) fn create(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| cannot_write(folder, error))?;
    }
    let mut file = File::create_new(path).map_err(|error| cannot_write(path, error))?;
    file.write_all(text.as_bytes()).map_err(|error| cannot_write(path, error))
}

/// Makes a folder that only its owner can enter, if there is none.
pub(crate) fn private_folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| cannot_write(path, error))
}

/// Whether `path` is a folder with nothing in it, or not there at all.
pub(crate) fn is_empty_folder(path: &Path) -> Result<bool> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(cannot_open(path, error)),
    }
}

/// Whether there is something at `path`.
pub(crate) fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// The key file that stands beside a folder when none is named: `DIR.keys`.
pub(crate) fn keys_beside(folder: &Path) -> Result<PathBuf> {
    let whole = match folder.file_name() {
        Some(_) => folder.to_owned(),
        // `.` and `..` have no name of their own.
        None => folder.canonicalize().map_err(|error| cannot_open(folder, error))?,
    };
    let Some(name) = whole.file_name() else {
        return Err(Failure::usage("the root folder cannot hold the state").into());
    };
    let mut name = name.to_owned();
    name.push(".keys");
    Ok(whole.with_file_name(name))
}

fn cannot_open(path: &Path, error: io::Error) -> anyhow::Error {
    Failure::new("cannot_open", format!("cannot open `{}`", path.display())).because(error).into()
}

fn cannot_write(path: &Path, error: io::Error) -> anyhow::Error {
    Failure::new("cannot_write", format!("cannot write `{}`", path.display())).because(error).into()
}
