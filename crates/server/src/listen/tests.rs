//! Slow, large and silent callers on a wire in memory, in time that is told, not waited for.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise, and looks at the clock"
)]

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::{Serve, connection, listen};
use crate::stop::{Stopper, stop};
use crate::{Limits, body, reply};

/// Reads a body of JSON, sends much, waits until it is told to go on, or answers at once.
#[derive(Clone, Default)]
struct Service {
    gate: Arc<Notify>,
}

impl Serve for Service {
    async fn serve(&self, request: Request<Incoming>) -> Response<Body> {
        let (parts, incoming) = request.into_parts();
        match parts.uri.path() {
            "/much" => Response::new(Body::from(vec![b'x'; 4 << 20])),
            "/gate" => {
                self.gate.notified().await;
                Response::new(Body::from("through"))
            }
            "/json" => match body::read_json(&parts.headers, Body::new(incoming), &Limits::default()).await {
                Ok(value) => reply::json(axum::http::StatusCode::OK, &value),
                Err(refusal) => crate::problem::problem(&refusal),
            },
            _ => Response::new(Body::from("hello")),
        }
    }
}

/// A caller's end of a wire, whose other end is served.
struct Caller {
    wire: DuplexStream,
    served: JoinHandle<()>,
    stopper: Stopper,
    since: Instant,
}

impl Caller {
    fn new() -> Self {
        let (wire, other) = duplex(1 << 10);
        let (stopper, stop) = stop();
        let served = tokio::spawn(async move {
            connection(other, Service::default(), &Limits::default(), stop).await;
        });
        Self { wire, served, stopper, since: Instant::now() }
    }

    async fn say(&mut self, text: &str) {
        self.wire.write_all(text.as_bytes()).await.unwrap();
    }

    /// All that comes until the other end closes.
    async fn hear(&mut self) -> String {
        let mut heard = Vec::new();
        // A wire that breaks has said what it had to say.
        let _ = self.wire.read_to_end(&mut heard).await;
        String::from_utf8(heard).unwrap()
    }

    /// One answer of a known body.
    async fn hear_until(&mut self, end: &str) -> String {
        let mut heard = String::new();
        while !heard.ends_with(end) {
            heard.push(char::from(self.wire.read_u8().await.unwrap()));
        }
        heard
    }

    fn seconds(&self) -> f32 {
        self.since.elapsed().as_secs_f32()
    }
}

const HELLO: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn r84_who_says_nothing_is_cut_after_five_seconds() {
    let mut caller = Caller::new();
    assert_eq!(caller.hear().await, "");
    assert!((5.0..5.1).contains(&caller.seconds()), "{}", caller.seconds());
}

#[tokio::test(start_paused = true)]
async fn r84_headers_have_ten_seconds_however_they_trickle() {
    for start in ["P", "GET / HTTP/1.1\r\nx: ", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut caller = Caller::new();
        caller.say(start).await;
        for _ in 0..9 {
            sleep(Duration::from_secs(1)).await;
            if !start.starts_with("PRI") {
                caller.say(if start == "P" { "" } else { "x" }).await;
            }
        }
        assert!(!caller.served.is_finished(), "{start:?}");
        caller.hear().await;
        assert!((10.0..10.1).contains(&caller.seconds()), "{start:?}: {}", caller.seconds());
    }
}

#[tokio::test(start_paused = true)]
async fn r84_a_body_has_fifteen_seconds() {
    let mut caller = Caller::new();
    caller
        .say("POST /json HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{")
        .await;
    for _ in 0..14 {
        sleep(Duration::from_secs(1)).await;
        caller.say(" ").await;
    }
    caller.hear_until("HTTP/1.1 408 ").await;
    assert!((15.0..15.1).contains(&caller.seconds()), "{}", caller.seconds());
    assert!(caller.hear().await.contains("request_timeout"));
    assert!(caller.seconds() < 25.1, "what was not read is not waited for");
}

