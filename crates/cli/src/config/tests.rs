#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use jiff::SignedDuration;
use wayfarer::identity::{ClientScope, Completion, RecoveryGrade};
use wayfarer_lang::Source;
use wayfarer_server::{ForwardHeader, Rate, Rates};

use super::*;

fn read(text: &str) -> (Config, Vec<String>) {
    let (config, findings) = Config::read(text.as_bytes(), Path::new("/etc/wayfarer"), None);
    let source = Source::new("wayfarer.yaml", text);
    let told = findings.iter().map(|finding| {
        let (line, under) = (source.position(finding.span.start).line, source.slice(finding.span));
        format!(
            "{line} {} `{under}` {} | {}",
            finding.code,
            finding.message,
            finding.help.as_deref().unwrap_or_default()
        )
    });
    (config, told.collect())
}

#[track_caller]
fn good(text: &str) -> Config {
    let (config, findings) = read(text);
    assert_eq!(findings, Vec::<String>::new());
    config
}

/// The one finding of a text.
#[track_caller]
fn finding(text: &str) -> String {
    let (_, findings) = read(text);
    assert_eq!(findings.len(), 1, "{text}: {findings:?}");
    findings.concat()
}

const WHOLE: &str = r#"
profile: mosaic-compatible
listen: { public: "0.0.0.0:443", admin: "127.0.0.1:9080" }
tls: { certificates: tls/chain.pem, key: /run/key.pem }
data: state
keys: state.keys
named_keys:
  pepper: { secret: pepper.key }
  partner: { public: /run/partner.pem }
issuer: https://id.example.com
journeys: journeys
catalogs: [steps.json]
log: wayfarer_engine=debug
applications:
  shop:
    name: The Shop
    one_time_passcodes: { expires_in: 10m, lockout: 3600, max_attempts: 5, length: 7, failure_cap: 50 }
    tokens: { after_temp_code: login, lifetime: 30m }
    clients: [support, web]
  bank: {}
