//! Users with codes come in; they are let in by a journey on our server.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio::runtime::Builder as Runtime;
use wayfarer::identity::{ClientScope, NewClient, SystemEntropy};
use wayfarer::step::Actor;
use wayfarer::{Builder, IssueCode, NewUser, UserRef, Wayfarer};
use wayfarer_server::{Limits, Listeners, Parts, Rates, Server, Settings};

use super::child::{Ready, pin, user};
use super::talk::CLIENT;
use crate::scratch;

/// The reference journey, where the code is asked for.
const JOURNEY: &str = "
journey: recovery
params:
  external_user_id: string
steps:
  ask:
    type: collect_information
    with:
      fields:
        temp_code: { type: code, label: The code, max_length: 20 }
    output: answers
    branches: { submit: verify, cancel: deny_access }
  verify:
    type: temp_code_authentication
    with:
      external_user_id: '@policy.request().params.external_user_id'
      temp_code: '@answers.temp_code'
    branches: { success: restore_access, failure: deny_access }
  restore_access:
    type: complete_journey
  deny_access:
    type: reject_access
";

pub(super) fn in_memory(users: usize) {
    serve(Wayfarer::in_memory(), users);
}

pub(super) fn in_a_file(users: usize) {
    let folder = scratch::folder();
    serve(Wayfarer::in_folder(folder.path().join("data"), folder.path().join("keys")), users);
}

fn serve(builder: Builder, users: usize) {
    pin();
    let runtime = Runtime::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let host = host(builder).await;
        let mut codes = Vec::with_capacity(users);
        for some in (0..users).collect::<Vec<_>>().chunks(64) {
            codes.extend(join_all(some.iter().map(|number| code(&host, *number))).await);
        }
        run(&host, codes).await;
    });
}

/// A host with the journey, and the client that may start it.
pub(super) async fn host(builder: Builder) -> Wayfarer {
    let host = builder.journey("recovery.yaml", JOURNEY).open().await.unwrap();
    let client =
        NewClient { client_id: Some(CLIENT.to_owned()), confidential: false, ..NewClient::confidential("default") };
    let client = client.scopes([ClientScope::JourneysRun]);
    host.identity().add_client(host.tenant(), &Actor::system(), &client).await.unwrap();
    host
}

/// A user with a live code.
pub(super) async fn code(host: &Wayfarer, number: usize) -> String {
    let user = host.add_user(NewUser::external(&user(number))).await.unwrap();
    let issued = host.issue_code(IssueCode::new(UserRef::id(&user.user_id).unwrap())).await.unwrap();
    issued.code.expose().clone()
}

/// Serves until the process ends.
pub(super) async fn run(host: &Wayfarer, codes: Vec<String>) {
    let (public, admin) =
        (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    Ready { address: public.local_addr().unwrap(), admin: Some(admin.local_addr().unwrap()), codes }.say();
    let parts = Parts {
        engine: host.engine().clone(),
        identity: host.identity().clone(),
        tenant: host.tenant().clone(),
        entropy: Arc::new(SystemEntropy),
        keeper: None,
    };
    let settings = Settings { limits: Limits { rates: Rates::none(), ..Limits::default() }, ..Settings::default() };
    Server::new(parts, settings).serve(Listeners { public, admin }, std::future::pending()).await;
}
