//! What is secret comes in, with where it may be told; what was heard and kept comes in, and where a secret leaks goes out.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::rig::Heard;

/// Something that only some may see.
pub(super) struct Canary {
    name: String,
    value: Vec<u8>,
    /// The calls whose good answers may hold it; `*` stands for anything.
    told: &'static [&'static str],
    /// Whether their refusals may, too.
    place: bool,
    /// Whether the audit trail is there to hold it, for who or why.
    trail: bool,
    /// Whether it was seen where it belongs, so that it is not searched for in vain.
    seen: bool,
}

/// Where nothing secret may be.
pub(super) struct Sink {
    pub(super) name: &'static str,
    pub(super) bytes: Vec<u8>,
}

#[derive(Default)]
pub(super) struct Canaries(Vec<Canary>);

impl Canaries {
    /// Keeps a text, which good answers to these calls may hold.
    pub(super) fn keep(&mut self, name: &str, value: &str, told: &'static [&'static str]) {
        self.add(name, value.as_bytes(), told, false);
    }

    /// Keeps what the audit trail has to say, and nothing else but these calls.
    pub(super) fn keep_on_record(&mut self, name: &str, value: &str, told: &'static [&'static str]) {
        self.add(name, value.as_bytes(), told, true);
    }

    /// Keeps bytes, which good answers to these calls may hold.
    pub(super) fn keep_bytes(&mut self, name: &str, value: &[u8], told: &'static [&'static str]) {
        self.add(name, value, told, false);
    }

    /// Keeps bytes that both sides know and neither says.
    pub(super) fn keep_unsaid(&mut self, name: &str, value: &[u8]) {
        self.add(name, value, &[], false);
        self.0.last_mut().unwrap().seen = true;
    }

    /// Keeps a name that is told back to whoever sent it, as the place where something is wrong.
    pub(super) fn keep_place(&mut self, name: &str, value: &str, told: &'static [&'static str]) {
        self.add(name, value.as_bytes(), told, false);
        self.0.last_mut().unwrap().place = true;
    }

    /// Keeps a token by the part that makes it one: what it says is no secret.
    pub(super) fn keep_token(&mut self, name: &str, token: &str, told: &'static [&'static str]) {
        self.keep(name, token.rsplit('.').next().unwrap(), told);
    }

    /// Keeps both parts of a handle, each of which would help.
    pub(super) fn keep_handle(&mut self, name: &str, handle: &str, told: &'static [&'static str]) {
        for part in handle.split('.') {
            self.keep(name, part, told);
        }
    }

    fn add(&mut self, name: &str, value: &[u8], told: &'static [&'static str], trail: bool) {
        assert!(value.len() >= START, "{name} is too short to be told from chance");
        self.0.push(Canary { name: name.to_owned(), value: value.to_vec(), told, place: false, trail, seen: false });
    }

    /// Sees what came out of an encrypted channel: it is told to whoever has the key.
    pub(super) fn see(&mut self, text: &str) {
        for index in Finder::of(&self.0).find(text.as_bytes()).into_keys() {
            self.0[index].seen = true;
        }
    }

    /// Every leak in what was heard and in the sinks; the trail is one of them for all that does not belong there.
    pub(super) fn leaks(&mut self, heard: &[Heard], sinks: &[Sink], trail: &str) -> Vec<String> {
        let finder = Finder::of(&self.0);
        let mut leaks = Vec::new();
        let mut leak = |canary: &Canary, form: &str, place: &str| {
            leaks.push(format!("{}, {form}, is in {place}", canary.name));
        };
        for heard in heard {
            for index in finder.find(heard.sent.as_bytes()).into_keys() {
                self.0[index].seen = true;
            }
            let answer = format!("{:?}\n{}", heard.reply.headers, heard.reply.body);
            for (index, form) in finder.find(answer.as_bytes()) {
                let canary = &mut self.0[index];
                let may = heard.reply.status < 400 || canary.place;
                if may && canary.told.iter().any(|call| fits(call, &heard.call)) {
                    canary.seen = true;
                } else {
                    leak(canary, form, &format!("the answer {} to {}", heard.reply.status, heard.call));
                }
            }
        }
        for sink in sinks {
            finder.find(&sink.bytes).into_iter().for_each(|(index, form)| leak(&self.0[index], form, sink.name));
        }
        let on_record = finder.find(trail.as_bytes());
        for (index, form) in &on_record {
            if !self.0[*index].trail {
                leak(&self.0[*index], form, "the audit trail");
            }
        }
        for (index, canary) in self.0.iter().enumerate() {
            if canary.trail && !on_record.contains_key(&index) {
                leaks.push(format!("{} is not in the audit trail", canary.name));
            }
            if !canary.seen {
                leaks.push(format!("{} was seen nowhere", canary.name));
            }
        }
        leaks
    }
}

