//! A server on a store in memory, and a small HTTP client that sends what it is told to the byte.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wayfarer::identity::{
    Client, ClientScope, IdentityError, IssueCode, KeyId, NewClient, NewUser, Origin, Purpose, SystemEntropy, UserRef,
};
use wayfarer::step::Actor;
use wayfarer::{Builder, ManualClock, Wayfarer};
use wayfarer_server::{Ended, Keeper, Limits, Listeners, Metrics, Parts, Server, Settings};

pub(crate) const ORIGIN: &str = "https://app.example.com";

/// The client of web pages, and that of support.
pub(crate) const WEB: &str = "web";
pub(crate) const SUPPORT: &str = "support";

/// The settings of most tests: they do not wait for the beat of refusals.
pub(crate) fn prompt() -> Settings {
    Settings { limits: Limits { refusal_beat: Duration::ZERO, ..Limits::default() }, ..Settings::default() }
}

/// The keys, which end with the store.
struct Kept(Wayfarer);

#[wayfarer::step::async_trait]
impl Keeper for Kept {
    async fn rotate(&self, actor: &Actor, purpose: Purpose) -> Result<KeyId, IdentityError> {
        self.0.rotate_key(actor, purpose).await
    }

    async fn retire(&self, actor: &Actor, id: KeyId) -> Result<(), IdentityError> {
        self.0.retire_key(actor, id).await
    }
}

pub(crate) struct World {
    pub(crate) host: Wayfarer,
    pub(crate) clock: ManualClock,
    pub(crate) public: SocketAddr,
    pub(crate) admin: SocketAddr,
    pub(crate) secret: String,
    /// What was sent and what came back, for the test that searches it.
    pub(crate) heard: Mutex<Vec<Heard>>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Ended>,
}

/// One call and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// The method and the path, without the query.
    pub(crate) call: String,
    /// All that was sent.
    pub(crate) sent: String,
    pub(crate) reply: Reply,
}

impl World {
    /// All journeys that are handed out, a client for pages and one for support.
    pub(crate) async fn new() -> Self {
        Self::with(prompt(), &[]).await
    }

    pub(crate) async fn with(settings: Settings, journeys: &[&str]) -> Self {
        Self::on(Wayfarer::in_memory(), ManualClock::default(), settings, journeys).await.peopled().await
    }

    /// The same, where nobody changes keys for the server.
    pub(crate) async fn without_keeper() -> Self {
        Self::put_together(Wayfarer::in_memory(), ManualClock::default(), prompt(), &[], |_| None).await.peopled().await
    }

    /// The same with the clients of most tests.
    pub(crate) async fn peopled(mut self) -> Self {
        self.secret = self.callers().await;
        self
    }

    /// Adds the client of pages and that of support, whose secret it gives.
    pub(crate) async fn callers(&self) -> String {
        let web =
            NewClient { client_id: Some(WEB.to_owned()), confidential: false, ..NewClient::confidential("default") };
        let web = NewClient { origins: vec![Origin::new(ORIGIN).unwrap()], ..web };
        self.client(&web.scopes([ClientScope::JourneysRun])).await;
        let support = NewClient { client_id: Some(SUPPORT.to_owned()), ..NewClient::confidential("default") };
        let scopes = [ClientScope::OtpDirect, ClientScope::UsersRead, ClientScope::UsersWrite, ClientScope::OtpSend];
        self.client(&support.scopes(scopes)).await.1
    }

    /// A server on a store of the caller's, without clients.
    pub(crate) async fn on(builder: Builder, clock: ManualClock, settings: Settings, journeys: &[&str]) -> Self {
        let keeper = |host: &Wayfarer| Some(Arc::new(Kept(host.clone())) as Arc<dyn Keeper>);
        Self::put_together(builder, clock, settings, journeys, keeper).await
    }

