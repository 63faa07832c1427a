//! A user and a code come in, tokens go out: the reference journey as a host would write it for itself, without an engine.
//!
//! It keeps the same promises: the attempt is counted and committed before the comparison, the code is used up together
//! with the tokens' registration and the audit record, user and lock are looked at again at the end. So it makes the
//! same three commits, the same six audit entries and the same two signatures, and seals all that it keeps.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use aws_lc_rs::{hmac, rand};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::disk::{Disk, Put};

pub(crate) struct Host<D> {
    disk: D,
    seal: RandomizedNonceKey,
    lookup: hmac::Key,
    tag: hmac::Key,
    sign: EncodingKey,
}

/// What was found under a key.
struct Found<T> {
    key: Vec<u8>,
    version: u64,
    value: T,
}

#[derive(Serialize, Deserialize)]
struct User {
    user_id: String,
    external_user_id: String,
    active: bool,
}

#[derive(Serialize, Deserialize, Default)]
struct Attempts {
    count: u32,
    locked_until: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct Code {
    code_id: Uuid,
    tag: [u8; 32],
    expires_at: Timestamp,
    used: bool,
}

#[derive(Serialize, Deserialize)]
struct Session {
    user_id: String,
    access: Uuid,
    id: Uuid,
    expires_at: Timestamp,
    live: bool,
}

#[derive(Serialize, Deserialize)]
struct Run {
    id: Uuid,
    user_id: String,
    step: String,
    started_at: Timestamp,
}

/// A run that waits for its code.
#[derive(Serialize, Deserialize)]
struct Asked {
    external_user_id: String,
    started_at: Timestamp,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    client_id: &'a str,
    exp: i64,
    iat: i64,
    nbf: i64,
    jti: String,
    sid: String,
    amr: [&'a str; 1],
    acr: &'a str,
    auth_time: i64,
    external_user_id: Option<&'a str>,
}

#[derive(Serialize)]
struct Fact<'a> {
    name: &'a str,
    run: Uuid,
    journey: &'a str,
    application: &'a str,
    subject: &'a str,
    detail: String,
}

/// What the client gets.
pub(crate) struct Tokens {
    pub(crate) access: String,
    #[expect(dead_code, reason = "a client would read it")]
    pub(crate) id: String,
}

impl<D: Disk> Host<D> {
    pub(crate) fn new(disk: D) -> Self {
        let random = rand::SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self {
            disk,
            seal: RandomizedNonceKey::new(&AES_256_GCM_SIV, &bytes::<32>()).unwrap(),
            lookup: hmac::Key::new(hmac::HMAC_SHA256, &bytes::<32>()),
            tag: hmac::Key::new(hmac::HMAC_SHA256, &bytes::<32>()),
            sign: EncodingKey::from_ec_der(document.as_ref()),
        }
    }

    /// A fresh code for a user, who is made if there is none.
    pub(crate) async fn issue(&self, external_user_id: &str) -> String {
        let user: Option<Found<User>> = self.read("user", external_user_id);
        let user = match user {
            Some(found) => found.value,
            None => {
                let user =
                    User { user_id: uuid().to_string(), external_user_id: external_user_id.to_owned(), active: true };
                let put = self.put(self.key("user", external_user_id), 0, &user, None);
                self.disk.commit(vec![put], Vec::new()).await;
                user
            }
        };
        let code = format!("{:06}", u32::from_be_bytes(bytes::<4>()) % 1_000_000);
        let code_id = uuid();
        let expires_at = after(Timestamp::now(), 300);
        let record = Code { code_id, tag: self.tag(&user.user_id, code_id, &code), expires_at, used: false };
        let before: Option<Found<Code>> = self.read("code", &user.user_id);
        let version = before.map_or(0, |found| found.version);
        let put = self.put(self.key("code", &user.user_id), version, &record, Some(expires_at));
        self.disk.commit(vec![put], Vec::new()).await;
        code
    }

    /// Begins for a user, and stops to ask for the code. What comes back stands for the run.
    pub(crate) async fn begin(&self, external_user_id: &str) -> String {
        let (now, handle) = (Timestamp::now(), uuid().simple().to_string());
        let asked = Asked { external_user_id: external_user_id.to_owned(), started_at: now };
        let put = self.put(self.key("asked", &handle), 0, &asked, Some(after(now, 900)));
        self.disk.commit(vec![put], vec![self.fact("started", uuid(), "", "temp_code_auth_journey".to_owned())]).await;
        handle
    }

    /// Goes on with the code that was asked for.
    pub(crate) async fn finish(&self, handle: &str, typed: &str) -> Option<Tokens> {
        let asked: Found<Asked> = self.read("asked", handle)?;
        if after(asked.value.started_at, 900) <= Timestamp::now() {
            return None;
        }
        self.recover(&asked.value.external_user_id, typed).await
    }

