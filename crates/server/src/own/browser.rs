//! The headers of a call come in; the browser that makes it goes out, known by a cookie that no page can read or plant (R53, R81).

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use wayfarer_step::port::Entropy;
use wayfarer_step::{PortError, Secret};

/// The prefix makes browsers take it from this host alone, over a connection that nobody else can write to (RFC 6265bis
/// section 4.1.3.2).
pub(super) const COOKIE: &str = "__Host-wayfarer";

/// Bytes of a browser's key: 256 bits.
const KEY: usize = 32;

/// What is known of the browser. A clone is the same.
#[derive(Clone)]
pub(super) struct Browser {
    /// The key of its cookie.
    key: Option<Secret<Vec<u8>>>,
    /// Whether a page calls, by its `Origin`: what it holds then counts only together with the key.
    page: bool,
    /// Whether the page is of another site, as the browser itself says.
    cross_site: bool,
}

impl Browser {
    pub(super) fn of(headers: &HeaderMap, page: bool) -> Self {
        let cross_site = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
        Self { key: key(headers).map(Secret::new), page, cross_site }
    }

    /// Whether a page calls whose browser is not known yet.
    pub(super) const fn is_new(&self) -> bool {
        self.page && self.key.is_none()
    }

    /// The same browser with a key, and the cookie that brings the key back.
    pub(super) fn with_key(&self, entropy: &dyn Entropy) -> Result<(Self, Option<HeaderValue>), PortError> {
        let mut key = vec![0; KEY];
        entropy.fill(&mut key)?;
        // Pages of another site need their browser's leave to send the cookie; it is kept apart for each such site.
        let site = if self.cross_site { "SameSite=None; Partitioned" } else { "SameSite=Strict" };
        let cookie = format!("{COOKIE}={}; Path=/; Secure; HttpOnly; {site}", URL_SAFE_NO_PAD.encode(&key));
        let cookie = HeaderValue::from_str(&cookie).ok().map(|mut cookie| {
            cookie.set_sensitive(true);
            cookie
        });
        Ok((Self { key: Some(Secret::new(key)), ..self.clone() }, cookie))
    }

    /// What the holder of a handle is known by beside the client: the key, or that no browser is there.
    pub(super) fn proof(&self) -> Option<&[u8]> {
        match &self.key {
            Some(key) => Some(key.expose()),
            None if self.page => None,
            None => Some(&[]),
        }
    }
}

/// The key of the cookie, if it is there once.
fn key(headers: &HeaderMap) -> Option<Vec<u8>> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = pairs.flat_map(|pairs| pairs.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut ours = found.by_ref().filter(|(name, _)| *name == COOKIE).map(|(_, value)| value);
    let (one, None) = (ours.next()?, ours.next()) else { return None };
    if one.len() > 2 * KEY {
        return None;
    }
    URL_SAFE_NO_PAD.decode(one).ok().filter(|key| key.len() == KEY)
}

#[cfg(test)]
mod tests;
