//! Wishes about a known user come in; the user changed, or gone, goes out, with every trace of what no longer holds.

use std::sync::Arc;

use wayfarer_step::{Actor, Expected, Fact, Method, Write};
use wayfarer_store::TenantId;

use super::record::Pointer;
use super::{CustomData, IdentifierType, PersonName, User, UserRef, record};
use crate::attempt::AttemptsRecord;
use crate::code::{CodeRecord, code_fact};
use crate::record::{Loaded, Outcome, TRIES, put};
use crate::{Identity, IdentityError};

/// What becomes of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays.
    #[default]
    Keep,
    /// It is taken away.
    Remove,
    /// It becomes this.
    Set(T),
}

impl<T> Change<T> {
    /// The same change of a value that is made of this one's.
    ///
    /// # Errors
    /// When there is one and none can be made of it.
    pub fn try_map<U, E>(self, make: impl FnOnce(T) -> Result<U, E>) -> Result<Change<U>, E> {
        Ok(match self {
            Self::Keep => Change::Keep,
            Self::Remove => Change::Remove,
            Self::Set(value) => Change::Set(make(value)?),
        })
    }

    fn apply<U>(
        self,
        field: &mut Option<U>,
        make: impl FnOnce(T) -> Result<U, IdentityError>,
    ) -> Result<(), IdentityError> {
        match self {
            Self::Keep => {}
            Self::Remove => *field = None,
            Self::Set(value) => *field = Some(make(value)?),
        }
        Ok(())
    }
}

/// What shall be otherwise with a user. The user id never changes.
#[derive(Clone, Debug, Default)]
pub struct UserChanges {
    /// The id under which the application knows the user.
    pub external_user_id: Change<String>,
    /// The mail address.
    pub email: Change<String>,
    /// The phone number.
    pub phone_number: Change<String>,
    /// The chosen name.
    pub username: Change<String>,
    /// What the user is called.
    pub name: Change<PersonName>,
    /// What the application keeps with the user.
    pub custom_data: Change<CustomData>,
}

impl UserChanges {
    fn apply(self, user: &mut User) -> Result<(), IdentityError> {
        let normal = |kind: IdentifierType| move |text: String| kind.normalise(&text).map(Arc::from);
        self.external_user_id.apply(&mut user.external_user_id, normal(IdentifierType::ExternalUserId))?;
        self.email.apply(&mut user.email, normal(IdentifierType::Email))?;
        self.phone_number.apply(&mut user.phone_number, normal(IdentifierType::PhoneNumber))?;
        self.username.apply(&mut user.username, normal(IdentifierType::Username))?;
        self.name.apply(&mut user.name, PersonName::checked)?;
        self.custom_data.apply(&mut user.custom_data, Ok)
    }
}

impl Identity {
    /// Changes a user. Codes, counts and tokens stay, for they are those of the user id.
    ///
    /// # Errors
    /// For an unknown user, a value that breaks its rule or belongs to somebody else, when no identifier but the user id would
    /// be left, and when the store fails.
    pub async fn update_user(
        &self,
        tenant: &TenantId,
        actor: &Actor,
        user: &UserRef,
        changes: &UserChanges,
    ) -> Result<User, IdentityError> {
        for _ in 0..TRIES {
            let now = self.vault().now().await?;
            let loaded = self.find(tenant, user).await?;
            let before = loaded.value.as_ref().ok_or(IdentityError::UnknownUser)?;
            let mut changed = before.clone();
            changes.clone().apply(&mut changed)?;
            if changed == *before {
                return Ok(changed);
            }
            if changed.names().next().is_none() && before.names().next().is_some() {
                return Err(IdentityError::invalid("user", "must keep an identifier besides `user_id`"));
            }
            changed.updated_at = now;
            let (mut writes, taken) = self.move_pointers(tenant, before, &changed).await?;
            let fields = changed.differences(before);
            writes.push(loaded.put(&changed, None)?);
            let fact = Fact::new("user.updated", actor.clone()).subject(changed.user_id.clone());
            writes.push(Write::Record(fact.detail("fields", fields)));
            match self.commit(tenant, writes).await? {
                Outcome::Done => return Ok(changed),
                Outcome::Conflict(key) if taken.iter().any(|(_, id)| *id == key.id) => {
                    return Err(record::taken(&key, &taken));
                }
                Outcome::Conflict(_) => {}
            }
        }
        Err(IdentityError::Busy)
    }

    /// Deletes a user: codes, counts, identifiers and all that was known end in one commit, and every token is void with it.
    /// The user id stays taken, so that it never means somebody else; other identifiers are free again. The audit trail keeps
    /// the user id.
    ///
    /// # Errors
    /// For an unknown user, and when the store fails.
    pub async fn delete_user(&self, tenant: &TenantId, actor: &Actor, user: &UserRef) -> Result<(), IdentityError> {
        for _ in 0..TRIES {
            let now = self.vault().now().await?;
            let loaded = self.find(tenant, user).await?;
            let known = loaded.value.as_ref().ok_or(IdentityError::UnknownUser)?;
            let mut writes = vec![loaded.remove()];
            for (kind, normal) in known.own_pointers() {
                let id = Pointer::id(self.vault(), tenant, kind, normal)?;
                writes.push(Loaded::<Pointer>::read(self.vault(), tenant, id).await?.remove());
            }
            let method = Method::TEMP_CODE;
            let code = CodeRecord::load(self.vault(), tenant, &known.user_id, &method).await?;
            if let Some(code) = code.value.as_ref().filter(|code| code.is_live(now)) {
                writes.push(Write::Record(code_fact("tempcode.revoked", actor, code)));
            }
            writes.push(code.remove());
            writes.push(AttemptsRecord::load(self.vault(), tenant, &known.user_id, &method).await?.remove());
            writes.push(Write::Record(Fact::new("user.deleted", actor.clone()).subject(known.user_id.clone())));
            if let Outcome::Done = self.commit(tenant, writes).await? {
                return Ok(());
            }
        }
        Err(IdentityError::Busy)
    }

    /// What leads from identifiers to the user, as the change wants it; and the keys that must be free for that.
    async fn move_pointers(
        &self,
        tenant: &TenantId,
        before: &User,
        after: &User,
    ) -> Result<(Vec<Write>, Vec<(IdentifierType, Vec<u8>)>), IdentityError> {
        let (mut writes, mut wanted) = (Vec::new(), Vec::new());
        let has = |user: &User, one: (IdentifierType, &Arc<str>)| user.own_pointers().any(|other| other == one);
        for (kind, normal) in before.own_pointers().filter(|one| !has(after, *one)) {
            let id = Pointer::id(self.vault(), tenant, kind, normal)?;
            writes.push(Loaded::<Pointer>::read(self.vault(), tenant, id).await?.remove());
        }
        let pointer = Pointer::to(&after.user_id);
        for (kind, normal) in after.own_pointers().filter(|one| !has(before, *one)) {
            let id = Pointer::id(self.vault(), tenant, kind, normal)?;
            writes.push(put(id.clone(), Expected::Absent, &pointer, None)?);
            wanted.push((kind, id));
        }
        Ok((writes, wanted))
    }
}

#[cfg(test)]
mod tests;
