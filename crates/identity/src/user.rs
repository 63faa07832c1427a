//! Who users are: added, found by any identifier, shown, changed, disabled and enabled, deleted.

mod change;
mod directory;
mod identifier;
mod profile;
mod record;
mod search;

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;
use wayfarer_step::{Actor, Expected, Fact, Identifier, Write};
use wayfarer_store::TenantId;

pub use change::{Change, UserChanges};
pub(crate) use directory::Users;
pub use identifier::IdentifierType;
pub use profile::{CustomData, PersonName};
use record::Pointer;
pub use record::User;
pub use search::{UserFilter, UserList};

use crate::record::{Loaded, Outcome, Stored, TRIES, decode, id_of, kind, put};
use crate::{Identity, IdentityError};

/// Names a user by one identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRef {
    kind: IdentifierType,
    value: String,
}

impl UserRef {
    /// By an identifier of any kind; it is brought to its normal form.
    ///
    /// # Errors
    /// When the value breaks the rule for its kind.
    pub fn new(kind: IdentifierType, value: &str) -> Result<Self, IdentityError> {
        Ok(Self { kind, value: kind.normalise(value)? })
    }

    /// By user id or external user id.
    ///
    /// # Errors
    /// When the value cannot be one.
    pub fn id(value: &str) -> Result<Self, IdentityError> {
        Self::new(IdentifierType::UserId, value)
    }
}

/// A user to be added.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    /// The immutable id; made up if not given.
    pub user_id: Option<String>,
    /// The id under which the application knows the user.
    pub external_user_id: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone_number: Option<String>,
    /// The chosen name.
    pub username: Option<String>,
    /// What the user is called.
    pub name: Option<PersonName>,
    /// What the application keeps with the user.
    pub custom_data: Option<CustomData>,
}

impl NewUser {
    /// A user known by an external id and nothing else.
    #[must_use]
    pub fn external(id: &str) -> Self {
        Self { external_user_id: Some(id.to_owned()), ..Self::default() }
    }
}

/// Some users, and where to go on.
#[derive(Clone, Debug, Serialize)]
pub struct UserPage {
    /// The users, in no order that means anything.
    pub users: Vec<User>,
    /// What the next call takes as `after`; none at the end.
    #[serde(skip)]
    pub next: Option<Vec<u8>>,
}

impl Identity {
    /// Adds a user.
    ///
    /// # Errors
    /// When an identifier breaks its rule or belongs to somebody else, and when the store fails.
    pub async fn add_user(&self, tenant: &TenantId, actor: &Actor, new: &NewUser) -> Result<User, IdentityError> {
        let now = self.vault().now().await?;
        let normal = |kind: IdentifierType, value: &Option<String>| {
            value.as_deref().map(|value| kind.normalise(value).map(Arc::from)).transpose()
        };
        let user_id = match normal(IdentifierType::UserId, &new.user_id)? {
            Some(given) => given,
            None => self.sortable_id(now)?.to_string().into(),
        };
        let user = User {
            user_id,
            external_user_id: normal(IdentifierType::ExternalUserId, &new.external_user_id)?,
            email: normal(IdentifierType::Email, &new.email)?,
            phone_number: normal(IdentifierType::PhoneNumber, &new.phone_number)?,
            username: normal(IdentifierType::Username, &new.username)?,
            active: true,
            created_at: now,
            updated_at: now,
            name: new.name.clone().map(PersonName::checked).transpose()?,
            custom_data: new.custom_data.clone(),
            token_epoch: 0,
        };
        let pointers = Pointer::all(self.vault(), tenant, &user)?;
        let keys: Vec<_> = pointers
            .iter()
            .filter_map(|(kind, write)| match write {
                Write::Put { id, .. } => Some((*kind, id.clone())),
                _ => None,
            })
            .collect();
        let mut writes: Vec<_> = pointers.into_iter().map(|(_, write)| write).collect();
        let id = id_of::<User>(self.vault(), tenant, &[&user.user_id])?;
        writes.push(put(id, Expected::Absent, &user, None)?);
        writes.push(Write::Record(Fact::new("user.added", actor.clone()).subject(user.user_id.clone())));
        match self.commit(tenant, writes).await? {
            Outcome::Done => Ok(user),
            Outcome::Conflict(key) => Err(record::taken(&key, &keys)),
        }
    }

