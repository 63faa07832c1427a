//! The program with its feature `otel` comes in; what a collector gets of it is held against what was asked, and goes out with how
//! long answers took with a collector, with one that never answers, and with none.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::project::Project;
use crate::run::Job;
use crate::schemathesis::{CLIENT, PAGES, Server, World};

/// Calls of one measure.
const CALLS: usize = 200;

/// How long the program may keep spans to itself here, in milliseconds, and how long they are waited for.
const DELAY: &str = "100";
const PATIENCE: Duration = Duration::from_secs(20);

/// No answer takes longer, whatever the collector does.
const SLOWEST: Duration = Duration::from_secs(2);

/// The chore. The feature is built beside everything else, so that neither is built anew for the other.
pub(crate) fn chore(project: &Project) -> Result<String> {
    let beside = Project { root: project.root.clone(), target: project.target.join("otel") };
    let build = Job::cargo(project, &["build", "--quiet", "--package", "wayfarer-cli", "--features", "otel"]);
    build.env("CARGO_TARGET_DIR", &beside.target.to_string_lossy()).pass()?;
    let world = World::new(&beside, &beside.scratch().join("schemathesis"))?;

    let collector = Collector::new(true)?;
    let server = start(&beside, &world, Some(&collector.endpoint))?;
    let with = seen(&server, &world, &collector)?;
    drop(server);
    let silent = Collector::new(false)?;
    let silence = measured(&start(&beside, &world, Some(&silent.endpoint))?)?;
    // A port that was free a moment ago: nobody listens.
    let nobody = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let away = measured(&start(&beside, &world, Some(&format!("http://{nobody}")))?)?;
    let without = measured(&start(&beside, &world, None)?)?;
    ensure!(silent.heard() > 0, "the collector that never answers was not asked");
    Ok(format!(
        "{with}\nhalf of {CALLS} answers within {} with a silent collector, {} with none there, {} without tracing; \
         the slowest took {}, {}, {}",
        silence.0, away.0, without.0, silence.1, away.1, without.1
    ))
}

