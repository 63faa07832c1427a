//! Encrypted journeys: a channel is agreed on, and what goes through it means the same as without.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use wayfarer::identity::{ClientScope, NewClient};

use crate::rig::{Reply, WEB, World, prompt, wrong};

const JOURNEY: &str = "temp_code_auth_journey";

const PLANS: &str = r#"
journey: plans
steps:
  ask:
    type: collect_information
    with: { fields: { plan: { type: string, max_length: 10 } } }
    output: answers
    branches: { submit: done, cancel: no }
  done: { type: complete_journey, with: { data: { plan: "@answers.plan" } } }
  no: { type: reject_access }
"#;

/// The page's side of a channel.
pub(crate) struct Channel {
    pub(crate) id: String,
    pub(crate) key: Vec<u8>,
}

pub(crate) async fn post(world: &World, client: &str, operation: &str, sid: &str, body: &Json) -> Reply {
    let path = format!("/ido/api/v2/auth/{operation}?clientId={client}{sid}");
    world.send("POST", &path, &[("content-type", "application/json")], &body.to_string()).await
}

impl Channel {
    pub(crate) async fn open(world: &World, client: &str) -> Self {
        let ours = PrivateKey::generate(&ECDH_P256).unwrap();
        let y = STANDARD.encode(ours.compute_public_key().unwrap());
        let hello = json!({ "r": "Hello Encrypted World" });
        let body = json!({ "headers": [{ "type": "key_exchange", "scheme": 3, "y": y }], "data": hello });
        let reply = post(world, client, "key_exchange", "", &body).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let json = reply.json();
        let header = typed(&json, "key_exchange");
        assert_eq!(header["scheme"], 3);
        let point = UnparsedPublicKey::new(&ECDH_P256, STANDARD.decode(header["y"].as_str().unwrap()).unwrap());
        let key = agree(&ours, point, (), |shared| Ok(digest(&SHA256, shared).as_ref().to_vec())).unwrap();
        let channel = Self { id: header["crypto_session_id"].as_str().unwrap().to_owned(), key };
        assert_eq!(channel.open_data(&json), hello, "both have the same key");
        channel
    }

    pub(crate) fn seal(&self, headers: &[Json], data: &Json) -> Json {
        let key = || PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_256, &self.key).unwrap()).unwrap();
        let iv = [7; 16];
        let one = |value: &Json| {
            let mut bytes = value.to_string().into_bytes();
            let context = aws_lc_rs::cipher::EncryptionContext::Iv128(iv.into());
            key().less_safe_encrypt(&mut bytes, context).unwrap();
            STANDARD.encode(bytes)
        };
        json!({
            "headers": [{ "type": "encryption", "iv": STANDARD.encode(iv), "crypto_session_id": self.id }],
            "enc_headers": headers.iter().map(one).collect::<Vec<_>>(),
            "data": one(data),
        })
    }

    pub(crate) fn open_data(&self, json: &Json) -> Json {
        let iv: [u8; 16] =
            STANDARD.decode(typed(json, "encryption")["iv"].as_str().unwrap()).unwrap().try_into().unwrap();
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_256, &self.key).unwrap()).unwrap();
        let mut bytes = STANDARD.decode(json["data"].as_str().unwrap()).unwrap();
        let plain = key.decrypt(&mut bytes, DecryptionContext::Iv128(iv.into())).unwrap();
        serde_json::from_slice(plain).unwrap()
    }
}

pub(crate) fn typed<'a>(json: &'a Json, kind: &str) -> &'a Json {
    json["headers"].as_array().unwrap().iter().find(|header| header["type"] == kind).unwrap_or_else(|| panic!("{json}"))
}

pub(crate) fn start(journey: &str, params: &Json) -> Json {
    json!({ "policy_request_id": journey, "params": params })
}

#[tokio::test]
async fn a_right_code_signs_in_and_nothing_of_it_is_in_clear() {
    let world = World::with(prompt(), &[]).await;
    world.user("user123").await;
    let code = world.code("user123").await;
    let channel = Channel::open(&world, WEB).await;
    let refused = start(JOURNEY, &json!({ "external_user_id": "user123", "temp_code": wrong(&code) }));
    let reply = post(&world, WEB, "anonymous_invoke", "", &channel.seal(&[], &refused)).await;
    assert_eq!((reply.status, &reply.json()["error_code"]), (400, &json!(4001)));
    assert_eq!(channel.open_data(&reply.json())["state"], "rejected");
    let params = json!({ "external_user_id": "user123", "temp_code": code });
    let reply = post(&world, WEB, "anonymous_invoke", "", &channel.seal(&[], &start(JOURNEY, &params))).await;
    let data = channel.open_data(&reply.json());
    assert_eq!((&data["state"], &data["assertions_complete"]), (&json!("completed"), &json!(true)));
    assert!(!reply.body.contains(data["token"].as_str().unwrap()));
}

