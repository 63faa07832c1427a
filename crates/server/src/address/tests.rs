#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

use super::{Address, ForwardHeader, Proxies};

fn proxies(header: ForwardHeader) -> Proxies {
    Proxies { networks: vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()], header }
}

fn found(header: ForwardHeader, peer: &str, lines: &[&str]) -> String {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(HeaderName::from_static(header.name()), HeaderValue::from_str(line).unwrap());
    }
    proxies(header).address(SocketAddr::new(peer.parse().unwrap(), 1), &headers).to_string()
}

#[test]
fn r43_the_nearest_address_that_is_no_proxy_counts() {
    use ForwardHeader::{Forwarded, XForwardedFor};
    let cases: [(ForwardHeader, &str, &[&str], &str); 15] = [
        (XForwardedFor, "10.0.0.1", &[], "10.0.0.1"),
        (XForwardedFor, "10.0.0.1", &["203.0.113.7"], "203.0.113.7"),
        (XForwardedFor, "10.0.0.1", &["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (XForwardedFor, "10.0.0.1", &["198.51.100.1", "203.0.113.7,10.0.0.2"], "203.0.113.7"),
        (XForwardedFor, "10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        (XForwardedFor, "::ffff:10.0.0.1", &["203.0.113.7:4711"], "203.0.113.7"),
        (XForwardedFor, "fd00::1", &["[2001:db8::1]:4711"], "2001:db8::1"),
        (XForwardedFor, "fd00::1", &["::ffff:203.0.113.7"], "203.0.113.7"),
        (XForwardedFor, "192.0.2.1", &["203.0.113.7"], "192.0.2.1"),
        (Forwarded, "10.0.0.1", &["for=203.0.113.7;proto=https"], "203.0.113.7"),
        (Forwarded, "10.0.0.1", &["proto=https;For=\"[2001:db8::1]:4711\""], "2001:db8::1"),
        (Forwarded, "10.0.0.1", &["for=1.1.1.1, for=203.0.113.7;by=\"a,b\""], "203.0.113.7"),
        (Forwarded, "10.0.0.1", &["for=203.0.113.7, for=unknown"], "10.0.0.1"),
        (Forwarded, "10.0.0.1", &["for=203.0.113.7;for=203.0.113.8"], "10.0.0.1"),
        (Forwarded, "10.0.0.1", &["for=\"203.0.113.7"], "10.0.0.1"),
    ];
    for (header, peer, lines, expected) in cases {
        assert_eq!(found(header, peer, lines), expected, "{header:?} {peer} {lines:?}");
    }
}

#[test]
fn r43_what_cannot_be_read_is_never_skipped() {
    for bad in
        ["", ",", "x", "203.0.113", "203.0.113.7,", "203.0.113.7, x", "203.0.113.7 8.8.8.8", "[2001:db8::1", "_hidden"]
    {
        assert_eq!(found(ForwardHeader::XForwardedFor, "10.0.0.1", &[bad]), "10.0.0.1", "{bad}");
    }
}

#[test]
fn one_network_of_ipv6_is_one_caller() {
    let network = |text: &str| Address(Some(text.parse().unwrap())).network().unwrap();
    assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::1"));
    assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
}

fn lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let address = prop_oneof![any::<IpAddr>().prop_map(|address| address.to_string()), Just("10.1.2.3".to_owned())];
    let text = prop_oneof![
        address.clone(),
        address.clone().prop_map(|address| format!("for={address}")),
        address.prop_map(|address| format!("for=\"[{address}]:1\"")),
        "[ -~]{0,12}",
        "[\",;=\\[\\]: ]{0,8}",
    ];
    let line = proptest::collection::vec(text, 0..5).prop_map(|parts| parts.join(",").into_bytes());
    let noise = proptest::collection::vec(any::<u8>(), 0..24);
    proptest::collection::vec(prop_oneof![4 => line, 1 => noise], 0..4)
}

proptest! {
    #[test]
    fn r43_a_stranger_is_whom_the_connection_shows_and_a_proxy_is_believed_in_its_own_entry_alone(
        lines in lines(), forwarded in any::<bool>(), last in any::<u32>(),
    ) {
        let header = if forwarded { ForwardHeader::Forwarded } else { ForwardHeader::XForwardedFor };
        let name = HeaderName::from_static(header.name());
        let mut headers = HeaderMap::new();
        for line in lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()) {
            headers.append(name.clone(), line);
        }
        let proxies = proxies(header);
        let stranger: SocketAddr = "192.0.2.1:1".parse().unwrap();
        prop_assert_eq!(proxies.address(stranger, &headers), stranger.ip());

        // Whatever the caller sends, the entry that the proxy adds decides.
        let last = IpAddr::V4((last | 0x8000_0000).into());
        let entry = if forwarded { format!("for={last}") } else { last.to_string() };
        headers.append(name, HeaderValue::from_str(&entry).unwrap());
        prop_assert_eq!(proxies.address("10.0.0.1:1".parse().unwrap(), &headers), last);
    }
}
