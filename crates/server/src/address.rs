//! A connection's peer and the headers of a request come in; the address that the request counts for goes out (R43).

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use ipnet::IpNet;
use wayfarer_step::Source;

/// Where a request comes from; none for a wire without addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Address(pub(crate) Option<IpAddr>);

/// What stands before the public listener and says for whom it calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Where it calls from. Of everybody else the header is not read.
    pub networks: Vec<IpNet>,
    /// The header that it writes. The other one comes from the caller as it is, so it never counts.
    pub header: ForwardHeader,
}

/// The header in which a proxy says for whom it calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardHeader {
    /// `X-Forwarded-For`: addresses with a comma between them, the nearest last.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl ForwardHeader {
    /// The header's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }
}

impl Proxies {
    /// The nearest address that is none of these proxies. What a proxy before it said of it, it may have made up; what cannot
    /// be read is not skipped: then the connection's own address counts.
    pub(crate) fn address(&self, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.ip().to_canonical();
        if !self.are(peer) {
            return peer;
        }
        let mut farthest = peer;
        for line in headers.get_all(self.header.name()).iter().rev() {
            let Ok(line) = line.to_str() else { return peer };
            for element in split(line, ',').into_iter().rev() {
                let said = match self.header {
                    ForwardHeader::XForwardedFor => read(element.trim()),
                    ForwardHeader::Forwarded => forwarded_for(element).and_then(read),
                };
                let Some(address) = said else { return peer };
                if !self.are(address) {
                    return address;
                }
                farthest = address;
            }
        }
        farthest
    }

    fn are(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }
}

/// The value of the one `for` of an element.
fn forwarded_for(element: &str) -> Option<&str> {
    let mut found = None;
    for pair in split(element, ';') {
        let (name, value) = pair.trim().split_once('=')?;
        if name.eq_ignore_ascii_case("for") && found.replace(value).is_some() {
            return None;
        }
    }
    let value = found?;
    let Some(quoted) = value.strip_prefix('"') else { return Some(value) };
    quoted.strip_suffix('"').filter(|inner| !inner.contains(['"', '\\']))
}

/// An address, with a port or without.
fn read(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(bare).or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

/// The parts between separators that stand in no quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

impl Address {
    /// What limits and records go by: of IPv6, the part that one network has.
    pub(crate) fn network(self) -> Option<IpAddr> {
        self.0.map(|address| match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        })
    }

    /// From where a request comes, for the audit trail: what the caller says of its program beside the address.
    pub(crate) fn source(self, headers: &HeaderMap) -> Source {
        let agent = headers.get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        Source::new(self.0, agent.as_deref())
    }

    /// The address of a request, as the edge has found it.
    pub(crate) fn of(parts: &Parts) -> Self {
        parts.extensions.get().copied().unwrap_or_default()
    }
}

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests;