clients:
  support: { name: Support desk, scopes: ["otp:direct", "users:read"] }
  web:
    public: true
    scopes: ["journeys:run"]
    origins: [https://shop.example.com]
    completion: code
    journeys: [recovery]
limits:
  http: { idle: 2m, body_bytes: 131072, header_bytes: 8192, json_depth: 8, refusal_beat: 50ms }
  rates: { address: { per_minute: 60, burst: 5 }, client: { per_minute: 0 }, secrets: { burst: 2 } }
  runs: { executions: 500, lifetime: 2h, step: 10s }
proxies: { networks: [10.0.0.0/8, "fd00::1"], header: forwarded }
"#;

#[test]
fn every_key_is_read() {
    let config = good(WHOLE);
    assert_eq!(config.listen, Some("0.0.0.0:443".parse().unwrap()));
    assert_eq!(config.admin_listen, Some("127.0.0.1:9080".parse().unwrap()));
    let tls = config.tls.as_ref().unwrap();
    assert_eq!(tls.certificates, Path::new("/etc/wayfarer/tls/chain.pem"), "seen from the file's folder");
    assert_eq!(tls.key, Path::new("/run/key.pem"));
    assert_eq!(config.data.as_deref(), Some(Path::new("/etc/wayfarer/state")));
    assert_eq!(config.keys.as_deref(), Some(Path::new("/etc/wayfarer/state.keys")));
    let named = [
        ("partner".to_owned(), KeyFile::Public("/run/partner.pem".into())),
        ("pepper".to_owned(), KeyFile::Secret("/etc/wayfarer/pepper.key".into())),
    ];
    assert_eq!(config.named_keys, named.into());
    assert_eq!(config.journeys.as_deref(), Some(Path::new("/etc/wayfarer/journeys")));
    assert_eq!(config.catalogs, [Path::new("/etc/wayfarer/steps.json")]);
    assert_eq!(config.issuer.as_deref(), Some("https://id.example.com"));
    assert_eq!(config.log.as_deref(), Some("wayfarer_engine=debug"));
    assert_eq!(config.names.get("shop").map(|name| &**name), Some("The Shop"));
    assert_eq!((config.http.idle, config.http.body_bytes), (Duration::from_secs(120), 131_072));
    assert_eq!(config.http.refusal_beat, Duration::from_millis(50));
    assert_eq!((config.http.header_bytes, config.http.json_depth), (8_192, 8));
    let rates = config.http.rates;
    let one = |rate: Option<Rate>| rate.map(|rate| (rate.per_minute.get(), rate.burst.get()));
    assert_eq!((one(rates.address), one(rates.client), one(rates.secrets)), (Some((60, 5)), None, Some((10, 2))));
    assert_eq!(rates.global, Rates::default().global);
    let networks = ["10.0.0.0/8".parse().unwrap(), "fd00::1/128".parse().unwrap()];
    assert_eq!(config.proxies, Proxies { networks: networks.to_vec(), header: ForwardHeader::Forwarded });
    assert_eq!((config.runs.executions, config.runs.lifetime), (500, SignedDuration::from_hours(2)));
    assert_eq!(config.runs.step, SignedDuration::from_secs(10));

    let applications = config.applications("https://id.example.com").unwrap();
    let shop = applications.get("shop").unwrap();
    let passcodes = shop.one_time_passcodes;
    assert_eq!((passcodes.expires_in().seconds(), passcodes.lockout()), (600, SignedDuration::from_hours(1)));
    assert_eq!((passcodes.max_attempts(), passcodes.length(), passcodes.failure_cap()), (5, 7, 50));
    assert_eq!(shop.tokens.after_temp_code(), RecoveryGrade::Login);
    assert_eq!(shop.tokens.lifetime(), SignedDuration::from_mins(30));
    assert_eq!(applications.get("bank").unwrap(), &Application::default());

    let [support, web] = config.clients.as_slice() else { panic!("{:?}", config.clients) };
    assert_eq!((support.client_id.as_deref(), support.name.as_deref()), (Some("support"), Some("Support desk")));
    assert!(support.confidential && support.journeys.is_none() && support.application == "shop");
    assert!(support.scopes.iter().eq(&[ClientScope::OtpDirect, ClientScope::UsersRead]));
    assert!(!web.confidential && web.journeys.as_ref().is_some_and(|journeys| journeys.contains("recovery")));
    assert_eq!(web.origins.iter().map(|origin| origin.as_str()).collect::<Vec<_>>(), ["https://shop.example.com"]);
    assert_eq!(web.completion, Completion::Code);
}

#[test]
fn without_a_word_everything_is_as_usual() {
    for text in ["", "# nothing\n", "{}"] {
        let config = good(text);
        assert_eq!((config.http, config.runs), (Limits::default(), engine::Limits::default()));
        assert!(config.listen.is_none() && config.clients.is_empty() && !config.profile.is_hardened());
    }
    let applications = Config::default().applications("http://localhost").unwrap();
    assert_eq!(applications.get("default").unwrap(), &Application::default());
}

#[test]
fn a_mistake_has_its_place_its_code_and_its_cure() {
    for (text, told) in [
        ("isuer: https://x.y", "1 J0101 `isuer` the configuration has no key `isuer` | did you mean `issuer`?"),
        ("listen: { pubic: 'x' }", "1 J0101 `pubic` `listen` has no key `pubic` | did you mean `public`?"),
        ("limits:\n  http: { idel: 3 }", "2 J0101 `idel` `http` has no key `idel` | did you mean `idle`?"),
        ("listen: { public: localhost }", "1 J0602 `localhost` `public` must be an address and a port"),
        ("issuer: id.example.com", "1 J0602 `id.example.com` `issuer` must be an address such as"),
        ("data: 7", "1 J0103 `7` `data` must be a text, and this is a number | put it in quotes"),
        ("tls: { key: a.pem }", "1 J0102 `{ key: a.pem }` `tls` lacks the key `certificates`"),
        ("applications: []", "1 J0103 `[]` `applications` must be a mapping of ids, and this is a list"),
        ("applications: {}", "1 J0102 `{}` `applications` names none | name one"),
        ("applications: { 'a b': {} }", "1 J0104 `'a b'` an application cannot be called `a b`"),
        ("applications: { a: { one_time_passcodes: { expires_in: 2h } } }", "1 J0601 `2h` `expires_in`"),
        ("applications: { a: { one_time_passcodes: { lockout: 5 x } } }", "1 J0111 `5 x` `lockout` must be a duration"),
        (
            "applications: { a: { one_time_passcodes: { length: 5 } } }",
            "1 J0601 `5` `length` must be an integer from 6",
        ),
        (
            "applications: { a: { tokens: { lifetime: 1h } } }",
            "1 J0601 `1h` `lifetime` must be an integer from 60 to 600",
        ),
        ("applications: { a: { clients: [web] } }", "1 J0603 `web` the client `web` is not declared"),
        ("applications: { a: {}, b: {} }\nclients: { web: {} }", "2 J0603 `web` no application lists the client `web`"),
        ("clients: { web: { scopes: ['otp:dirct'] } }", "1 J0602 `'otp:dirct'` `scopes` must be of `journeys:run`"),
        ("clients: { web: { public: true, scopes: ['otp:direct'] } }", "1 J0603 `web` `scopes` of a client without"),
        ("clients: { web: { origins: ['http://a.b'] } }", "1 J0602 `'http://a.b'` `origin` must be `https`"),
        ("clients: { web: { completion: jwt } }", "1 J0602 `jwt` `completion` must be `token`, `code` or `both`"),
        ("clients: { web: { public: 'yes' } }", "1 J0103 `'yes'` `public` must be `true` or `false`"),
        ("limits: { http: { connections: 0 } }", "1 J0601 `0` `connections` must be a whole number from 1"),
        ("limits: { http: { header_bytes: 100 } }", "1 J0601 `100` `header_bytes` must be a whole number from 8192"),
        ("limits: { http: { refusal_beat: 2s } }", "1 J0601 `2s` `refusal_beat` must be from 0 to 1000 milliseconds"),
        ("limits: { http: { refusal_beat: 25 } }", "1 J0111 `25` `refusal_beat` must be a duration"),
        ("limits: { rates: { address: { burst: 0 } } }", "1 J0601 `0` `burst` must be a whole number from 1"),
        ("proxies: { networks: [x] }", "1 J0602 `x` `networks` must be a network such as"),
        ("proxies: { header: x-real-ip }", "1 J0602 `x-real-ip` `header` must be one of"),
        ("limits: { runs: { step: 40s } }", "1 J0601 `40s` `step` must be from 1 to 25 seconds"),
        ("profile: hardened\nclients: { web: { origins: ['http://localhost:*'] } }", "2 J0604 `'http://localhost:*'`"),
        ("profile: hardened\napplications: { a: { one_time_passcodes: { length: 6 } } }", "2 J0604 `6`"),
        ("profile: hardened\napplications: { a: { tokens: { after_temp_code: login } } }", "2 J0604 `login`"),
        ("log: 'a=b=c=loud'", "1 J0602 `'a=b=c=loud'` `log` must be a filter such as"),
        ("- a", "1 J0004"),
        ("data: a\ndata: b", "2 J0010"),
    ] {
        let found = finding(text);
        assert!(found.starts_with(told), "{text}\n  found: {found}\n  named: {told}");
    }
}

#[test]
fn all_mistakes_are_found_at_once() {
    let (_, found) = read("profil: hardened\nlisten: { public: x }\nlimits: { runs: { depth: 99 } }\nclients: 5\n");
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn r90_a_file_full_of_mistakes_has_a_bounded_list() {
    let keys: String = (0..5_000).map(|number| format!("kee{number}: x\n")).collect();
    let (_, found) = read(&keys);
    assert_eq!(found.len(), 101, "a hundred and a note");
}

#[test]
fn the_profile_hardened_asks_for_eight_digits_and_a_flag_leads_over_the_file() {
    let hardened = good("profile: hardened");
    assert_eq!(hardened.applications("https://x").unwrap().get("default").unwrap().one_time_passcodes.length(), 8);
    let named = good("profile: hardened\napplications: { a: {}, b: { one_time_passcodes: { max_attempts: 2 } } }");
    for id in ["a", "b"] {
        assert_eq!(named.applications("https://x").unwrap().get(id).unwrap().one_time_passcodes.length(), 8);
    }
    let (config, findings) = Config::read(b"issuer: http://x", Path::new(""), Some(Profile::Hardened));
    assert!(config.profile.is_hardened());
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::TOO_WEAK]);
    assert!(
        !Config::read(b"profile: hardened", Path::new(""), Some(Profile::MosaicCompatible)).0.profile.is_hardened()
    );
}

