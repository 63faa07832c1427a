//! The ports that reach outside: mail, text messages and HTTP. A step that uses one says so in its shape (`outward`).

use async_trait::async_trait;
use wayfarer_lang::Secret;

use crate::PortError;

/// A mail to one address.
#[derive(Clone, Debug)]
pub struct MailMessage {
    /// The address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The text; it may hold a code, so it is a secret.
    pub text: Secret<String>,
    /// Names the visit: the same key is never sent twice.
    pub idempotency_key: String,
}

/// Sends mail.
#[async_trait]
pub trait Mail: Send + Sync {
    /// Hands a mail to the provider.
    ///
    /// # Errors
    /// When the provider did not take it.
    async fn send(&self, message: MailMessage) -> Result<(), PortError>;
}

/// A text message to one phone.
#[derive(Clone, Debug)]
pub struct SmsMessage {
    /// The phone number, in E.164 form.
    pub to: String,
    /// The text; it may hold a code, so it is a secret.
    pub text: Secret<String>,
    /// Names the visit: the same key is never sent twice.
    pub idempotency_key: String,
}

/// Sends text messages.
#[async_trait]
pub trait Sms: Send + Sync {
    /// Hands a message to the provider.
    ///
    /// # Errors
    /// When the provider did not take it.
    async fn send(&self, message: SmsMessage) -> Result<(), PortError>;
}

/// A request to somebody else's server.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// The method, such as `POST`.
    pub method: String,
    /// The absolute address.
    pub url: String,
    /// Headers; a value may hold a credential.
    pub headers: Vec<(String, Secret<String>)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Its answer.
#[derive(Clone, Debug)]
pub struct HttpResponse {
    /// The status code (RFC 9110 section 15).
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body, cut at the host's limit (R102).
    pub body: Vec<u8>,
}

/// Calls other servers, within the limits that the host sets (R101 to R104).
#[async_trait]
pub trait Http: Send + Sync {
    /// Sends a request and waits for the answer.
    ///
    /// # Errors
    /// When there was no answer; a status of 400 and above is an answer.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, PortError>;
}
