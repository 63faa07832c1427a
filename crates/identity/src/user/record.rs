//! What is stored of a user, and under which keys it is found.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wayfarer_step::{Subject, Write};
use wayfarer_store::{Key, TenantId, Vault};

use super::{CustomData, IdentifierType, PersonName};
use crate::IdentityError;
use crate::record::{Loaded, Stored, id_of, put};

/// A user as administrators see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The immutable id.
    pub user_id: Arc<str>,
    /// The id under which the application knows the user.
    pub external_user_id: Option<Arc<str>>,
    /// The mail address, in normal form.
    pub email: Option<Arc<str>>,
    /// The phone number, in normal form.
    pub phone_number: Option<Arc<str>>,
    /// The chosen name, in normal form.
    pub username: Option<Arc<str>>,
    /// Whether the user may sign in.
    pub active: bool,
    /// When the user was added.
    pub created_at: Timestamp,
    /// Grows when the user is disabled: tokens of an earlier epoch are void. A count and not a moment, for two things can
    /// happen in one microsecond.
    pub token_epoch: u32,
    /// When the user was last changed.
    pub updated_at: Timestamp,
    /// What the user is called.
    pub name: Option<PersonName>,
    /// What the application keeps with the user.
    pub custom_data: Option<CustomData>,
}

impl Stored for User {
    const KIND: &'static str = "user";
    const FORMAT: u8 = 2;
}

impl User {
    /// The user as a step or token speaks of it.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject { user_id: self.user_id.clone(), external_user_id: self.external_user_id.clone() }
    }

    /// Every identifier of the user.
    pub(super) fn identifiers(&self) -> impl Iterator<Item = (IdentifierType, &Arc<str>)> {
        [
            (IdentifierType::UserId, Some(&self.user_id)),
            (IdentifierType::ExternalUserId, self.external_user_id.as_ref()),
            (IdentifierType::Email, self.email.as_ref()),
            (IdentifierType::PhoneNumber, self.phone_number.as_ref()),
            (IdentifierType::Username, self.username.as_ref()),
        ]
        .into_iter()
        .filter_map(|(kind, value)| value.map(|value| (kind, value)))
    }

    /// Every identifier that can be taken away again.
    pub(super) fn names(&self) -> impl Iterator<Item = (IdentifierType, &Arc<str>)> {
        self.identifiers().filter(|(kind, _)| *kind != IdentifierType::UserId)
    }

    /// The same without an external id that is the user id besides: both are then one entry of their namespace.
    pub(super) fn own_pointers(&self) -> impl Iterator<Item = (IdentifierType, &Arc<str>)> {
        self.names().filter(|(kind, normal)| *kind != IdentifierType::ExternalUserId || **normal != self.user_id)
    }

    /// The fields that differ.
    pub(super) fn differences(&self, other: &Self) -> Vec<&'static str> {
        [
            ("external_user_id", self.external_user_id != other.external_user_id),
            ("email", self.email != other.email),
            ("phone_number", self.phone_number != other.phone_number),
            ("username", self.username != other.username),
            ("name", self.name != other.name),
            ("custom_data", self.custom_data != other.custom_data),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }

    pub(crate) async fn load(vault: &Vault, tenant: &TenantId, user_id: &str) -> Result<Loaded<Self>, IdentityError> {
        Loaded::read(vault, tenant, id_of::<Self>(vault, tenant, &[user_id])?).await
    }
}

/// Leads from an identifier to the user id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pointer {
    user_id: Arc<str>,
}

impl Stored for Pointer {
    const KIND: &'static str = "user_identifier";
    const FORMAT: u8 = 1;
}

impl Pointer {
    /// To the user of an id.
    pub(super) fn to(user_id: &Arc<str>) -> Self {
        Self { user_id: user_id.clone() }
    }

    /// The key of an identifier in normal form.
    pub(super) fn id(
        vault: &Vault,
        tenant: &TenantId,
        kind: IdentifierType,
        normal: &str,
    ) -> Result<Vec<u8>, IdentityError> {
        id_of::<Self>(vault, tenant, &[kind.namespace(), normal])
    }

    /// The id of the user who has the identifier.
    pub(super) async fn follow(
        vault: &Vault,
        tenant: &TenantId,
        id: Vec<u8>,
    ) -> Result<Option<Arc<str>>, IdentityError> {
        Ok(Loaded::<Self>::read(vault, tenant, id).await?.value.map(|pointer| pointer.user_id))
    }

    /// Puts a pointer for every identifier of a new user.
    pub(super) fn all(
        vault: &Vault,
        tenant: &TenantId,
        user: &User,
    ) -> Result<Vec<(IdentifierType, Write)>, IdentityError> {
        let pointer = Self::to(&user.user_id);
        let mut pointers = Vec::new();
        for (kind, normal) in std::iter::once((IdentifierType::UserId, &user.user_id)).chain(user.own_pointers()) {
            let id = Self::id(vault, tenant, kind, normal)?;
            pointers.push((kind, put(id, wayfarer_step::Expected::Absent, &pointer, None)?));
        }
        Ok(pointers)
    }
}

/// Whose identifier a conflicting key is.
pub(super) fn taken(key: &Key, pointers: &[(IdentifierType, Vec<u8>)]) -> IdentityError {
    let field = pointers.iter().find(|(_, id)| *id == key.id).map_or("user_id", |(kind, _)| kind.as_str());
    IdentityError::Taken { field }
}
