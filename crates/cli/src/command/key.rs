//! `key`: purposes and ids come in; keys are listed, rotated and retired, and never shown.

use anyhow::Result;
use serde_json::json;
use wayfarer::store::KeyId;
use wayfarer::store::keys::{KeyState, Purpose};

use crate::Ending;
use crate::args::{Format, Key, KeyPurpose, ListKeys, RetireKey, RotateKeys};
use crate::compose::block_on;
use crate::console::Console;
use crate::desk::{self, Desk, NewKey};
use crate::failure::Failure;
use crate::output::style::{GOOD, paint};
use crate::output::table::columns;
use crate::output::text::safe;

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
    let keys = Desk::open(&list.place).await?.keys().await?;
    if list.place.format.format == Format::Json {
        console.print_json(&json!({ "keys": keys }))?;
        return Ok(Ending::Good);
    }
    for line in columns(&keys.iter().map(row).collect::<Vec<_>>()) {
        console.print(line)?;
    }
    Ok(Ending::Good)
}

async fn rotate(keys: &RotateKeys, console: &mut Console) -> Result<Ending> {
    let purposes = keys.purposes.iter().copied().map(Purpose::from).collect();
    let made = Desk::open(&keys.place).await?.rotate_keys(purposes).await?;
    if keys.place.format.format == Format::Json {
        console.print_json(&json!({ "rotated": made }))?;
        return Ok(Ending::Good);
    }
    for NewKey { purpose, key } in made {
        console.say(format_args!("{} a new {purpose} key: {}", paint(GOOD, "✔"), safe(&key)))?;
    }
    Ok(Ending::Good)
}

async fn retire(key: &RetireKey, console: &mut Console) -> Result<Ending> {
    let id = KeyId::parse(&key.key).ok_or_else(|| Failure::usage("a key's id is 16 hexadecimal digits"))?;
    Desk::open(&key.place).await?.retire_key(id).await?;
    if key.place.format.format == Format::Json {
        console.print_json(&json!({ "retired": id.to_string() }))?;
    } else {
        console.say(format_args!("{} the key {id} is retired", paint(GOOD, "✔")))?;
    }
    Ok(Ending::Good)
}

fn row(key: &desk::Key) -> [String; 5] {
    let state = match key.state {
        KeyState::Active => "active",
        KeyState::VerifyOnly => "verify only",
    };
    let until = key.stays_until.map_or_else(String::new, |at| format!("stays until {at:.0}"));
    let borne = match key.purpose {
        Purpose::Lookup | Purpose::Sign => String::new(),
        _ => format!("borne by {}", key.borne_by),
    };
    [key.purpose.to_string(), safe(&key.key), state.to_owned(), borne, until]
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