#[tokio::test(start_paused = true)]
async fn r84_an_idle_connection_lives_for_a_minute_and_a_half_request_for_ten_seconds() {
    let mut caller = Caller::new();
    caller.say(HELLO).await;
    caller.hear_until("hello").await;
    sleep(Duration::from_secs(59)).await;
    caller.say(HELLO).await;
    caller.hear_until("hello").await;
    assert_eq!(caller.hear().await, "");
    assert!((119.0..119.1).contains(&caller.seconds()), "{}", caller.seconds());

    let mut caller = Caller::new();
    caller.say(HELLO).await;
    caller.hear_until("hello").await;
    sleep(Duration::from_secs(30)).await;
    caller.say("GET / HT").await;
    assert_eq!(caller.hear().await, "");
    assert!((40.0..40.1).contains(&caller.seconds()), "{}", caller.seconds());
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_its_answer_is_cut() {
    let mut caller = Caller::new();
    caller.say("GET /much HTTP/1.1\r\nhost: x\r\n\r\n").await;
    (&mut caller.served).await.unwrap();
    assert!((30.0..31.0).contains(&caller.seconds()), "{}", caller.seconds());
}

#[tokio::test(start_paused = true)]
async fn r83_headers_have_their_size() {
    let asked =
        |bytes: usize| format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\nconnection: close\r\n\r\n", "a".repeat(bytes));
    for (bytes, status) in [(8 << 10, "200"), (17 << 10, "431")] {
        let mut caller = Caller::new();
        let wire = asked(bytes);
        let (mut read, mut write) = tokio::io::split(caller.wire);
        let heard = async {
            let mut heard = Vec::new();
            let _ = read.read_to_end(&mut heard).await;
            String::from_utf8(heard).unwrap()
        };
        let said = async {
            let _ = write.write_all(wire.as_bytes()).await;
        };
        let (heard, ()) = tokio::join!(heard, said);
        assert!(heard.starts_with(&format!("HTTP/1.1 {status} ")), "{bytes}: {heard}");
        caller.wire = read.unsplit(write);
    }
}

#[tokio::test(start_paused = true)]
async fn http2_is_served_within_the_same_bounds() {
    let caller = Caller::new();
    let wire = TokioIo::new(caller.wire);
    let (mut sender, wire) = hyper::client::conn::http2::handshake(TokioExecutor::new(), wire).await.unwrap();
    let wire = tokio::spawn(wire);
    let request = |header: usize| {
        let request = Request::builder().uri("http://x/").header("x", "a".repeat(header));
        request.body(Full::<Bytes>::default()).unwrap()
    };
    let answer = sender.send_request(request(10)).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "hello");
    let large = sender.send_request(request(17 << 10)).await;
    assert!(large.is_err() || large.unwrap().status() == 431, "R83");
    let _ = wire.await.unwrap();
    assert!((60.0..60.1).contains(&caller.since.elapsed().as_secs_f32()), "{:?}", caller.since.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_at_once_when_it_is_time_to_stop() {
    let mut caller = Caller::new();
    caller.say(HELLO).await;
    caller.hear_until("hello").await;
    caller.stopper.stop();
    assert_eq!(caller.hear().await, "");
    assert!(caller.seconds() < 1.0);
}

struct Listening {
    address: std::net::SocketAddr,
    service: Service,
    stopper: Stopper,
    ended: JoinHandle<usize>,
}

async fn listening(limits: Limits) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, service, (stopper, stop)) = (listener.local_addr().unwrap(), Service::default(), stop());
    let ended = tokio::spawn(listen(listener, None, service.clone(), limits, stop));
    Listening { address, service, stopper, ended }
}

async fn ask(stream: &mut TcpStream, path: &str) {
    let wire = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    stream.write_all(wire.as_bytes()).await.unwrap();
}

async fn first_line(stream: &mut TcpStream) -> String {
    let mut line = vec![0; 12];
    stream.read_exact(&mut line).await.unwrap();
    String::from_utf8(line).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_connection_over_the_cap_waits_for_its_turn() {
    let server = listening(Limits { connections: 1, ..Limits::default() }).await;
    let mut one = TcpStream::connect(server.address).await.unwrap();
    ask(&mut one, "/").await;
    assert_eq!(first_line(&mut one).await, "HTTP/1.1 200");
    let mut two = TcpStream::connect(server.address).await.unwrap();
    ask(&mut two, "/").await;
    assert!(timeout(Duration::from_secs(1), first_line(&mut two)).await.is_err(), "there is one seat");
    drop(one);
    assert_eq!(first_line(&mut two).await, "HTTP/1.1 200");
}

#[tokio::test(start_paused = true)]
async fn what_has_begun_is_let_end_and_nothing_new_is_taken() {
    let mut server = listening(Limits::default()).await;
    let mut begun = TcpStream::connect(server.address).await.unwrap();
    ask(&mut begun, "/gate").await;
    sleep(Duration::from_secs(1)).await;
    server.stopper.stop();
    assert!(timeout(Duration::from_secs(1), &mut server.ended).await.is_err(), "it waits for the request");
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
    server.service.gate.notify_one();
    assert_eq!(first_line(&mut begun).await, "HTTP/1.1 200");
    assert_eq!(server.ended.await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_end_in_time_is_cut_and_counted() {
    let server = listening(Limits { drain: Duration::from_secs(7), ..Limits::default() }).await;
    let mut begun = TcpStream::connect(server.address).await.unwrap();
    ask(&mut begun, "/gate").await;
    sleep(Duration::from_secs(1)).await;
    server.stopper.stop();
    assert_eq!(server.ended.await.unwrap(), 1);
}