/// Bytes by which a form is looked up; none is shorter.
const START: usize = 8;

/// All forms of all canaries by how they start: a log is long, and it is gone through once.
struct Finder(HashMap<Vec<u8>, Vec<Form>>);

/// Of which canary, how it is written down, and the bytes.
type Form = (usize, &'static str, Vec<u8>);

impl Finder {
    fn of(canaries: &[Canary]) -> Self {
        let mut starts = HashMap::<_, Vec<_>>::new();
        for (index, canary) in canaries.iter().enumerate() {
            for (word, form) in forms(&canary.value) {
                let start = form[..START].to_vec();
                starts.entry(start).or_default().push((index, word, form));
            }
        }
        Self(starts)
    }

    /// The canaries that are in a text, each in one form.
    fn find(&self, text: &[u8]) -> BTreeMap<usize, &'static str> {
        let mut found = BTreeMap::new();
        for (at, start) in text.windows(START).enumerate() {
            for (index, word, form) in self.0.get(start).into_iter().flatten() {
                if text[at..].starts_with(form) {
                    found.entry(*index).or_insert(*word);
                }
            }
        }
        found
    }
}

/// What a value looks like by the way that somebody writes it down.
fn forms(value: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    // The end of the last group depends on what comes after.
    let groups = &value[..value.len() / 3 * 3];
    let hex = value.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let debug = value.iter().map(u8::to_string).collect::<Vec<_>>();
    let encoded = form_urlencoded::byte_serialize(value).collect::<String>();
    vec![
        ("as it is", value.to_vec()),
        ("encoded for an address", encoded.into_bytes()),
        ("in base64", STANDARD_NO_PAD.encode(groups).into_bytes()),
        ("in base64 for addresses", URL_SAFE_NO_PAD.encode(groups).into_bytes()),
        ("in hexadecimal", hex.clone().into_bytes()),
        ("in large hexadecimal", hex.to_uppercase().into_bytes()),
        ("as a list of bytes", debug.join(", ").into_bytes()),
        ("as a list of bytes", debug.join(",").into_bytes()),
    ]
}

/// Whether a call is meant by a pattern.
fn fits(pattern: &str, call: &str) -> bool {
    match pattern.split_once('*') {
        None => call == pattern,
        Some((start, end)) => call.len() >= start.len() + end.len() && call.starts_with(start) && call.ends_with(end),
    }
}

#[test]
fn a_canary_is_found_in_every_form_and_only_where_it_may_not_be() {
    let reply = |status, body: &str| crate::rig::Reply { status, headers: Vec::new(), body: body.to_owned() };
    let heard = |call: &str, status, body: &str| Heard {
        call: call.to_owned(),
        sent: format!("{call} canary-a"),
        reply: reply(status, body),
    };
    let mut canaries = Canaries::default();
    canaries.keep("a", "canary-a", &["POST /x/*/y", "GET /z*"]);
    let good = [heard("POST /x/1/y", 200, "canary-a"), heard("GET /z/1", 201, "canary-a"), heard("GET /", 200, "b")];
    assert_eq!(canaries.leaks(&good, &[], "b"), Vec::<String>::new());
    for (call, status) in [("POST /x/1/y", 400), ("POST /x/1/z", 200), ("GET /x", 200), ("POST /x/1/y/2", 200)] {
        assert_eq!(canaries.leaks(&[heard(call, status, "canary-a")], &[], "").len(), 1, "{call} {status}");
    }
    assert_eq!(canaries.leaks(&[], &[], "canary-a").len(), 1, "the trail");
    for (word, form) in forms(b"canary-a") {
        let sink = Sink { name: "a sink", bytes: [b"c, ", form.as_slice(), b"!"].concat() };
        assert_eq!(canaries.leaks(&[], &[sink], "").len(), 1, "{word}");
    }
    canaries.keep("b", "canary-b", &[]);
    canaries.keep_on_record("c", "canary-c", &[]);
    canaries.see("canary-c");
    let missing = canaries.leaks(&[], &[], "");
    assert_eq!(missing, ["b was seen nowhere", "c is not in the audit trail"]);
}
