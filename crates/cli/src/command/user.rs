//! `user`: who is added, shown, changed, disabled, enabled or deleted comes in; the user goes out.

mod change;

use anyhow::Result;
use serde_json::{Value, json};
use wayfarer::identity::{IdentifierType, MethodStatus, User as Known, UserRef};

use crate::Ending;
use crate::args::{self, Format, Named, User, Who};
use crate::compose::block_on;
use crate::console::Console;
use crate::desk::Desk;
use crate::output::style::{BAD, GOOD, paint};
use crate::output::table::columns;
use crate::output::text::safe;

/// Looks after users.
pub(crate) fn perform(arguments: &User, console: &mut Console) -> Result<Ending> {
    block_on(async {
        match arguments {
            User::Add(new) => add(new, console).await,
            User::Show(named) => show(named, console).await,
            User::Disable(named) => switch(named, false, console).await,
            User::Enable(named) => switch(named, true, console).await,
            User::Update(update) => change::update(update, console).await,
            User::Delete(named) => change::delete(named, console).await,
        }
    })
}

/// By what the arguments name a user.
pub(crate) const fn kind(who: &Who) -> IdentifierType {
    match who.identifier_type {
        args::IdentifierType::UserId => IdentifierType::UserId,
        args::IdentifierType::ExternalUserId => IdentifierType::ExternalUserId,
        args::IdentifierType::Email => IdentifierType::Email,
        args::IdentifierType::PhoneNumber => IdentifierType::PhoneNumber,
        args::IdentifierType::Username => IdentifierType::Username,
    }
}

/// The user that the arguments name.
pub(crate) fn named(who: &Who) -> Result<UserRef> {
    Ok(UserRef::new(kind(who), &who.identifier)?)
}

async fn add(new: &args::NewUser, console: &mut Console) -> Result<Ending> {
    let user = Desk::open_or_make(&new.place).await?.add_user(new).await?;
    if new.place.format.format == Format::Json {
        console.print_json(&shown(&user)?)?;
    } else {
        console.say(format_args!("{} user added", paint(GOOD, "✔")))?;
        print(console, &user, None)?;
    }
    Ok(Ending::Good)
}

async fn show(arguments: &Named, console: &mut Console) -> Result<Ending> {
    let desk = Desk::open(&arguments.place).await?;
    let (user, codes) = (desk.user(&arguments.who).await?, desk.code_status(&arguments.who).await?);
    if arguments.place.format.format == Format::Json {
        let mut shown = shown(&user)?;
        if let Some(fields) = shown.as_object_mut() {
            fields.insert("temp_code".to_owned(), status(&codes)?);
        }
        console.print_json(&shown)?;
    } else {
        print(console, &user, Some(&codes))?;
    }
    Ok(Ending::Good)
}

async fn switch(arguments: &Named, active: bool, console: &mut Console) -> Result<Ending> {
    let user = Desk::open(&arguments.place).await?.switch_user(&arguments.who, active).await?;
    if arguments.place.format.format == Format::Json {
        console.print_json(&shown(&user)?)?;
    } else {
        let done = if active { "the user may sign in" } else { "the user signs in no more; tokens and codes are void" };
        console.say(format_args!("{} {done}", paint(GOOD, "✔")))?;
        print(console, &user, None)?;
    }
    Ok(Ending::Good)
}

/// The user, for machines. What voids tokens is the store's own business, and a server does not tell it.
fn shown(user: &Known) -> Result<Value> {
    let mut shown = serde_json::to_value(user)?;
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("token_epoch");
    }
    Ok(shown)
}

/// The user id is said once, with the user.
fn status(codes: &MethodStatus) -> Result<Value> {
    let mut shown = serde_json::to_value(codes)?;
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("user_id");
    }
    Ok(shown)
}

fn print(console: &mut Console, user: &Known, codes: Option<&MethodStatus>) -> Result<()> {
    let word = if user.active { "active" } else { "disabled" };
    let (created, updated) = (user.created_at.to_string(), user.updated_at.to_string());
    let name = user.name.as_ref().map(|name| {
        let parts = name.parts().into_iter().filter_map(|(_, part)| part.as_deref());
        parts.collect::<Vec<_>>().join(" ")
    });
    let data = user.custom_data.as_ref().map(|data| data.to_json().to_string());
    let fields = [
        ("user_id", Some(&*user.user_id)),
        ("external_user_id", user.external_user_id.as_deref()),
        ("email", user.email.as_deref()),
        ("phone_number", user.phone_number.as_deref()),
        ("username", user.username.as_deref()),
        ("name", name.as_deref()),
        ("custom_data", data.as_deref()),
        ("status", Some(word)),
        ("created_at", Some(created.as_str())),
        ("updated_at", (updated != created).then_some(updated.as_str())),
    ];
    let mut rows: Vec<_> =
        fields.into_iter().filter_map(|(name, value)| Some([name.to_owned(), safe(value?)])).collect();
    rows.extend(codes.map(code_row));
    for line in columns(&rows) {
        console.print(line)?;
    }
    if codes.is_some_and(|codes| codes.disabled || codes.locked_until.is_some()) {
        console.say(format_args!("{} a code of this user is not even compared now", paint(BAD, "!")))?;
    }
    Ok(())
}

fn code_row(codes: &MethodStatus) -> [String; 2] {
    let code = match &codes.code {
        None => "none".to_owned(),
        Some(code) => {
            let state = json!(code.status).as_str().unwrap_or_default().to_owned();
            format!("{state}, for `{}`, until {}", code.application, code.expires_at)
        }
    };
    let mut words = vec![code];
    if codes.attempts > 0 {
        words.push(format!("{} wrong so far", codes.attempts));
    }
    words.extend(codes.locked_until.map(|until| format!("locked until {until}")));
    if codes.disabled {
        words.push("disabled until an administrator enables it".to_owned());
    }
    ["temp_code".to_owned(), words.join("; ")]
}