/// The fenced configurations of a page, each behind its heading.
fn fences(page: &str) -> Vec<(&str, String)> {
    let (mut all, mut heading, mut open) = (Vec::new(), "", None::<String>);
    for line in page.lines() {
        match (line, &mut open) {
            ("```yaml configuration", _) => open = Some(String::new()),
            ("```", Some(_)) => all.push((heading, open.take().unwrap())),
            (line, Some(text)) => *text += &format!("{line}\n"),
            (line, None) => heading = line.strip_prefix("## ").unwrap_or(heading),
        }
    }
    all
}

#[test]
fn every_page_about_the_configuration_shows_what_it_says() {
    let pages: Vec<_> = Code::all().filter(|code| code.id().starts_with("J06")).collect();
    assert!(pages.len() >= 4);
    for code in pages {
        let shown = fences(code.page());
        assert_eq!(shown.iter().map(|(heading, _)| *heading).collect::<Vec<_>>(), ["Wrong", "Right"], "{code}");
        for (heading, text) in shown {
            let (_, findings) = Config::read(text.as_bytes(), Path::new(""), None);
            let found: Vec<_> = findings.iter().map(|finding| finding.code).collect();
            assert_eq!(found, if heading == "Wrong" { vec![code] } else { vec![] }, "{code}, {heading}");
        }
    }
}
