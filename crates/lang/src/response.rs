//! A header of a backend journey's answer comes in; whether an author may set it goes out.

/// Headers that belong to the connection, to the server, or to browsers' trust in it: an author's would break or bend them
/// (RFC 9110 section 7.6.1; R78, R79, R81).
const KEPT: [&str; 24] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "cache-control",
    "date",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "referrer-policy",
    "server",
    "set-cookie",
    "strict-transport-security",
    "te",
    "trace-id",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "www-authenticate",
    "x-content-type-options",
];

/// The longest value of a header.
const LONGEST: usize = 4_096;

/// Whether an author may set the header of this name: a token (RFC 9110 section 5.1) that does not belong to somebody else.
#[must_use]
pub fn may_set(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let name = name.to_ascii_lowercase();
    (1..=64).contains(&name.len())
        && name.bytes().all(token)
        && !KEPT.contains(&name.as_str())
        && !name.starts_with("access-control-")
}

/// Whether a text may be the value of a header: visible ASCII and spaces, with none at the ends; no line ever ends in it.
#[must_use]
pub fn is_value(text: &str) -> bool {
    text.len() <= LONGEST && text.trim() == text && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests;
