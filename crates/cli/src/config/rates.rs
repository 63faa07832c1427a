//! The sections about how often callers may come, and who stands before the server, come in; rates and listed proxies go out.

use std::net::IpAddr;
use std::num::NonZeroU32;

use ipnet::IpNet;
use wayfarer_server::{ForwardHeader, Proxies, Rate, Rates};

use super::section::Section;

/// `rates: { address, client, global, secrets }`, each `{ per_minute, burst }`.
pub(super) fn rates(limits: &mut Section<'_>, rates: &mut Rates) {
    limits.within("rates", |section| {
        rate(section, "address", &mut rates.address);
        rate(section, "client", &mut rates.client);
        rate(section, "global", &mut rates.global);
        rate(section, "secrets", &mut rates.secrets);
    });
}

/// A rate of 0 a minute is none.
fn rate(section: &mut Section<'_>, key: &'static str, to: &mut Option<Rate>) {
    let mut per_minute = to.map_or(0, |rate| rate.per_minute.get());
    let mut burst = to.map_or(1, |rate| rate.burst.get());
    section.within(key, |section| {
        section.bounded("per_minute", &mut per_minute, 0, 60_000_000);
        section.bounded("burst", &mut burst, 1, 1_000_000);
    });
    *to = NonZeroU32::new(per_minute).zip(NonZeroU32::new(burst)).map(|(often, at_once)| Rate::new(often, at_once));
}

/// `proxies: { networks, header }`.
pub(super) fn proxies(root: &mut Section<'_>) -> Proxies {
    let read = |section: &mut Section<'_>| {
        let wanted = "a network such as `10.0.0.0/8`, or an address";
        let networks = section.texts("networks");
        let network = |text: &str| text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        let networks = networks.iter().filter_map(|text| section.parse("networks", text, wanted, network)).collect();
        let header = section.parsed("header", "one of `x-forwarded-for` and `forwarded`", |word| {
            [ForwardHeader::XForwardedFor, ForwardHeader::Forwarded].into_iter().find(|header| header.name() == word)
        });
        Proxies { networks, header: header.unwrap_or_default() }
    };
    root.within("proxies", read).unwrap_or_default()
}
