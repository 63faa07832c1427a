#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

#[test]
fn a_secret_prints_as_a_mask() {
    let secret = Secret::new(String::from("hunter2"));
    assert_eq!(format!("{secret}|{secret:?}|{:?}", Some(&secret)), "[secret]|[secret]|Some([secret])");
}

#[test]
fn a_guess_matches_only_the_whole_secret() {
    let secret = Secret::new(String::from("482913"));
    assert!(secret.matches("482913"));
    assert!(!secret.matches("482914"));
    assert!(!secret.matches("48291"));
    assert!(!secret.matches(""));
}

#[test]
fn any_format_reads_the_inner_value() {
    let secret: Secret<String> = serde_json::from_str("\"482913\"").unwrap();
    assert_eq!(secret.expose(), "482913");
}

#[test]
fn a_sole_holder_overwrites_the_text() {
    let mut value = Value::from("482913");
    value.wipe();
    assert_eq!(value, Value::from("\0\0\0\0\0\0"));
}

#[test]
fn a_shared_text_is_left_to_its_other_holder() {
    let text: Arc<str> = Arc::from("482913");
    let mut value = Value::Text(Arc::clone(&text));
    value.wipe();
    assert_eq!(&*text, "482913");
}
