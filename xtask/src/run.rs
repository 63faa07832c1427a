//! Runs one program: a command comes in, what it said goes out, with signs of life while it works.

use std::fs::{self, File};
use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::project::{self, Project};

const GLANCE: Duration = Duration::from_millis(100);
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// What became of a program.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    /// Both streams, in the order in which they were written.
    pub(crate) said: String,
}

/// A program to run in the project's root.
pub(crate) struct Job {
    command: Command,
    log: PathBuf,
    limit: Option<Duration>,
    quiet: bool,
}

impl Job {
    /// `cargo` with these arguments.
    pub(crate) fn cargo(project: &Project, arguments: &[&str]) -> Job {
        Job::program(project, Path::new(&project::cargo()), arguments)
    }

    /// Any program with these arguments.
    pub(crate) fn program(project: &Project, program: &Path, arguments: &[&str]) -> Job {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&project.root);
        let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let words = arguments.first().map(|word| format!("-{word}")).unwrap_or_default();
        Job { command, log: project.scratch().join(format!("{name}{words}.log")), limit: None, quiet: false }
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Job {
        self.command.arg(argument);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Job {
        self.command.env(name, value);
        self
    }

    /// Stops the program after so long, as a failure.
    pub(crate) fn within(mut self, limit: Duration) -> Job {
        self.limit = Some(limit);
        self
    }

    /// What it says goes to a file of this name: another of the kind runs beside it.
    pub(crate) fn named(mut self, name: &str) -> Job {
        self.log.set_file_name(format!("{name}.log"));
        self
    }

    /// Shows no sign of life: others run beside it.
    pub(crate) fn quietly(mut self) -> Job {
        self.quiet = true;
        self
    }

    /// Runs it; failing is an error that holds all it said.
    pub(crate) fn pass(self) -> Result<String> {
        let shown = self.shown();
        let finished = self.finish()?;
        if !finished.status.success() {
            bail!("{}\n`{shown}`: {}", finished.said.trim_end(), finished.status);
        }
        Ok(finished.said)
    }

    /// Runs it to its end, good or bad.
    pub(crate) fn finish(mut self) -> Result<Finished> {
        if let Some(folder) = self.log.parent() {
            fs::create_dir_all(folder)?;
        }
        let log = File::create(&self.log).with_context(|| format!("cannot write {}", self.log.display()))?;
        let shown = self.shown();
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("`{shown}` does not start"))?;
        let started = Instant::now();
        let mut signs = Signs::new();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if self.limit.is_some_and(|limit| started.elapsed() > limit) {
                child.kill()?;
                break child.wait()?;
            }
            if !self.quiet {
                signs.show(started.elapsed(), &self.log);
            }
            std::thread::sleep(GLANCE);
        };
        if !self.quiet {
            signs.clear();
        }
        let said = String::from_utf8_lossy(&fs::read(&self.log)?).into_owned();
        Ok(Finished { status, said })
    }

    fn shown(&self) -> String {
        let program = Path::new(self.command.get_program()).file_name().unwrap_or_default();
        let words = self.command.get_args().map(|word| word.to_string_lossy().into_owned());
        std::iter::once(program.to_string_lossy().into_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// Tells that the program is alive: a moving line on a terminal, now and then a line elsewhere.
struct Signs {
    terminal: bool,
    next: Duration,
}

impl Signs {
    fn new() -> Signs {
        let terminal = std::io::stderr().is_terminal();
        Signs { terminal, next: if terminal { Duration::from_secs(1) } else { SIGN_OF_LIFE } }
    }

    fn show(&mut self, elapsed: Duration, log: &Path) {
        if elapsed < self.next {
            return;
        }
        let said = fs::read(log).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let last = said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let last: String = last.chars().filter(|c| !c.is_control()).take(80).collect();
        if self.terminal {
            eprint!("\r\x1b[K      {:>4} s  {last}", elapsed.as_secs());
            // A progress line that cannot be shown is no reason to stop.
            drop(std::io::stderr().flush());
            self.next = elapsed + Duration::from_secs(1);
        } else {
            eprintln!("      {:>4} s  {last}", elapsed.as_secs());
            self.next = elapsed + SIGN_OF_LIFE;
        }
    }

    fn clear(&self) {
        if self.terminal {
            eprint!("\r\x1b[K");
        }
    }
}
