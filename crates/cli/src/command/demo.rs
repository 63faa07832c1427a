//! `demo`: nothing comes in; account recovery with a temporary code is played over HTTP, and each answer is shown and judged.

mod call;
mod clock;
mod play;
mod show;

use std::path::Path;

use anyhow::{Context, Result};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wayfarer::Wayfarer;
use wayfarer::identity::{ClientScope, NewClient, Origin};
use wayfarer::step::{Actor, Secret};
use wayfarer_server::{Ended, Listeners, Server, Settings};

use self::call::Caller;
use self::clock::Forward;
use self::play::Play;
use super::serve::bind;
use super::serve::running::parts;
use super::serve::signals::Signals;
use crate::Ending;
use crate::args::Demo;
use crate::compose::block_on_all;
use crate::console::Console;

const FILE: &str = "journeys/temp_code_auth_journey.yaml";
const JOURNEY: &str = include_str!("../../../../journeys/temp_code_auth_journey.yaml");

/// Plays the guide on a store that is gone afterwards.
pub(crate) fn perform(arguments: &Demo, console: &mut Console) -> Result<Ending> {
    let folder = tempfile::tempdir().context("cannot make a folder for the demonstration")?;
    let expected = block_on_all(async {
        let stage = Stage::set(folder.path()).await?;
        let mut play = Play::new(&stage, console);
        let expected = play.all().await?;
        if arguments.keep && expected {
            let mut signals = Signals::new()?;
            play.keep(&stage.secret)?;
            signals.stop().await;
        }
        stage.strike().await;
        Ok(expected)
    })?;
    Ok(if expected { Ending::Good } else { Ending::Failed })
}

/// A real server on a free port of this machine, and who may call it.
struct Stage {
    wayfarer: Wayfarer,
    caller: Caller,
    /// Of the client `support`.
    secret: Secret<String>,
    clock: Forward,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Ended>,
}

impl Stage {
    async fn set(folder: &Path) -> Result<Self> {
        let clock = Forward::default();
        let builder = Wayfarer::in_folder(folder.join("data"), folder.join("keys")).clock(clock.clone());
        let wayfarer = builder.journey(FILE, JOURNEY).open().await?;
        let secret = clients(&wayfarer).await?;
        let free = "127.0.0.1:0".parse()?;
        let listeners = Listeners { public: bind(free).await?, admin: bind(free).await? };
        let caller = Caller::new(listeners.public.local_addr()?);
        let (stop, told) = oneshot::channel::<()>();
        let serving = tokio::spawn(Server::new(parts(&wayfarer), Settings::default()).serve(listeners, async {
            // That nobody can tell any more says the same.
            drop(told.await);
        }));
        Ok(Self { wayfarer, caller, secret, clock, stop, serving })
    }

    async fn strike(self) {
        // Who does not listen any more has ended.
        let _ = self.stop.send(());
        drop(self.serving.await);
    }
}

/// The support desk, whose secret comes back, and the page that Ann sees.
async fn clients(wayfarer: &Wayfarer) -> Result<Secret<String>> {
    let (identity, tenant, operator) = (wayfarer.identity(), wayfarer.tenant(), Actor::operator("demo"));
    let support = NewClient { client_id: Some("support".to_owned()), ..NewClient::confidential("default") };
    let support = support.scopes([ClientScope::OtpDirect, ClientScope::UsersRead, ClientScope::UsersWrite]);
    let web = NewClient {
        client_id: Some("web".to_owned()),
        confidential: false,
        origins: vec![Origin::new("http://localhost:*")?],
        ..NewClient::confidential("default").scopes([ClientScope::JourneysRun])
    };
    identity.add_client(tenant, &operator, &web).await?;
    let issued = identity.add_client(tenant, &operator, &support).await?;
    issued.secret.context("the client `support` has no secret")
}
