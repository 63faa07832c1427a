//! `key`: purposes and ids come in; keys are listed, rotated and retired, and never shown.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::{Value as Json, json};
use wayfarer::identity::{IdentityError, KeyInfo};
use wayfarer::store::keys::{KeyState, Purpose};
use wayfarer::store::{KeyFile, KeyId, SystemClock, WallClock};

use crate::Ending;
use crate::args::{Format, Key, KeyPurpose, ListKeys, RetireKey, RotateKeys};
use crate::compose::{Host, block_on, key_path};
use crate::console::Console;
use crate::failure::{self, Failure};
use crate::output::style::{GOOD, NOTICE, paint};
use crate::output::table::columns;

/// Looks after keys.
pub(crate) fn perform(arguments: &Key, console: &mut Console) -> Result<Ending> {
    block_on(async {
        match arguments {
            Key::List(list) => self::list(list, console).await,
            Key::Rotate(keys) => rotate(keys, console).await,
            Key::Retire(key) => retire(key, console).await,
        }
    })
}

async fn list(list: &ListKeys, console: &mut Console) -> Result<Ending> {
    let host = Host::open(&list.place).await?;
    let infos = host.wayfarer.identity().key_infos().await?;
    if list.place.format.format == Format::Json {
        console.print_json(&json!({ "keys": infos.iter().map(shown).collect::<Vec<_>>() }))?;
        return Ok(Ending::Good);
    }
    for line in columns(&infos.iter().map(row).collect::<Vec<_>>()) {
        console.print(line)?;
    }
    Ok(Ending::Good)
}

async fn rotate(keys: &RotateKeys, console: &mut Console) -> Result<Ending> {
    let purposes: BTreeSet<_> = keys.purposes.iter().copied().collect();
    let (mut made, mut waits) = (Vec::new(), false);
    match Host::open(&keys.place).await {
        Ok(host) => {
            for purpose in purposes.into_iter().map(Purpose::from) {
                made.push((purpose, host.wayfarer.rotate_key(&host.actor, purpose).await?));
            }
        }
        // Whoever holds the store reads the file when it is told to.
        Err(error) if failure::code(&error) == "store_held" => {
            waits = true;
            for purpose in purposes.into_iter().map(Purpose::from) {
                made.push((purpose, in_file(keys, purpose)?));
            }
        }
        Err(error) => return Err(error),
    }
    if keys.place.format.format == Format::Json {
        let made = made.iter().map(|(purpose, id)| json!({ "purpose": purpose, "key": id.to_string() }));
        console.print_json(&json!({ "rotated": made.collect::<Vec<_>>(), "in_use": !waits }))?;
        return Ok(Ending::Good);
    }
    for (purpose, id) in made {
        console.say(format_args!("{} a new {purpose} key: {id}", paint(GOOD, "✔")))?;
    }
    if waits {
        let notice = paint(NOTICE, "!");
        console.say(format_args!(
            "{notice} a server holds the store: `kill -HUP` its process to have it use the new keys"
        ))?;
    }
    Ok(Ending::Good)
}

fn in_file(keys: &RotateKeys, purpose: Purpose) -> Result<KeyId> {
    let change = |ring: &wayfarer::KeyRing| {
        let ring = ring.rotated(purpose, SystemClock.now())?;
        let id = ring.of(purpose).active().id();
        Ok((ring, id))
    };
    let (_, id) = KeyFile::change(key_path(&keys.place.store)?, change).map_err(IdentityError::from)?;
    Ok(id)
}

async fn retire(key: &RetireKey, console: &mut Console) -> Result<Ending> {
    let id = KeyId::parse(&key.key).ok_or_else(|| Failure::usage("a key's id is 16 hexadecimal digits"))?;
    let host = Host::open(&key.place).await?;
    host.wayfarer.retire_key(&host.actor, id).await?;
    if key.place.format.format == Format::Json {
        console.print_json(&json!({ "retired": id.to_string() }))?;
    } else {
        console.say(format_args!("{} the key {id} is retired", paint(GOOD, "✔")))?;
    }
    Ok(Ending::Good)
}

fn state(info: &KeyInfo) -> &'static str {
    match info.state {
        KeyState::Active => "active",
        KeyState::VerifyOnly => "verify only",
    }
}

fn row(info: &KeyInfo) -> [String; 5] {
    let until = info.overlap_ends_at.map_or_else(String::new, |at| format!("stays until {at:.0}"));
    let borne = match info.purpose {
        Purpose::Lookup | Purpose::Sign => String::new(),
        _ => format!("borne by {}", info.borne),
    };
    [info.purpose.to_string(), info.id.to_string(), state(info).to_owned(), borne, until]
}

fn shown(info: &KeyInfo) -> Json {
    json!({
        "purpose": info.purpose,
        "key": info.id.to_string(),
        "state": info.state,
        "created_at": info.created_at,
        "superseded_at": info.superseded_at,
        "borne_by": info.borne,
        "stays_until": info.overlap_ends_at,
    })
}

impl From<KeyPurpose> for Purpose {
    fn from(purpose: KeyPurpose) -> Self {
        match purpose {
            KeyPurpose::Seal => Self::Seal,
            KeyPurpose::Tag => Self::Tag,
            KeyPurpose::Audit => Self::Audit,
            KeyPurpose::Sign => Self::Sign,
        }
    }
}
