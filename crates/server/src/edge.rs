//! A request from the wire comes in; it is named, counted, carried out to its end and timed, and its answer goes out with the
//! headers that every answer has (R78, R82, R114, R121).

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, Response, header};
use hyper::body::Incoming;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tower_service::Service as _;
use tracing::Instrument;
use wayfarer_step::port::Entropy;

use crate::Limits;
use crate::address::{Address, Proxies};
use crate::beat::{Beat, beat, now};
use crate::face::Face;
use crate::listen::Serve;
use crate::metrics::Metrics;
use crate::rate::Throttle;
use crate::refusal::Refusal;
use crate::reply::TooOften;
use crate::stop::Work;

/// The outermost layer. A clone is the same.
#[derive(Clone)]
pub(crate) struct Edge {
    inner: Arc<Inner>,
    gate: Option<Arc<Gate>>,
    /// Who is at the other end of the connection.
    peer: Option<SocketAddr>,
    measured: Measured,
}

/// Where is counted what comes, and as whose.
#[derive(Clone)]
struct Measured {
    metrics: Metrics,
    listener: &'static str,
}

struct Inner {
    router: Router,
    entropy: Arc<dyn Entropy>,
    room: Arc<Semaphore>,
    limits: Limits,
    https: bool,
    work: Work,
}

/// Counts requests by where they come from, and lets through what may come.
pub(crate) struct Gate {
    pub(crate) throttle: Throttle,
    pub(crate) proxies: Proxies,
}

impl Edge {
    /// The layer around a router. `https` says that callers reach us by HTTPS.
    pub(crate) fn new(router: Router, entropy: Arc<dyn Entropy>, limits: Limits, https: bool, work: Work) -> Self {
        let room = Arc::new(Semaphore::new(limits.requests));
        let measured = Measured { metrics: Metrics::new(), listener: "none" };
        let inner = Arc::new(Inner { router, entropy, room, limits, https, work });
        Self { inner, gate: None, peer: None, measured }
    }

    /// The same, counted there under the name of its listener.
    pub(crate) fn measured(self, metrics: Metrics, listener: &'static str) -> Self {
        Self { measured: Measured { metrics, listener }, ..self }
    }

    /// The same behind a gate.
    pub(crate) fn behind(self, gate: Gate) -> Self {
        Self { gate: Some(Arc::new(gate)), ..self }
    }

    /// Where a request comes from. Behind a gate it is counted there before anything else is done for it.
    fn admit(&self, request: &mut Request<Body>) -> Result<(), Refusal> {
        let Some(gate) = &self.gate else {
            request.extensions_mut().insert(Address(self.peer.map(|peer| peer.ip().to_canonical())));
            return Ok(());
        };
        let address = Address(self.peer.map(|peer| gate.proxies.address(peer, request.headers())));
        request.extensions_mut().insert(address);
        gate.throttle.request(address)
    }

    async fn answer(&self, mut request: Request<Body>) -> Response<Body> {
        let came = now();
        let face = Face::of(request.uri().path());
        let trace = self.trace_id();
        let (named, method) = (trace.as_deref().unwrap_or_default(), method(request.method()));
        // A span of this level also names the request beside warnings.
        let span = tracing::warn_span!("request", trace_id = named, method, face = face.word());
        let admitted = trace.as_ref().map_err(Clone::clone).and_then(|_| self.admit(&mut request));
        let answered = match admitted {
            Ok(()) => self.carry_out(request).instrument(span.clone()).await,
            Err(refusal) => Err(refusal),
        };
        let mut response = answered.unwrap_or_else(|refusal| face.refuse(&refusal));
        if response.extensions().get::<Beat>().is_some() {
            beat(came, self.inner.limits.refusal_beat).await;
        }
        self.dress(&mut response, trace.as_deref().ok());
        if response.extensions().get::<TooOften>().is_some() {
            self.measured.metrics.came_too_often(face.word());
        }
        self.measured.metrics.answered(face.word(), response.status().as_u16(), now().saturating_duration_since(came));
        span.in_scope(|| tracing::info!(status = response.status().as_u16(), "answered"));
        response
    }

    /// Carries a request out. That does not end with the connection: what has begun is not left half done.
    async fn carry_out(&self, request: Request<Body>) -> Result<Response<Body>, Refusal> {
        let seat = self.inner.room.clone().try_acquire_owned().map_err(|_| Refusal::Crowded)?;
        let (mut router, work) = (self.inner.router.clone(), self.inner.work.clone());
        let carried = async move {
            let response = router.call(request).await;
            drop((seat, work));
            response
        };
        match timeout(self.inner.limits.request, tokio::spawn(carried.in_current_span())).await {
            Ok(Ok(Ok(response))) => Ok(response),
            Ok(Err(_)) => {
                tracing::error!("a request panicked");
                self.measured.metrics.request_panicked();
                Err(Refusal::Internal)
            }
            Err(_) => {
                tracing::warn!("a request took too long");
                Err(Refusal::Unavailable)
            }
        }
    }

    /// Names the request in logs and for whoever asks about it. It is made here: what a caller sends could forge it.
    fn trace_id(&self) -> Result<String, Refusal> {
        let mut bytes = [0; 16];
        self.inner.entropy.fill(&mut bytes).map_err(|_| Refusal::Unavailable)?;
        Ok(bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing to a text does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }

    fn dress(&self, response: &mut Response<Body>, trace: Option<&str>) {
        let headers = response.headers_mut();
        for (name, value) in ALWAYS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if self.inner.https {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
        if let Some(value) = trace.and_then(|trace| HeaderValue::from_str(trace).ok()) {
            headers.insert("trace-id", value);
        }
    }
}

/// No answer of ours is a page, and each may hold what is meant for one reader only.
const ALWAYS: [(header::HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];

impl Serve for Edge {
    async fn serve(&self, request: Request<Incoming>) -> Response<Body> {
        self.answer(request.map(Body::new)).await
    }

    fn connected(&self) -> impl Send + 'static {
        self.measured.metrics.connected(self.measured.listener)
    }

    fn of_peer(&self, peer: SocketAddr) -> Self {
        Self { peer: Some(peer), ..self.clone() }
    }
}

/// The method for logs: any other word is the caller's own text.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}

#[cfg(test)]
mod tests;
