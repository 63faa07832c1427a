//! The OpenAPI document comes in; what schemathesis sends by it to the real program, in every way that it knows, breaks nothing.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::checks;
use crate::project::Project;
use crate::run::Job;

/// Every call has to be answered for what it is, not for how many come.
const CONFIGURATION: &str = "\
limits:
  rates:
    address: { per_minute: 0 }
    client: { per_minute: 0 }
    global: { per_minute: 0 }
    secrets: { per_minute: 0 }
";

/// Cases for an operation, in a test and when there is time.
const FEW: &str = "100";
const MANY: &str = "5000";

/// No run takes longer, unless the server hangs.
const LIMIT: Duration = Duration::from_secs(4 * 3600);

/// Our interface for applications, those of Mosaic for backends and for pages, and administration.
const OWN: &[&str] = &["/v1"];
const BACKENDS: &[&str] = &["/cis", "/oidc", "/ido/api/v2/token"];
const SDK: &[&str] = &["/ido/api/v2/auth"];
const ADMINISTRATION: &[&str] = &["/admin"];

/// The client that may do everything, and that of pages.
pub(crate) const CLIENT: &str = "schemathesis";
pub(crate) const PAGES: &str = "pages";

/// The check.
pub(crate) fn check(project: &Project) -> Result<String> {
    run(project, FEW, None)
}

/// `cargo xtask soak`: the same for longer, on all paths or on those that begin so.
pub(crate) fn soak(project: &Project, paths: &[&str]) -> Result<String> {
    match paths {
        [] => run(project, MANY, None),
        [path] => run(project, MANY, Some(path)),
        _ => bail!("`soak` takes one beginning of paths"),
    }
}

fn run(project: &Project, cases: &str, only: Option<&str>) -> Result<String> {
    checks::build(project)?;
    let tool = install(project)?;
    let world = World::new(project)?;
    let mut server = Server::start(project, &world, &[])?;
    let (public, admin) = (server.public.clone(), server.admin.clone());
    // First those that make runs, so that administration has some to look at.
    let attacks = [
        Attack { name: "pages", address: &public, paths: OWN, token: false },
        Attack { name: "backend", address: &public, paths: OWN, token: true },
        Attack { name: "pages of Mosaic's SDK", address: &public, paths: SDK, token: false },
        Attack { name: "backend of Mosaic's calls", address: &public, paths: BACKENDS, token: true },
        Attack { name: "administration", address: &admin, paths: ADMINISTRATION, token: true },
    ];
    let attacks = attacks.into_iter().filter_map(|attack| attack.only(only.as_ref()));
    let said = attacks.map(|attack| attack.run(project, &tool, &world, cases)).collect::<Result<Vec<_>>>()?;
    ensure!(!said.is_empty(), "nothing that is attacked begins so");
    ensure!(server.child.try_wait()?.is_none(), "the server has ended by itself; see {}", world.log().display());
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

/// A store with whom the tool needs.
pub(crate) struct World {
    folder: PathBuf,
    pub(crate) secret: String,
}

impl World {
    pub(crate) fn new(project: &Project) -> Result<World> {
        let folder = project.scratch().join("schemathesis");
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("wayfarer.yaml"), CONFIGURATION)?;
        let world = World { folder, secret: String::new() };
        world.wayfarer(project, &["user", "add", "--external-user-id", "user123"])?;
        world.wayfarer(project, &["client", "add", PAGES, "--public", "--scope", "journeys:run"])?;
        let mut arguments = vec!["client", "add", CLIENT];
        let scopes = scopes(project)?;
        arguments.extend(scopes.iter().flat_map(|scope| ["--scope", scope.as_str()]));
        let client: Value = serde_json::from_str(&world.wayfarer(project, &arguments)?)?;
        let secret = client.get("client_secret").and_then(Value::as_str).context("the client has no secret")?;
        Ok(World { secret: secret.to_owned(), ..world })
    }

    /// What a command on the store says.
    fn wayfarer(&self, project: &Project, arguments: &[&str]) -> Result<String> {
        let output = self.command(project, arguments).args(["--format", "json"]).stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "`wayfarer {}`: {said}", arguments.join(" "));
        Ok(String::from_utf8(output.stdout)?)
    }

    fn command(&self, project: &Project, arguments: &[&str]) -> Command {
        let mut command = Command::new(project.program("wayfarer"));
        command.args(arguments).arg("--data").arg(self.folder.join("data"));
        command.env("WAYFARER_CONFIG", self.folder.join("wayfarer.yaml"));
        command.env("WAYFARER_KEYS", self.folder.join("keys"));
        command
    }

    fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    fn tokens(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.join("tokens"))?)
    }
}