    /// Lets a user in by a code.
    pub(crate) async fn recover(&self, external_user_id: &str, typed: &str) -> Option<Tokens> {
        let (now, run) = (Timestamp::now(), uuid());
        let user: Found<User> = self.read("user", external_user_id)?;
        let user_id = user.value.user_id.as_str();
        let attempts = self.attempts(user_id);
        let code: Found<Code> = self.read("code", user_id)?;
        let locked = attempts.value.locked_until.is_some_and(|until| now < until);
        if !user.value.active || locked || code.value.used || code.value.expires_at <= now {
            return None;
        }
        let count = attempts.value.count + 1;
        let counted = Attempts { count, locked_until: (count >= 3).then(|| after(now, 900)) };
        self.disk
            .commit(
                vec![self.put(attempts.key.clone(), attempts.version, &counted, None)],
                vec![self.fact("attempt_counted", run, user_id, count.to_string())],
            )
            .await;

        let tag = self.tag(user_id, code.value.code_id, typed);
        verify_slices_are_equal(&tag, &code.value.tag).ok()?;
        let session = Session {
            user_id: user_id.to_owned(),
            access: uuid(),
            id: uuid(),
            expires_at: after(now, 600),
            live: false,
        };
        let tokens = Tokens {
            access: self.token("at+jwt", &session, run, now, None),
            id: self.token("JWT", &session, run, now, Some(external_user_id)),
        };
        let used = Code { used: true, ..code.value };
        let (session_key, run_key) = (self.key("session", &run.to_string()), [b"run/", &run.as_bytes()[..]].concat());
        let moved = Run { id: run, user_id: user_id.to_owned(), step: "restore_access".to_owned(), started_at: now };
        self.disk
            .commit(
                vec![
                    self.put(code.key, code.version, &used, Some(after(used.expires_at, 79_200))),
                    self.put(attempts.key, attempts.version + 1, &Attempts::default(), None),
                    self.put(session_key.clone(), 0, &session, Some(session.expires_at)),
                    self.put(run_key.clone(), 0, &moved, Some(after(now, 90_000))),
                ],
                vec![
                    self.fact("started", run, user_id, "temp_code_auth_journey".to_owned()),
                    self.fact("verified", run, user_id, used.code_id.to_string()),
                    self.fact("step", run, user_id, "success".to_owned()),
                ],
            )
            .await;

        let user: Found<User> = self.read("user", external_user_id)?;
        let attempts = self.attempts(user_id);
        let found: Found<Session> = self.read("session", &run.to_string())?;
        if !user.value.active || attempts.value.locked_until.is_some() || found.value.expires_at <= now {
            return None;
        }
        let (live, ended) = (Session { live: true, ..found.value }, Run { step: String::new(), ..moved });
        self.disk
            .commit(
                vec![
                    self.put(session_key, found.version, &live, Some(live.expires_at)),
                    self.put(run_key, 1, &ended, Some(after(now, 90_000))),
                ],
                vec![
                    self.fact("session_started", run, user_id, live.expires_at.to_string()),
                    self.fact("completed", run, user_id, String::new()),
                ],
            )
            .await;
        Some(tokens)
    }

    fn attempts(&self, user_id: &str) -> Found<Attempts> {
        let key = || self.key("attempts", user_id);
        self.read("attempts", user_id).unwrap_or_else(|| Found { key: key(), version: 0, value: Attempts::default() })
    }

    fn token(&self, typ: &str, session: &Session, run: Uuid, now: Timestamp, external: Option<&str>) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(typ.to_owned());
        header.kid = Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs".to_owned());
        let claims = Claims {
            iss: "wayfarer",
            sub: &session.user_id,
            aud: "default",
            client_id: "default",
            exp: session.expires_at.as_second(),
            iat: now.as_second(),
            nbf: now.as_second(),
            jti: if external.is_some() { session.id } else { session.access }.to_string(),
            sid: run.to_string(),
            amr: ["tac"],
            acr: "recovery",
            auth_time: now.as_second(),
            external_user_id: external,
        };
        jsonwebtoken::encode(&header, &claims, &self.sign).unwrap()
    }

    /// A keyed hash in the place of what names a person.
    fn key(&self, kind: &str, name: &str) -> Vec<u8> {
        let mut key = [kind.as_bytes(), b"/"].concat();
        key.extend_from_slice(hmac::sign(&self.lookup, [kind, "/", name].concat().as_bytes()).as_ref());
        key
    }

    fn tag(&self, user_id: &str, code_id: Uuid, code: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.tag);
        for part in [user_id.as_bytes(), code_id.as_bytes(), code.as_bytes()] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign().as_ref().try_into().unwrap()
    }

    fn read<T: DeserializeOwned>(&self, kind: &str, name: &str) -> Option<Found<T>> {
        let key = self.key(kind, name);
        let (version, mut sealed) = self.disk.get(&key)?;
        let place = [key.as_slice(), &version.to_be_bytes()].concat();
        let (nonce, body) = sealed.split_first_chunk_mut::<12>().unwrap();
        let plain = self.seal.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place), body).unwrap();
        Some(Found { value: postcard::from_bytes(plain).unwrap(), key, version })
    }

    fn put<T: Serialize>(&self, key: Vec<u8>, version: u64, value: &T, expires_at: Option<Timestamp>) -> Put {
        let place = [key.as_slice(), &(version + 1).to_be_bytes()].concat();
        let sealed = self.sealed(&place, postcard::to_stdvec(value).unwrap());
        Put { key, version, sealed, expires_at: expires_at.map(Timestamp::as_microsecond) }
    }

    fn fact(&self, name: &str, run: Uuid, subject: &str, detail: String) -> Vec<u8> {
        let fact = Fact { name, run, journey: "temp_code_auth_journey", application: "default", subject, detail };
        self.sealed(b"audit", serde_json::to_vec(&fact).unwrap())
    }

    fn sealed(&self, place: &[u8], mut body: Vec<u8>) -> Vec<u8> {
        let nonce = self.seal.seal_in_place_append_tag(Aad::from(place), &mut body).unwrap();
        [nonce.as_ref().as_slice(), &body].concat()
    }
}

fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap()
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).unwrap();
    bytes
}

fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(bytes::<16>()).into_uuid()
}
