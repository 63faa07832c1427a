//! Parts and listeners come in; both listeners and the tick run until it is time to stop, and how that went goes out.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::timeout;
use wayfarer_engine::{Engine, TenantId};
use wayfarer_identity::Identity;
use wayfarer_step::port::Entropy;

use crate::app::App;
use crate::background::background;
use crate::edge::{Edge, Gate};
use crate::keys::{Keeper, Keys};
use crate::listen::{Tls, listen};
use crate::metrics::Metrics;
use crate::socket::Socket;
use crate::stop::{stop, work};
use crate::{Limits, Proxies, admin, public};

/// What a server is put together from.
#[derive(Clone)]
pub struct Parts {
    /// Runs journeys.
    pub engine: Engine,
    /// Knows users, codes, clients and tokens.
    pub identity: Identity,
    /// Whose listeners these are. The application comes from the record of the client that calls.
    pub tenant: TenantId,
    /// Makes the names of requests.
    pub entropy: Arc<dyn Entropy>,
    /// Rotates and retires keys; none: the host does it, and administration refuses to.
    pub keeper: Option<Arc<dyn Keeper>>,
}

/// How a server behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The bounds of connections and requests.
    pub limits: Limits,
    /// Whether callers reach the public listener by HTTPS, through what stands before it. Browsers are told to stay with it.
    pub https: bool,
    /// How often the engine does what is due.
    pub tick: Duration,
    /// What stands before the public listener, so that callers are told apart behind it.
    pub proxies: Proxies,
}

impl Default for Settings {
    fn default() -> Self {
        Self { limits: Limits::default(), https: false, tick: Duration::from_secs(1), proxies: Proxies::default() }
    }
}

/// Where a server listens.
#[derive(Debug)]
pub struct Listeners {
    /// For applications.
    pub public: TcpListener,
    /// For this machine: whether the server lives and is ready.
    pub admin: TcpListener,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Connections that were cut because they did not end in time.
    pub cut: usize,
    /// Whether every request that had begun was carried out to its end.
    pub complete: bool,
}

/// A server that does not listen yet.
pub struct Server {
    parts: Parts,
    settings: Settings,
    tls: Option<Tls>,
    metrics: Metrics,
    socket: Socket,
}

impl Server {
    /// Puts a server together.
    #[must_use]
    pub fn new(parts: Parts, settings: Settings) -> Self {
        Self { parts, settings, metrics: Metrics::new(), tls: None, socket: Socket::default() }
    }

    /// The same, with the measures that its engine is observed by.
    #[must_use]
    pub fn measured(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// The same with HTTPS, and nothing else, for applications.
    #[must_use]
    pub fn tls(self, tls: Tls) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// The same with administration on a socket of this machine, without a token: whoever can open it may do everything. Who
    /// acts is taken from the header `wayfarer-agent`, so the file system must let nobody but the operator near it.
    #[cfg(unix)]
    #[must_use]
    pub fn socket(self, listener: tokio::net::UnixListener) -> Self {
        Self { socket: Socket::new(listener), ..self }
    }

    /// Serves until `wanted` comes back, then takes no more and lets end what has begun, within the limit for that.
    pub async fn serve(self, listeners: Listeners, wanted: impl Future<Output = ()> + Send) -> Ended {
        let Self { parts, settings, tls, metrics, socket } = self;
        let Parts { engine, identity, tenant, entropy, keeper } = parts;
        let Settings { limits, https, tick, proxies } = settings;
        let ((stopper, stop), (admin_stopper, admin_stop)) = (stop(), stop());
        let (work, all_work) = work();
        let app = App::new(
            engine.clone(),
            identity.clone(),
            tenant.clone(),
            limits.clone(),
            entropy.clone(),
            Keys::new(keeper),
            metrics.clone(),
        );
        let gate = Gate { throttle: app.throttle().clone(), proxies };
        let refusals = app.refusals().clone();
        let public = Edge::new(public::routes(app.clone()), entropy.clone(), limits.clone(), https, work.clone());
        let public = public.measured(metrics.clone(), "public").behind(gate);
        let operators = admin::operators(app.clone());
        let operators = Edge::new(operators, entropy.clone(), limits.clone(), false, work.clone());
        let operators = operators.measured(metrics.clone(), "socket");
        let admin = admin::listener(app, stop.clone(), metrics.clone());
        let admin = Edge::new(admin, entropy, limits.clone(), false, work).measured(metrics, "admin");
        let drain = limits.drain;
        let wanted = async move {
            wanted.await;
            stopper.stop();
        };
        // Operators are told that the server is not ready while it lets end what has begun.
        let public = async {
            let cut = listen(listeners.public, tls, public, limits.clone(), stop.clone()).await;
            admin_stopper.stop();
            cut
        };
        let (cut, others, more, (), (), ()) = tokio::join!(
            public,
            listen(listeners.admin, None, admin, limits.clone(), admin_stop.clone()),
            socket.serve(operators, limits.clone(), admin_stop.clone()),
            background(engine, tick, stop.clone()),
            // Until the last caller is gone.
            refusals.record(&identity, &tenant, admin_stop),
            wanted,
        );
        let complete = timeout(drain, all_work.done()).await.is_ok();
        Ended { cut: cut + others + more, complete }
    }
}