fn start(project: &Project, world: &World, endpoint: Option<&str>) -> Result<Server> {
    let endpoint = endpoint.unwrap_or_default();
    Server::start(project, world, &[("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("OTEL_BSP_SCHEDULE_DELAY", DELAY)])
}

/// Plays a run, and finds a span for each request, start, answer and step, and nothing that was sent.
fn seen(server: &Server, world: &World, collector: &Collector) -> Result<String> {
    let form = format!("grant_type=client_credentials&client_id={CLIENT}&client_secret={}", world.secret);
    let form_type = [("content-type", "application/x-www-form-urlencoded")];
    let token = ask(&server.public, "POST", "/oidc/token", &form_type, &form)?;
    let token = text(&token, "access_token")?;
    let bearer = format!("Bearer {token}");
    let json_type = ("content-type", "application/json");
    let find = "/cis/v1/users/email/canary-person%40example.com";
    ask(&server.public, "GET", find, &[("authorization", &bearer)], "")?;
    let path = format!("/v1/journeys/asked/runs?client_id={PAGES}");
    let body = json!({ "params": { "greeting": "canary-greeting" } }).to_string();
    let headers = [json_type, ("idempotency-key", "canary-key"), ("cookie", "session=canary-cookie")];
    let first = text(&ask(&server.public, "POST", &path, &headers, &body)?, "handle")?;
    let path = format!("/v1/runs/submit?client_id={PAGES}");
    let body = json!({ "option": "submit", "data": { "name": "canary-name" } }).to_string();
    let second =
        text(&ask(&server.public, "POST", &path, &[json_type, ("wayfarer-handle", &first)], &body)?, "handle")?;
    let path = format!("/v1/journeys/temp_code_auth_journey/runs?client_id={PAGES}");
    let body = json!({ "params": { "external_user_id": "user123", "temp_code": "61937204" } }).to_string();
    ask(&server.public, "POST", &path, &[json_type], &body)?;

    // Five requests, two starts, one answer; two prompts, of which one was entered by the answer, and a code that was checked.
    let wanted = [("request", 5), ("start", 2), ("run", 3), ("step", 3)];
    let begun = Instant::now();
    let missing = |(name, least): &&(&str, usize)| collector.spans(name) < *least;
    while wanted.iter().any(|wanted| missing(&wanted)) && begun.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(50));
    }
    let counts = wanted.map(|(name, _)| format!("{name} {}", collector.spans(name))).join(", ");
    if let Some((name, least)) = wanted.iter().find(missing) {
        anyhow::bail!("fewer than {least} spans `{name}` arrived: {counts}");
    }
    let secrets = [&*world.secret, &token, &first, &second, "canary-", "61937204", "user123"];
    for secret in secrets {
        ensure!(!collector.has(secret.as_bytes()), "`{secret}` is in what the collector got");
    }
    Ok(format!("spans in {} bytes: {counts}", collector.heard()))
}

/// How long half of the answers take, and the slowest.
fn measured(server: &Server) -> Result<(String, String)> {
    let mut times = Vec::new();
    let path = format!("/v1/journeys/asked/runs?client_id={PAGES}");
    for _ in 0..CALLS {
        let begun = Instant::now();
        ask(&server.public, "POST", &path, &[("content-type", "application/json")], "{}")?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let (half, slowest) = (times.get(CALLS / 2), times.last());
    let (half, slowest) = (half.context("nothing was measured")?, slowest.context("nothing was measured")?);
    ensure!(*slowest < SLOWEST, "an answer took {slowest:?}");
    Ok((format!("{half:.1?}"), format!("{slowest:.1?}")))
}

/// One call on a connection of its own; the body of its answer, which must not be a failure of the server.
fn ask(server: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Value> {
    let address = server.trim_start_matches("http://");
    let mut wire = TcpStream::connect(address)?;
    wire.set_read_timeout(Some(PATIENCE))?;
    let head = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<String>();
    let length = body.len();
    write!(
        wire,
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n{head}\r\n{body}"
    )?;
    let mut answer = String::new();
    wire.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    ensure!(status.starts_with('2') || status.starts_with('4'), "{method} {path}: {answer}");
    let (_, body) = answer.split_once("\r\n\r\n").context("an answer has no end of its headers")?;
    Ok(serde_json::from_str(body)?)
}

fn text(answer: &Value, name: &str) -> Result<String> {
    let text = answer.get(name).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no `{name}` in {answer}"))?.to_owned())
}

/// A collector that keeps all that it is sent, and answers or does not.
struct Collector {
    endpoint: String,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    fn new(answers: bool) -> Result<Collector> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (endpoint, heard) = (format!("http://{}", listener.local_addr()?), Arc::default());
        let kept = Arc::clone(&heard);
        // It ends with the chore.
        thread::spawn(move || {
            for wire in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                thread::spawn(move || take(wire, &kept, answers));
            }
        });
        Ok(Collector { endpoint, heard })
    }

    fn heard(&self) -> usize {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn has(&self, wanted: &[u8]) -> bool {
        count(&self.heard.lock().unwrap_or_else(PoisonError::into_inner), wanted) > 0
    }

    /// Spans of a name: it is the fifth field, a text (`opentelemetry/proto/trace/v1/trace.proto`).
    fn spans(&self, name: &str) -> usize {
        let field = [&[0x2a, u8::try_from(name.len()).unwrap_or_default()], name.as_bytes()].concat();
        count(&self.heard.lock().unwrap_or_else(PoisonError::into_inner), &field)
    }
}

fn count(text: &[u8], wanted: &[u8]) -> usize {
    text.windows(wanted.len()).filter(|part| *part == wanted).count()
}

/// Keeps the requests of a connection. One that breaks off is over.
fn take(wire: TcpStream, kept: &Mutex<Vec<u8>>, answers: bool) -> Option<()> {
    let mut reader = BufReader::new(wire.try_clone().ok()?);
    let mut writer = wire;
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        kept.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&body);
        if answers {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
            writer.write_all(head.as_bytes()).ok()?;
        }
    }
}
