//! 2,000 connections that send little or nothing come in; when each is cut goes out, and what honest callers notice of them.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::time::{interval, sleep, timeout};

use super::child::Child;
use super::connection::Connection;
use super::talk::Talk;
use crate::estimate::leave;

/// Ways to be slow, each with what is sent at once, and when the server has had enough (the defaults of its limits).
const WAYS: [(&str, &str, Duration); 4] = [
    ("nothing", "", Duration::from_secs(5)),
    ("headers", "POST /oidc/token HTTP/1.1\r\nhost: localhost\r\nx: ", Duration::from_secs(10)),
    (
        "a body",
        "POST /oidc/token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: 9999\r\n\r\n",
        Duration::from_secs(15),
    ),
    ("no further request", "GET /.well-known/jwks.json HTTP/1.1\r\nhost: localhost\r\n\r\n", Duration::from_secs(60)),
];

/// Honest callers, and how often each of them calls.
const HONEST: usize = 16;
const EVERY: Duration = Duration::from_millis(30);

pub(crate) fn measure(quick: bool) {
    let (each, alone) = if quick { (50, Duration::from_secs(2)) } else { (500, Duration::from_secs(10)) };
    core_affinity::set_for_current(core_affinity::CoreId { id: 1 });
    let server = Child::start("ours in memory", 0);
    let address = server.ready.address;
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let over = Cell::new(false);
        let stop = async {
            sleep(alone).await;
            over.set(true);
        };
        let (baseline, ()) = tokio::join!(honest(address, &over), stop);
        over.set(false);
        let attack = async {
            let slow = WAYS.iter().flat_map(|way| (0..each).map(move |_| be_slow(address, way)));
            let late = join_all(slow).await.into_iter().fold(0.0, f64::max);
            over.set(true);
            late
        };
        let (beside, late) = tokio::join!(honest(address, &over), attack);
        eprintln!(
            "p99 alone {:.2} ms, beside {} slow connections {:.2} ms; the latest was cut {late:.2} s after its time",
            baseline / 1e6,
            each * WAYS.len(),
            beside / 1e6
        );
        leave("slow/alone", baseline);
        leave("slow/beside", beside);
        leave("slow/late", late * 1e9);
    });
}

/// The 99th percentile of what honest callers wait, in nanoseconds.
async fn honest(address: SocketAddr, over: &Cell<bool>) -> f64 {
    let one = |caller: usize| async move {
        let mut connection = Connection::open(address).await;
        let (mut turns, mut taken) = (interval(EVERY), Vec::new());
        while !over.get() {
            turns.tick().await;
            let request = Talk::Ours.first(caller);
            let begun = Instant::now();
            let (status, _) = connection.ask(&request).await;
            taken.push(begun.elapsed().as_nanos() as f64);
            assert_eq!(status, 200);
        }
        taken
    };
    let mut taken = join_all((0..HONEST).map(one)).await.concat();
    taken.sort_by(f64::total_cmp);
    taken[taken.len() * 99 / 100]
}

/// Says how many seconds after its time a slow connection was cut.
async fn be_slow(address: SocketAddr, (way, first, limit): &(&str, &str, Duration)) -> f64 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begun = Instant::now();
    stream.write_all(first.as_bytes()).await.unwrap();
    let trickles = *way == "headers" || *way == "a body";
    let mut buffer = [0; 4096];
    loop {
        match timeout(Duration::from_secs(1), stream.read(&mut buffer)).await {
            Ok(Ok(0) | Err(_)) => break,
            Ok(Ok(_)) => {}
            Err(_) if trickles => {
                if stream.write_all(b"a").await.is_err() {
                    break;
                }
            }
            Err(_) => assert!(begun.elapsed() < *limit * 2, "who sends {way} is never cut"),
        }
        assert!(begun.elapsed() < *limit * 2, "who sends {way} is never cut");
    }
    begun.elapsed().as_secs_f64() - limit.as_secs_f64()
}