    async fn put_together(
        builder: Builder,
        clock: ManualClock,
        settings: Settings,
        journeys: &[&str],
        keeper: fn(&Wayfarer) -> Option<Arc<dyn Keeper>>,
    ) -> Self {
        crate::secrets::log();
        let metrics = Metrics::new();
        let mut builder = builder.clock(clock.clone()).observer(Arc::new(metrics.clone()));
        for (name, text) in handed_out() {
            builder = builder.journey(name, text);
        }
        for (index, text) in journeys.iter().enumerate() {
            builder = builder.journey(format!("{index}.yaml"), *text);
        }
        let host = builder.open().await.unwrap();
        let (public, admin) = (listener().await, listener().await);
        let (public_address, admin_address) = (public.local_addr().unwrap(), admin.local_addr().unwrap());
        let parts = Parts {
            engine: host.engine().clone(),
            identity: host.identity().clone(),
            tenant: host.tenant().clone(),
            entropy: Arc::new(SystemEntropy),
            keeper: keeper(&host),
        };
        let (stop, stopped) = oneshot::channel();
        let served = Server::new(parts, settings).measured(metrics).serve(Listeners { public, admin }, async {
            let _ = stopped.await;
        });
        let ended = tokio::spawn(served);
        let (secret, heard) = (String::new(), Mutex::default());
        Self { host, clock, public: public_address, admin: admin_address, secret, heard, stop, ended }
    }

    pub(crate) async fn client(&self, new: &NewClient) -> (Client, String) {
        let added = self.host.identity().add_client(self.host.tenant(), &Actor::system(), new).await.unwrap();
        (added.client, added.secret.map(|secret| secret.expose().clone()).unwrap_or_default())
    }

    /// A token of a client that was added, for these scopes.
    pub(crate) async fn token_of(&self, client_id: &str, secret: &str, scopes: &str) -> String {
        let scope = if scopes.is_empty() { String::new() } else { format!("&scope={scopes}") };
        let form = format!("grant_type=client_credentials&client_id={client_id}&client_secret={secret}{scope}");
        let reply = self.send("POST", "/oidc/token", FORM, &form).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// A call of administration, on behalf of a person.
    pub(crate) async fn manage(&self, method: &str, path: &str, token: &str, body: &Json) -> Reply {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("authorization", bearer.as_str()), ("wayfarer-agent", "sam")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        let reply = Self::send_to(self.admin, method, path, &headers, &body).await;
        self.hear(method, path, &headers, &body, &reply);
        reply
    }

    fn hear(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str, reply: &Reply) {
        let call = format!("{method} {}", path.split('?').next().unwrap());
        let sent = format!("{method} {path} {headers:?} {body}");
        self.heard.lock().unwrap().push(Heard { call, sent, reply: reply.clone() });
    }

    pub(crate) async fn stop(self) -> Ended {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap()
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub(crate) async fn user(&self, external_id: &str) -> String {
        self.host.add_user(NewUser::external(external_id)).await.unwrap().user_id.to_string()
    }

    pub(crate) async fn code(&self, user: &str) -> String {
        let issued = self.host.issue_code(IssueCode::new(UserRef::id(user).unwrap())).await.unwrap();
        issued.code.expose().clone()
    }

    /// A token of the support client.
    pub(crate) async fn token(&self) -> String {
        self.token_for(&[]).await
    }

    pub(crate) async fn token_for(&self, further: &[(&str, &str)]) -> String {
        let parameters = [&[("grant_type", "client_credentials"), ("client_id", SUPPORT)][..], further].concat();
        let form = format!("{}&client_secret={}", joined(&parameters), self.secret);
        let reply = self.send("POST", "/oidc/token", FORM, &form).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// One request on a connection of its own.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let reply = Self::send_to(self.public, method, path, headers, body).await;
        self.hear(method, path, headers, body, &reply);
        reply
    }

    /// The same to either listener.
    pub(crate) async fn send_to(
        address: SocketAddr,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() || method == "POST" {
            head += &format!("content-length: {}\r\n", body.len());
        }
        Reply::read(&wire(address, &[head.as_bytes(), b"\r\n", body.as_bytes()].concat()).await)
    }

    /// A call of a backend, with its token.
    pub(crate) async fn call(&self, method: &str, path: &str, token: &str, body: &Json) -> Reply {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("authorization", bearer.as_str())];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.send(method, path, &headers, &body).await
    }
}

pub(crate) const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

fn joined(parameters: &[(&str, &str)]) -> String {
    parameters.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn handed_out() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("journeys");
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
    };
    std::fs::read_dir(folder).unwrap().map(read).filter(|(name, _)| name.ends_with(".yaml")).collect()
}

