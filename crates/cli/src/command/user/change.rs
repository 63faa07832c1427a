//! Who is changed or deleted comes in; the user as changed goes out, or that there is none any more.

use anyhow::Result;
use serde_json::json;
use wayfarer::identity::{Change, UserChanges};

use super::{print, shown};
use crate::Ending;
use crate::args::{Field, Format, Named, UserUpdate};
use crate::console::Console;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::style::{GOOD, paint};

pub(super) async fn update(arguments: &UserUpdate, console: &mut Console) -> Result<Ending> {
    let changes = changes(arguments)?;
    let user = Desk::open(&arguments.place).await?.update_user(&arguments.who, &changes).await?;
    if arguments.place.format.format == Format::Json {
        console.print_json(&shown(&user)?)?;
    } else {
        console.say(format_args!("{} user updated", paint(GOOD, "✔")))?;
        print(console, &user, None)?;
    }
    Ok(Ending::Good)
}

pub(super) async fn delete(arguments: &Named, console: &mut Console) -> Result<Ending> {
    let user_id = Desk::open(&arguments.place).await?.delete_user(&arguments.who).await?;
    if arguments.place.format.format == Format::Json {
        console.print_json(&json!({ "user_id": user_id, "deleted": true }))?;
    } else {
        console.say(format_args!("{} the user is gone; tokens and codes are void", paint(GOOD, "✔")))?;
    }
    Ok(Ending::Good)
}

fn changes(arguments: &UserUpdate) -> Result<UserChanges> {
    let change = |field: Field, value: &Option<String>| match (arguments.removed.contains(&field), value) {
        (false, None) => Ok(Change::Keep),
        (true, None) => Ok(Change::Remove),
        (false, Some(value)) => Ok(Change::Set(value.clone())),
        (true, Some(_)) => Err(Failure::usage("a field cannot be given and removed at once")),
    };
    let given = [&arguments.external_user_id, &arguments.email, &arguments.phone_number, &arguments.username];
    if arguments.removed.is_empty() && given.iter().all(|value| value.is_none()) {
        return Err(Failure::usage("nothing to change is given").into());
    }
    Ok(UserChanges {
        external_user_id: change(Field::ExternalUserId, &arguments.external_user_id)?,
        email: change(Field::Email, &arguments.email)?,
        phone_number: change(Field::PhoneNumber, &arguments.phone_number)?,
        username: change(Field::Username, &arguments.username)?,
        name: removed(arguments, Field::Name),
        custom_data: removed(arguments, Field::CustomData),
    })
}

fn removed<T>(arguments: &UserUpdate, field: Field) -> Change<T> {
    if arguments.removed.contains(&field) { Change::Remove } else { Change::Keep }
}
