//! Many guesses at once: however many sessions and connections they come by, few are compared (R10).

use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use wayfarer::identity::AuditQuery;
use wayfarer_server::{Limits, Rates, Settings};

use crate::rig::{ORIGIN, Page, WEB, World, prompt};

const CONNECTIONS: usize = 50;
const GUESSES: usize = 200;

/// A connection that stays.
struct Line(BufReader<TcpStream>);

impl Line {
    /// Starts a journey of its own with this guess; the status of the answer.
    async fn guess(&mut self, number: usize, code: &str) -> u16 {
        let body = json!({
            "headers": [{ "type": "correlation_id", "correlation_id": format!("guess-{number}") }],
            "data": {
                "policy_request_id": "temp_code_auth_journey",
                "params": { "external_user_id": "user123", "temp_code": code },
            },
        })
        .to_string();
        let head = format!(
            "POST /ido/api/v2/auth/anonymous_invoke?clientId={WEB} HTTP/1.1\r\nhost: x\r\norigin: {ORIGIN}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.0.get_mut().write_all((head + &body).as_bytes()).await.unwrap();
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).await.unwrap(), 0, "the connection stays");
            match line.trim_end().split_once(' ') {
                None => break,
                Some(("HTTP/1.1", rest)) => status = rest.split(' ').next().unwrap().parse().unwrap(),
                Some(("content-length:", value)) => length = value.parse().unwrap(),
                Some(_) => {}
            }
        }
        self.0.read_exact(&mut vec![0; length]).await.unwrap();
        status
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r10_of_ten_thousand_guesses_by_fifty_connections_three_are_compared() {
    let limits = Limits { rates: Rates::none(), ..prompt().limits };
    let world = World::with(Settings { limits, ..prompt() }, &[]).await;
    world.user("user123").await;
    let code = world.code("user123").await;
    let right: usize = code.parse().unwrap();
    let guessers: Vec<_> = (0..CONNECTIONS)
        .map(|connection| {
            let address = world.public;
            tokio::spawn(async move {
                let mut line = Line(BufReader::new(TcpStream::connect(address).await.unwrap()));
                for guess in 0..GUESSES {
                    let number = connection * GUESSES + guess;
                    let wrong = (right + 1 + number) % 1_000_000;
                    assert_eq!(line.guess(number, &format!("{wrong:06}")).await, 400);
                }
            })
        })
        .collect();
    for guesser in guessers {
        guesser.await.unwrap();
    }
    let facts = async |name: &str| {
        let query = AuditQuery { name: Some(name.to_owned()), limit: 20_000, ..AuditQuery::default() };
        world.host.identity().audit(world.host.tenant(), &query).await.unwrap().entries.len()
    };
    // An attempt is compared only after it was counted.
    assert_eq!(facts("tempcode.attempt_counted").await, 3);
    assert_eq!(facts("tempcode.attempt_failed").await, 3);
    assert_eq!(facts("tempcode.attempt_refused").await, CONNECTIONS * GUESSES - 3);
    let mut page = Page::new(&world);
    page.start("temp_code_auth_journey", json!({ "external_user_id": "user123", "temp_code": code })).await;
    assert_eq!(page.last["data"]["state"], "rejected", "and the right one comes too late");
}
