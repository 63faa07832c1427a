//! The OpenAPI document comes in; what schemathesis sends by it to the real program, in every way that it knows, breaks nothing.

mod soak;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::checks;
use crate::project::Project;
use crate::run::Job;

pub(crate) use self::soak::chore as soak;
pub(crate) use self::world::{CLIENT, PAGES, Server, World};

/// Cases for an operation, in a test.
const FEW: &str = "100";

/// No attack takes longer, unless the server hangs.
const LIMIT: Duration = Duration::from_secs(4 * 3600);

/// What is attacked: our interface for applications, those of Mosaic for pages and for backends, and administration. First come those that
/// make runs, so that administration has some to look at.
const ATTACKS: [Attack; 5] = [
    Attack { name: "pages", side: Side::Public, paths: &["/v1"], token: false },
    Attack { name: "backend", side: Side::Public, paths: &["/v1"], token: true },
    Attack { name: "pages of Mosaic's SDK", side: Side::Public, paths: &["/ido/api/v2/auth"], token: false },
    Attack {
        name: "backend of Mosaic's calls",
        side: Side::Public,
        paths: &["/cis", "/oidc", "/ido/api/v2/token"],
        token: true,
    },
    Attack { name: "administration", side: Side::Operators, paths: &["/admin"], token: true },
];

/// Who calls which paths where.
#[derive(Clone, Copy, Debug)]
struct Attack {
    name: &'static str,
    side: Side,
    paths: &'static [&'static str],
    token: bool,
}

/// The listener for applications, and that for operators.
#[derive(Clone, Copy, Debug)]
enum Side {
    Public,
    Operators,
}

/// The check: everything on one store.
pub(crate) fn check(project: &Project) -> Result<String> {
    checks::build(project)?;
    let tool = install(project)?;
    let world = World::new(project, &project.scratch().join("schemathesis"))?;
    let mut server = Server::start(project, &world, &[])?;
    let mut said = Vec::new();
    for attack in ATTACKS {
        let paths: Vec<_> = attack.paths.iter().map(|path| (*path).to_owned()).collect();
        let job = attack.job(project, &tool, (&world, &server), &paths, FEW)?;
        said.push(format!("{}: {}", attack.name, attack.run(job)?));
    }
    ensure!(server.lives()?, "the server has ended by itself; see {}", world.log().display());
    Ok(said.join(", "))
}

/// The tool in a corner of the target folder, with everything that it needs at one version.
fn install(project: &Project) -> Result<PathBuf> {
    let requirements = home(project).join("requirements.txt");
    let wanted = fs::read_to_string(&requirements)?;
    let root = project.target.join("tools").join("schemathesis");
    let (program, mark) = (root.join("bin").join("st"), root.join("requirements.txt"));
    if fs::read_to_string(&mark).ok().as_ref() != Some(&wanted) {
        Job::program(project, Path::new("python3"), &["-m", "venv", "--clear"]).arg(&root).pass()?;
        let pip = root.join("bin").join("pip");
        Job::program(project, &pip, &["install", "--quiet", "--requirement"]).arg(&requirements).pass()?;
        fs::write(mark, wanted)?;
    }
    Ok(program)
}

fn home(project: &Project) -> PathBuf {
    project.root.join("xtask").join("schemathesis")
}

/// What the program offers.
fn document(project: &Project) -> Result<Value> {
    let output = Command::new(project.program("wayfarer")).arg("openapi").output()?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

impl Attack {
    /// What sends what follows from the document to some paths, as somebody who shows a token or as a page. A warning fails nothing.
    fn job(
        self,
        project: &Project,
        tool: &Path,
        (world, server): (&World, &Server),
        paths: &[String],
        cases: &str,
    ) -> Result<Job> {
        let address = match self.side {
            Side::Public => &server.public,
            Side::Operators => &server.admin,
        };
        let home = home(project);
        let (document, paths) = (format!("{address}/openapi.json"), format!("^({})", paths.join("|")));
        let job = Job::program(project, tool, &["--config-file"]).arg(home.join("schemathesis.toml"));
        let arguments = ["run", &document, "--url", address, "--include-path-regex", &paths, "-n", cases, "--no-color"];
        let job = arguments.iter().fold(job, |job, argument| job.arg(argument)).within(LIMIT);
        let job = job
            .env("SCHEMATHESIS_HOOKS", &home.join("hooks.py").to_string_lossy())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("WAYFARER_TOKENS", &world.tokens()?)
            .env("WAYFARER_CLIENT", CLIENT)
            .env("WAYFARER_PAGES", PAGES);
        // Of two ways to show who calls, the tool takes the other one away and is surprised that this one is enough.
        let job = if self.token { job.env("WAYFARER_SECRET", &world.secret) } else { job };
        let own = self.paths.contains(&"/v1");
        Ok(if self.token && own { job.arg("--exclude-checks").arg("ignored_auth") } else { job })
    }

    /// Runs it to its end; says how much it was.
    fn run(self, job: Job) -> Result<String> {
        let said = job.pass().with_context(|| format!("schemathesis, {}", self.name))?;
        generated(&said).context("schemathesis does not say how much it did")
    }
}

/// How many cases there were.
fn generated(said: &str) -> Option<String> {
    let line = said.lines().find(|line| line.contains(" generated, "))?;
    Some(format!("{} cases", line.trim().split_once(' ')?.0))
}

#[cfg(test)]
mod tests;
