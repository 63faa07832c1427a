//! The real program comes up with a store of its own, with whom the tool needs in it; where it listens goes out.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{document, home};
use crate::project::Project;

/// Every call has to be answered for what it is, not for how many come.
const CONFIGURATION: &str = "\
limits:
  rates:
    address: { per_minute: 0 }
    client: { per_minute: 0 }
    global: { per_minute: 0 }
    secrets: { per_minute: 0 }
";

/// The client that may do everything, and that of pages.
pub(crate) const CLIENT: &str = "schemathesis";
pub(crate) const PAGES: &str = "pages";

/// A store with whom the tool needs.
pub(crate) struct World {
    folder: PathBuf,
    pub(crate) secret: String,
}

impl World {
    /// One in a folder, which is made anew.
    pub(crate) fn new(project: &Project, folder: &Path) -> Result<World> {
        drop(fs::remove_dir_all(folder));
        fs::create_dir_all(folder)?;
        fs::write(folder.join("wayfarer.yaml"), CONFIGURATION)?;
        let world = World { folder: folder.to_owned(), secret: String::new() };
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

    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    pub(super) fn tokens(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.join("tokens"))?)
    }
}

/// All scopes, as the document tells them.
fn scopes(project: &Project) -> Result<Vec<String>> {
    let document = document(project)?;
    let scopes = document.pointer("/components/securitySchemes/client/flows/clientCredentials/scopes");
    let scopes = scopes.and_then(Value::as_object).context("the document tells no scopes")?;
    Ok(scopes.keys().cloned().collect())
}

/// The server under test: the real program, on ports that are free.
pub(crate) struct Server {
    child: Child,
    pub(crate) public: String,
    pub(super) admin: String,
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

impl Server {
    /// Whether it still runs.
    pub(super) fn lives(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