/// Who calls which paths where.
struct Attack<'a> {
    name: &'static str,
    address: &'a str,
    paths: &'a [&'a str],
    token: bool,
}

impl<'a> Attack<'a> {
    /// The part of it that is wanted.
    fn only(self, beginning: Option<&'a &'a str>) -> Option<Self> {
        match beginning {
            Some(beginning) => {
                let within = self.paths.iter().any(|path| beginning.starts_with(path));
                within.then_some(Self { paths: std::slice::from_ref(beginning), ..self })
            }
            None => Some(self),
        }
    }

    /// Sends what follows from the document, as somebody who shows a token or as a page. A warning fails nothing.
    fn run(self, project: &Project, tool: &Path, world: &World, cases: &str) -> Result<String> {
        let Self { name, address, paths, token } = self;
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
        let job = if token { job.env("WAYFARER_SECRET", &world.secret) } else { job };
        let own = paths.contains("(/v1");
        let job = if token && own { job.arg("--exclude-checks").arg("ignored_auth") } else { job };
        let said = job.pass().with_context(|| format!("schemathesis, {name}"))?;
        Ok(format!("{name}: {}", generated(&said).context("schemathesis does not say how much it did")?))
    }
}

/// How many cases there were.
fn generated(said: &str) -> Option<String> {
    let line = said.lines().find(|line| line.contains(" generated, "))?;
    Some(format!("{} cases", line.trim().split_once(' ')?.0))
}

/// All scopes, as the document tells them.
fn scopes(project: &Project) -> Result<Vec<String>> {
    let output = Command::new(project.program("wayfarer")).arg("openapi").output()?;
    let document: Value = serde_json::from_slice(&output.stdout)?;
    let scopes = document.pointer("/components/securitySchemes/client/flows/clientCredentials/scopes");
    let scopes = scopes.and_then(Value::as_object).context("the document tells no scopes")?;
    Ok(scopes.keys().cloned().collect())
}

/// The server under test: the real program, on ports that are free.
pub(crate) struct Server {
    child: Child,
    pub(crate) public: String,
    admin: String,
}

impl Server {
    /// Starts it, with further words in its environment.
    pub(crate) fn start(project: &Project, world: &World, further: &[(&str, &str)]) -> Result<Server> {
        let journeys = home(project).join("journeys");
        let mut command =
            world.command(project, &["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]);
        command.args(["--format", "json", "--journeys"]).arg(journeys).envs(further.iter().copied());
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(world.log())?).spawn()?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("the server says nothing")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let mut server = Server { child, public: String::new(), admin: String::new() };
        let Ok(report) = serde_json::from_str::<Value>(&line) else {
            bail!("the server does not start; see {}", world.log().display());
        };
        let address = |name: &str| {
            let address = report.get(name).and_then(Value::as_str).with_context(|| format!("no `{name}` in {line}"))?;
            anyhow::Ok(format!("http://{address}"))
        };
        (server.public, server.admin) = (address("public")?, address("admin")?);
        fs::write(world.folder.join("tokens"), format!("{}/oidc/token", server.public))?;
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[cfg(test)]
mod tests;
