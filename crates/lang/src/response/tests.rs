use super::{is_value, may_set};

#[test]
fn what_belongs_to_the_connection_or_the_server_is_kept() {
    for name in ["location", "Content-Type", "x-request", "etag", "retry-after"] {
        assert!(may_set(name), "{name}");
    }
    let kept = ["Set-Cookie", "connection", "TRANSFER-ENCODING", "Access-Control-Allow-Origin", "content-length", "te"];
    let broken = ["", "a b", "a:b", "a\r\nb", "é", "a\0"];
    for name in kept.into_iter().chain(broken) {
        assert!(!may_set(name), "{name:?}");
    }
    assert!(!may_set(&"x".repeat(65)));
}

#[test]
fn no_value_ends_a_line() {
    for text in ["", "a", "a b; c=\"d\"", "https://app.example.com/?a=b"] {
        assert!(is_value(text), "{text:?}");
    }
    for text in ["a\r\nset-cookie: b", "a\nb", "a\rb", "\0", "a\t", " a", "a ", "é"] {
        assert!(!is_value(text), "{text:?}");
    }
    assert!(!is_value(&"x".repeat(4_097)));
}