#[tokio::test]
async fn law_5_a_resubmit_is_compared_by_what_it_says_and_not_by_its_bytes() {
    let world = World::with(prompt(), &[PLANS]).await;
    let (channel, other) = (Channel::open(&world, WEB).await, Channel::open(&world, WEB).await);
    let begun =
        post(&world, WEB, "anonymous_invoke", "", &channel.seal(&[], &start("plans", &Json::Null))).await.json();
    let sid = format!("&sid={}", typed(&begun, "session_id")["session_id"].as_str().unwrap());
    let element = channel.open_data(&begun)["control_flow"][0].clone();
    let answer = |plan: &str| json!({ "assertion_id": element["assertion_id"], "action": "form", "assert": "action", "input": { "plan": plan } });
    let first = post(&world, WEB, "assert", &sid, &channel.seal(&[], &answer("a"))).await.json();
    let data = channel.open_data(&first);
    assert_eq!(data["data"], json!({ "plan": "a" }));
    // By another channel, so that no byte is the same.
    let again = post(&world, WEB, "assert", &sid, &other.seal(&[], &answer("a"))).await.json();
    assert_eq!(other.open_data(&again), data);
    assert_ne!(again["data"], first["data"]);
    let conflict = post(&world, WEB, "assert", &sid, &channel.seal(&[], &answer("b"))).await;
    assert_eq!((conflict.status, &conflict.json()["error_code"]), (409, &json!(4009)));
}

#[tokio::test]
async fn whatever_is_wrong_with_what_was_encrypted_is_one_refusal() {
    let world = World::with(prompt(), &[PLANS]).await;
    let app = NewClient { client_id: Some("app".to_owned()), ..NewClient::confidential("default") };
    world.client(&app.scopes([ClientScope::JourneysRun])).await;
    let channel = Channel::open(&world, WEB).await;
    let good = channel.seal(&[json!({ "type": "correlation_id" })], &start("plans", &Json::Null));
    let changed = |change: &dyn Fn(&mut Json)| {
        let mut body = good.clone();
        change(&mut body);
        body
    };
    let flip = |text: &Json, at: usize| {
        let mut bytes = STANDARD.decode(text.as_str().unwrap()).unwrap();
        let at = at.min(bytes.len() - 1);
        bytes[at] ^= 1;
        json!(STANDARD.encode(bytes))
    };
    let other = Channel { id: channel.id.clone(), key: vec![1; 32] };
    let bodies = [
        changed(&|body| body["data"] = flip(&body["data"], usize::MAX)),
        changed(&|body| body["data"] = flip(&body["data"], 16)),
        changed(&|body| body["data"] = json!("!")),
        changed(&|body| body["data"] = json!("")),
        changed(&|body| body["data"] = json!({ "policy_request_id": "plans" })),
        changed(&|body| body["enc_headers"] = json!(["AAAA"])),
        changed(&|body| body["enc_headers"] = json!({})),
        changed(&|body| body["enc_headers"] = json!(vec![body["enc_headers"][0].clone(); 33])),
        changed(&|body| body["headers"][0]["iv"] = json!("AAAA")),
        changed(&|body| body["headers"][0]["iv"] = Json::Null),
        changed(&|body| body["headers"][0]["crypto_session_id"] = json!("AAAA")),
        changed(&|body| body["headers"][0]["crypto_session_id"] = json!(7)),
        channel.seal(&[], &json!([1])),
        other.seal(&[], &start("plans", &Json::Null)),
    ];
    assert_eq!(post(&world, WEB, "anonymous_invoke", "", &good).await.status, 200);
    let mut answers = Vec::new();
    for body in &bodies {
        answers.push(post(&world, WEB, "anonymous_invoke", "", body).await.timeless());
    }
    answers.push(post(&world, "app", "anonymous_invoke", "", &good).await.timeless());
    world.advance(7_200);
    answers.push(post(&world, WEB, "anonymous_invoke", "", &good).await.timeless());
    let expected = json!({ "state": "rejected", "assertions_complete": false });
    assert_eq!((answers[0].status, &answers[0].json()["data"]), (400, &expected));
    for (index, answer) in answers.iter().enumerate() {
        assert_eq!(answer, &answers[0], "{index}");
    }
}

#[tokio::test]
async fn an_exchange_that_is_none_is_malformed() {
    let world = World::with(prompt(), &[]).await;
    let point = STANDARD.encode([4; 65]);
    for header in [
        json!({ "type": "key_exchange", "scheme": 3, "y": point }),
        json!({ "type": "key_exchange", "scheme": 2, "y": point }),
        json!({ "type": "key_exchange", "scheme": 3 }),
        json!({ "type": "other" }),
    ] {
        let body = json!({ "headers": [header], "data": {} });
        let reply = post(&world, WEB, "key_exchange", "", &body).await;
        assert_eq!((reply.status, &reply.json()["error_code"]), (400, &json!(4000)), "{body}");
    }
}
