//! Where things are: cargo's own account of the workspace comes in, paths go out.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The workspace that this chore was built in.
pub(crate) struct Project {
    /// The folder with the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// Where cargo builds.
    pub(crate) target: PathBuf,
}

impl Project {
    /// Asks cargo, which knows of a target folder that somebody set elsewhere.
    pub(crate) fn find() -> Result<Project> {
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
            .output()
            .context("cargo does not start")?;
        ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let path = |key: &str| {
            let text =
                metadata.get(key).and_then(Value::as_str).with_context(|| format!("no `{key}` in the metadata"))?;
            anyhow::Ok(PathBuf::from(text))
        };
        Ok(Project { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// A program that the workspace builds.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// The chores' own corner of the target folder.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Every file of the project, relative to the root, in order: what git tracks or would track, and without git
    /// whatever lies there.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        let git = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&self.root)
            .output();
        let mut files: Vec<PathBuf> = match git {
            Ok(output) if output.status.success() => String::from_utf8(output.stdout)?
                .split_terminator('\0')
                .map(PathBuf::from)
                .filter(|file| self.root.join(file).is_file())
                .collect(),
            _ => {
                let mut found = Vec::new();
                walk(&self.root, Path::new(""), &mut found)?;
                found
            }
        };
        files.sort();
        Ok(files)
    }
}

/// The cargo that started this chore.
pub(crate) fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        let name = entry.file_name();
        if [".git", "target", "node_modules", ".wayfarer", ".wayfarer.keys"].iter().any(|skipped| name == *skipped) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(root, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
