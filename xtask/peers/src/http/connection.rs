//! A request's bytes come in; the answer's body goes out, on a connection that stays open.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(super) struct Connection {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, heard: Vec::with_capacity(8 << 10) }
    }

    /// Sends a request and takes the answer's status and body, which must say how long it is.
    pub(super) async fn ask(&mut self, request: &[u8]) -> (u16, &[u8]) {
        self.stream.write_all(request).await.unwrap();
        self.heard.clear();
        loop {
            if let Some((status, begin, end)) = whole(&self.heard) {
                return (status, &self.heard[begin..end]);
            }
            let read = self.stream.read_buf(&mut self.heard).await.unwrap();
            assert!(read > 0, "the server has hung up: {}", String::from_utf8_lossy(&self.heard));
        }
    }
}

fn whole(heard: &[u8]) -> Option<(u16, usize, usize)> {
    let head = heard.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&heard[..head]).unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
    });
    let end = head + 4 + length.unwrap_or_default();
    (heard.len() >= end).then_some((status, head + 4, end))
}

/// A request with a JSON body.
pub(super) fn post(path: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
