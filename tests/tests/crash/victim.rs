//! The process to be killed: users, codes and attempts without end, each announced and acknowledged by a line.

use std::io::Write;
use std::path::Path;

use wayfarer::identity::IdentityError;
use wayfarer::step::Actor;
use wayfarer::{IssueCode, NewUser, Outcome, Reason, UserRef, Wayfarer, json};

use crate::Random;
use crate::model::USERS;

pub(crate) const FOLDER: &str = "WAYFARER_CRASH_FOLDER";
pub(crate) const SEED: &str = "WAYFARER_CRASH_SEED";
pub(crate) const JOURNEY: &str = "temp_code_auth_journey";
const TEXT: &str = include_str!("../../../journeys/temp_code_auth_journey.yaml");

/// The store in a folder.
pub(crate) async fn host(folder: &Path) -> Wayfarer {
    let open = Wayfarer::in_folder(folder.join("data"), folder.join("keys")).journey("reference.yaml", TEXT).open();
    open.await.unwrap()
}

/// Works until it is killed.
pub(crate) async fn work(folder: &Path, seed: u64) {
    let host = host(folder).await;
    let tasks: Vec<_> = (1..)
        .zip(USERS)
        .map(|(number, user)| {
            let random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + number);
            tokio::spawn(look_after(host.clone(), user, random))
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// One write for each line, so that a kill leaves whole lines.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

async fn look_after(host: Wayfarer, user: &'static str, mut random: Random) {
    let (identity, tenant, actor) = (host.identity(), host.tenant(), Actor::operator("victim"));
    let who = UserRef::id(user).unwrap();
    say(&format!("> {user} add"));
    let new = NewUser { external_user_id: Some(user.to_owned()), ..NewUser::default() };
    match identity.add_user(tenant, &actor, &new).await {
        Ok(_) | Err(IdentityError::Taken { .. }) => say(&format!("< {user} add")),
        Err(error) => panic!("{error}"),
    }
    loop {
        say(&format!("> {user} unlock"));
        identity.unlock(tenant, &actor, &who, &Reason::new("the next round").unwrap()).await.unwrap();
        say(&format!("< {user} unlock"));

        say(&format!("> {user} issue"));
        let issued = identity.issue_code(tenant, &actor, &IssueCode::new(who.clone())).await.unwrap();
        let code = issued.code.expose();
        say(&format!("< {user} issue {} {code}", issued.code_id));

        for _ in 0..random.below(4) {
            let wrong: String = code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect();
            attempt(&host, user, "wrong", &wrong).await;
        }
        attempt(&host, user, "right", code).await;
    }
}

async fn attempt(host: &Wayfarer, user: &str, what: &str, code: &str) {
    say(&format!("> {user} {what}"));
    let answer = host.start(JOURNEY, json!({ "external_user_id": user, "temp_code": code })).await.unwrap();
    let completed = matches!(answer.outcome, Outcome::Completed { .. });
    say(&format!("< {user} {what} {}", if completed { "completed" } else { "rejected" }));
}