/// Sends bytes and takes all that comes back.
pub(crate) async fn wire(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that has seen enough may close before it has read all.
    let _ = stream.write_all(bytes).await;
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard).await;
    String::from_utf8(heard).unwrap()
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn read(wire: &str) -> Self {
        let (head, body) = wire.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {wire:?}"));
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Self { status, headers: lines.map(header).collect(), body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        let read = serde_json::from_str(&self.body);
        assert!(read.is_ok(), "{self:?}");
        read.unwrap()
    }

    /// All of it but what names the request and the moment.
    pub(crate) fn timeless(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "trace-id" && name != "date");
        self
    }
}

/// What the SDK sends and keeps, in the form of its envelope.
pub(crate) struct Page<'a> {
    pub(crate) world: &'a World,
    pub(crate) client: String,
    pub(crate) origin: Option<String>,
    pub(crate) correlation: String,
    pub(crate) sid: Option<String>,
    pub(crate) last: Json,
}

impl<'a> Page<'a> {
    pub(crate) fn new(world: &'a World) -> Self {
        Self {
            world,
            client: WEB.to_owned(),
            origin: Some(ORIGIN.to_owned()),
            correlation: format!("c-{}", uuid()),
            sid: None,
            last: Json::Null,
        }
    }

    pub(crate) async fn post(&self, operation: &str, data: &Json) -> Reply {
        let sid = self.sid.as_ref().map(|sid| format!("&sid={sid}")).unwrap_or_default();
        let path =
            format!("/ido/api/v2/auth/{operation}?aid=default_application&clientId={}&locale=en-US{sid}", self.client);
        let body = json!({
            "headers": [
                { "type": "correlation_id", "correlation_id": self.correlation },
                { "type": "device", "device": { "device_key_id": "00", "device_platform": "web" } },
            ],
            "data": data,
        });
        let mut headers = vec![("content-type", "application/json;charset=UTF-8")];
        headers.extend(self.origin.as_deref().map(|origin| ("origin", origin)));
        self.world.send("POST", &path, &headers, &body.to_string()).await
    }

    /// Starts a journey as the SDK does, and keeps what it keeps.
    pub(crate) async fn start(&mut self, journey: &str, params: Json) -> Reply {
        let reply = self.begin(journey, params).await;
        let json = reply.json();
        let headers = json["headers"].as_array().expect("the SDK needs the headers of a start");
        self.sid = headers.iter().find_map(|header| Some(header.get("session_id")?.as_str()?.to_owned()));
        self.last = json;
        reply
    }

    pub(crate) async fn begin(&self, journey: &str, params: Json) -> Reply {
        let data = json!({
            "collection_result": { "metadata": { "timestamp": 1_795_397_319_784_u64 }, "content": {} },
            "policy_request_id": journey,
            "params": params,
            "sdk_data": {},
        });
        self.post("anonymous_invoke", &data).await
    }

    /// The step that is asked.
    pub(crate) fn element(&self) -> &Json {
        &self.last["data"]["control_flow"][0]
    }

    pub(crate) fn assertion(&self, kind: &str) -> Json {
        let element = self.element();
        json!({ "assertion_id": element["assertion_id"], "action": element["type"], "assert": kind })
    }

    /// Fills in a step.
    pub(crate) async fn input(&mut self, input: Json) -> Reply {
        let mut data = self.assertion("action");
        data["input"] = input;
        self.assert(&data).await
    }

    /// Takes another way on.
    pub(crate) async fn escape(&mut self, id: &str) -> Reply {
        let mut data = self.assertion("escape");
        data["data"] = json!({ "escape_id": id, "escape_params": {} });
        self.assert(&data).await
    }

    pub(crate) async fn assert(&mut self, data: &Json) -> Reply {
        let reply = self.post("assert", data).await;
        self.last = reply.json();
        reply
    }
}

fn uuid() -> u128 {
    use wayfarer::step::port::Entropy as _;
    let mut bytes = [0; 16];
    SystemEntropy.fill(&mut bytes).unwrap();
    u128::from_ne_bytes(bytes)
}

/// Another code of the same length.
pub(crate) fn wrong(code: &str) -> String {
    code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect()
}