    /// The user who has an identifier.
    ///
    /// # Errors
    /// When nobody has it, and when the store fails.
    pub async fn user(&self, tenant: &TenantId, user: &UserRef) -> Result<User, IdentityError> {
        self.find(tenant, user).await?.value.ok_or(IdentityError::UnknownUser)
    }

    /// Some users of a tenant, at most `limit`, those beyond `after`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn users(
        &self,
        tenant: &TenantId,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<UserPage, IdentityError> {
        let rows = self.vault().scan(tenant, kind(User::KIND)?, after, limit).await?;
        let next = rows.last().filter(|_| rows.len() == limit).map(|(id, _)| id.clone());
        let users = rows.iter().map(|(_, record)| decode(&record.value)).collect::<Result<_, _>>()?;
        Ok(UserPage { users, next })
    }

    /// Keeps a user from signing in: a live code is taken back and every token is void, for good.
    ///
    /// # Errors
    /// For an unknown user, and when the store fails.
    pub async fn disable_user(&self, tenant: &TenantId, actor: &Actor, user: &UserRef) -> Result<User, IdentityError> {
        self.change_user(tenant, actor, user, false).await
    }

    /// Lets a user sign in again.
    ///
    /// # Errors
    /// For an unknown user, and when the store fails.
    pub async fn enable_user(&self, tenant: &TenantId, actor: &Actor, user: &UserRef) -> Result<User, IdentityError> {
        self.change_user(tenant, actor, user, true).await
    }

    async fn change_user(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        user: &UserRef,
        active: bool,
    ) -> Result<User, IdentityError> {
        for _ in 0..TRIES {
            let now = self.vault().now().await?;
            let loaded = self.find(tenant, user).await?;
            let before = loaded.value.as_ref().ok_or(IdentityError::UnknownUser)?;
            if before.active == active {
                return Ok(before.clone());
            }
            let mut changed = User { active, updated_at: now, ..before.clone() };
            let mut writes = Vec::new();
            if !active {
                changed.token_epoch = changed.token_epoch.saturating_add(1);
                writes = self.revocation(tenant, actor, &changed.user_id, now).await?;
            }
            let name = if active { "user.enabled" } else { "user.disabled" };
            writes.push(loaded.put(&changed, None)?);
            writes.push(Write::Record(Fact::new(name, actor.clone()).subject(changed.user_id.clone())));
            if let Outcome::Done = self.commit(tenant, writes).await? {
                return Ok(changed);
            }
        }
        Err(IdentityError::Busy)
    }

    /// The record of the user who has an identifier. For an unknown one the same reads are made, on keys that nobody
    /// has (R39).
    pub(crate) async fn find(&self, tenant: &TenantId, user: &UserRef) -> Result<Loaded<User>, IdentityError> {
        let id = Pointer::id(self.vault(), tenant, user.kind, &user.value)?;
        match Pointer::follow(self.vault(), tenant, id).await? {
            Some(user_id) => User::load(self.vault(), tenant, &user_id).await,
            None => User::load(self.vault(), tenant, &nobody(&user.value)).await,
        }
    }

    /// The same for what a journey was given, which may be any text.
    pub(crate) async fn find_claimed(
        &self,
        tenant: &TenantId,
        identifier: &Identifier,
    ) -> Result<Loaded<User>, IdentityError> {
        let Identifier::User(text) = identifier;
        let user = UserRef::id(text).unwrap_or_else(|_| UserRef { kind: IdentifierType::UserId, value: nobody("") });
        self.find(tenant, &user).await
    }

    /// An id that sorts by time (UUID version 7, RFC 9562 section 5.7).
    pub(crate) fn sortable_id(&self, now: Timestamp) -> Result<Uuid, IdentityError> {
        let mut random = [0; 10];
        self.entropy().fill(&mut random)?;
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Ok(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
    }

    /// An id of random bits only (UUID version 4).
    pub(crate) fn random_id(&self) -> Result<Uuid, IdentityError> {
        let mut random = [0; 16];
        self.entropy().fill(&mut random)?;
        Ok(uuid::Builder::from_random_bytes(random).into_uuid())
    }
}

/// Stands for a user that there is not: no identifier holds a control character, so no key of a user is made of it.
pub(crate) fn nobody(text: &str) -> String {
    format!("\u{0}{text}")
}

#[cfg(test)]
mod tests;
