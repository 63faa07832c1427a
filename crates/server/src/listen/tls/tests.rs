//! Handshakes on a wire in memory, in time that is told.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop at the first surprise, and looks at the clock"
)]

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_rustls::{TlsConnector, client};

use super::*;
use crate::listen::{Serve, encrypted};
use crate::stop::stop;

#[derive(Clone)]
struct Hello;

impl Serve for Hello {
    async fn serve(&self, _: Request<Incoming>) -> Response<Body> {
        Response::new(Body::from("hello"))
    }
}

/// A certificate for `localhost` that vouches for itself, and its key.
struct Pair {
    certificate: String,
    key: String,
}

fn pair() -> Pair {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    Pair { certificate: made.cert.pem(), key: made.signing_key.serialize_pem() }
}

fn tls(pair: &Pair) -> Tls {
    Tls::new(pair.certificate.as_bytes(), pair.key.as_bytes()).unwrap()
}

fn serve(tls: &Tls) -> (DuplexStream, JoinHandle<()>) {
    let (wire, other) = duplex(1 << 12);
    let (stopper, stop) = stop();
    let tls = tls.clone();
    let served = tokio::spawn(async move {
        encrypted(&tls, other, Hello, &Limits::default(), stop).await;
        drop(stopper);
    });
    (wire, served)
}

/// A caller who trusts one certificate.
async fn shake(
    wire: DuplexStream,
    trusted: &Pair,
    versions: &[&'static SupportedProtocolVersion],
    alpn: &[&str],
) -> io::Result<client::TlsStream<DuplexStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.certificate.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let config = config.with_protocol_versions(versions).unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), wire).await
}

async fn ask(stream: &mut client::TlsStream<DuplexStream>) -> String {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut heard = String::new();
    while !heard.ends_with("hello") {
        heard.push(char::from(stream.read_u8().await.unwrap()));
    }
    heard
}

#[tokio::test]
async fn both_versions_of_tls_and_of_http_are_spoken() {
    let pair = pair();
    let versions = [(&version::TLS12, ProtocolVersion::TLSv1_2), (&version::TLS13, ProtocolVersion::TLSv1_3)];
    for (version, number) in versions {
        for (offered, taken) in [(&["h2", "http/1.1"][..], "h2"), (&["http/1.1"], "http/1.1")] {
            let (wire, ..) = serve(&tls(&pair));
            let stream = shake(wire, &pair, &[version], offered).await.unwrap();
            let session = stream.get_ref().1;
            assert_eq!(session.protocol_version(), Some(number));
            assert_eq!(session.alpn_protocol(), Some(taken.as_bytes()));
        }
    }
    let (wire, ..) = serve(&tls(&pair));
    let mut stream = shake(wire, &pair, &[&version::TLS13], &["http/1.1"]).await.unwrap();
    assert!(ask(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test(start_paused = true)]
async fn r84_a_handshake_has_the_time_of_headers_however_it_trickles() {
    let pair = pair();
    let tls = tls(&pair);
    let since = Instant::now();
    let (mut wire, served) = serve(&tls);
    assert_eq!(wire.read_to_end(&mut Vec::new()).await.unwrap_or_default(), 0);
    served.await.unwrap();
    assert!((5.0..5.1).contains(&since.elapsed().as_secs_f32()), "{:?}", since.elapsed());

    let since = Instant::now();
    let (mut wire, served) = serve(&tls);
    // The head of a record that never becomes whole (RFC 8446 section 5.1).
    for byte in [0x16, 3, 1, 2, 0, 1, 0, 1, 0] {
        wire.write_all(&[byte]).await.unwrap();
        sleep(Duration::from_secs(1)).await;
    }
    served.await.unwrap();
    assert!((10.0..10.1).contains(&since.elapsed().as_secs_f32()), "{:?}", since.elapsed());
}

#[tokio::test(start_paused = true)]
async fn r84_behind_the_handshake_the_deadlines_are_those_of_requests() {
    let pair = pair();
    let (wire, served) = serve(&tls(&pair));
    let mut stream = shake(wire, &pair, &[&version::TLS13], &["http/1.1"]).await.unwrap();
    let since = Instant::now();
    ask(&mut stream).await;
    sleep(Duration::from_secs(59)).await;
    assert!(!served.is_finished(), "it may be idle for a minute");
    ask(&mut stream).await;
    served.await.unwrap();
    assert!((119.0..119.2).contains(&since.elapsed().as_secs_f32()), "{:?}", since.elapsed());
}

#[tokio::test]
async fn plain_http_is_not_answered() {
    let (mut wire, served) = serve(&tls(&pair()));
    wire.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut heard = Vec::new();
    let _ = wire.read_to_end(&mut heard).await;
    served.await.unwrap();
    assert!(!heard.starts_with(b"HTTP"), "{heard:?}");
}

#[tokio::test]
async fn what_is_replaced_holds_for_the_next_connection_and_open_ones_go_on() {
    let (before, after) = (pair(), pair());
    let tls = tls(&before);
    let both = [&version::TLS13, &version::TLS12];
    let (wire, _first) = serve(&tls);
    let mut open = shake(wire, &before, &both, &["http/1.1"]).await.unwrap();
    ask(&mut open).await;

    tls.replace(after.certificate.as_bytes(), after.key.as_bytes()).unwrap();
    ask(&mut open).await;
    let (wire, ..) = serve(&tls);
    assert!(shake(wire, &before, &both, &[]).await.is_err(), "the old certificate is shown no more");
    let (wire, ..) = serve(&tls);
    assert!(shake(wire, &after, &both, &[]).await.is_ok());

    let mixed = tls.replace(before.certificate.as_bytes(), after.key.as_bytes());
    assert!(matches!(mixed, Err(TlsError::Pair(_))), "{mixed:?}");
    let (wire, ..) = serve(&tls);
    assert!(shake(wire, &after, &both, &[]).await.is_ok(), "what cannot be used replaces nothing");
}

#[test]
fn what_is_no_pair_is_refused() {
    let pair = pair();
    let refused = |certificate: &str, key: &str| Tls::new(certificate.as_bytes(), key.as_bytes()).unwrap_err();
    assert!(matches!(refused("", &pair.key), TlsError::Certificates));
    assert!(matches!(refused(&pair.key, &pair.key), TlsError::Certificates));
    assert!(matches!(refused(&pair.certificate, ""), TlsError::Key));
    assert!(matches!(refused(&pair.certificate, &pair.certificate), TlsError::Key));
    assert!(matches!(refused(&pair.certificate, &super::tests::pair().key), TlsError::Pair(_)));
}
