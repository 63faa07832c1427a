//! Fakes of the outward ports: what would have been sent, and what would have been answered.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::PortError;
use crate::port::{Http, HttpRequest, HttpResponse, Mail, MailMessage, Sms, SmsMessage};

/// Keeps mails and text messages instead of sending them.
#[derive(Debug, Default)]
pub struct Outbox {
    mails: Mutex<Vec<MailMessage>>,
    texts: Mutex<Vec<SmsMessage>>,
}

impl Outbox {
    /// The mails so far.
    #[must_use]
    pub fn mails(&self) -> Vec<MailMessage> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The text messages so far.
    #[must_use]
    pub fn texts(&self) -> Vec<SmsMessage> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Mail for Outbox {
    async fn send(&self, message: MailMessage) -> Result<(), PortError> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        Ok(())
    }
}

#[async_trait]
impl Sms for Outbox {
    async fn send(&self, message: SmsMessage) -> Result<(), PortError> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        Ok(())
    }
}

/// Answers requests from a script; without a next answer it is not available.
#[derive(Debug, Default)]
pub struct FakeHttp {
    answers: Mutex<VecDeque<HttpResponse>>,
    requests: Mutex<Vec<HttpRequest>>,
}

impl FakeHttp {
    /// Answers with these, in order.
    #[must_use]
    pub fn answering(answers: impl IntoIterator<Item = HttpResponse>) -> Self {
        Self { answers: Mutex::new(answers.into_iter().collect()), requests: Mutex::default() }
    }

    /// The requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Http for FakeHttp {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, PortError> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        let answer = self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        answer.ok_or_else(|| PortError::unavailable("http", "the script has no further answer"))
    }
}
