//! The project's chores: an argument list comes in, a finished chore and an exit code go out.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to whoever started it")]

mod bench;
mod checks;
mod fuzz;
mod otel;
mod project;
mod readme;
mod reference;
mod report;
mod run;
mod schemathesis;
mod tool;
mod tree;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::project::Project;

const USAGE: &str = "\
The project's chores.

    cargo xtask test                  run every check, and print how long each took
    cargo xtask test --only NAME…     run these checks
    cargo xtask test --list           name the checks
    cargo xtask fuzz [TARGET…] [--seconds N]
                                      run the fuzzers, for a minute each if not said; what they find becomes a
                                      regression
    cargo xtask soak [PATH…]          attack the server by its OpenAPI document for hours, not minutes, as many parts at
                                      once as there are cores; with PATH, only at paths that begin so. Stores lie in
                                      TMPDIR, best in memory
    cargo xtask bench [NAME…] [--quick] [--format json]
                                      measure our speed beside that of others, and print the ratios
    cargo xtask otel                  build the program with its feature `otel` and look at what a collector gets of it
    cargo xtask docs                  write docs/reference, and what the README's commands say, anew
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<ExitCode> {
    let mut words = arguments.iter().map(String::as_str);
    match words.next() {
        Some("test") => test(&words.collect::<Vec<_>>()),
        Some("fuzz") => {
            println!("{}", fuzz::chore(&Project::find()?, &words.collect::<Vec<_>>())?);
            Ok(ExitCode::SUCCESS)
        }
        Some("bench") => {
            println!("{}", bench::chore(&Project::find()?, &words.collect::<Vec<_>>())?);
            Ok(ExitCode::SUCCESS)
        }
        Some("otel") => {
            println!("{}", otel::chore(&Project::find()?)?);
            Ok(ExitCode::SUCCESS)
        }
        Some("soak") => {
            println!("{}", schemathesis::soak(&Project::find()?, &words.collect::<Vec<_>>())?);
            Ok(ExitCode::SUCCESS)
        }
        Some("docs") => {
            let project = Project::find()?;
            reference::write(&project)?;
            readme::write(&project)?;
            Ok(ExitCode::SUCCESS)
        }
        Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        Some(other) => bail!("there is no chore `{other}`\n\n{USAGE}"),
        None => bail!("name a chore\n\n{USAGE}"),
    }
}

fn test(arguments: &[&str]) -> Result<ExitCode> {
    match arguments {
        ["--list"] => {
            for check in checks::ALL {
                println!("{:<10} {}", check.name, check.about);
            }
            Ok(ExitCode::SUCCESS)
        }
        [] => Ok(report::run(&Project::find()?, checks::ALL)),
        ["--only", names @ ..] if !names.is_empty() => {
            let chosen = names.iter().map(|name| checks::find(name)).collect::<Result<Vec<_>>>()?;
            Ok(report::run(&Project::find()?, &chosen))
        }
        _ => bail!("`test` takes `--list`, or `--only` with names of checks\n\n{USAGE}"),
    }
}
