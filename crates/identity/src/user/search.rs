//! A question about users comes in; how many it fits and some of them go out.

use std::str::FromStr;

use wayfarer_store::TenantId;

use super::{IdentifierType, User};
use crate::record::{Stored, decode, kind};
use crate::{Identity, IdentityError};

/// Which users are asked for: `attribute eq|sw|co "text"`, one comparison of a SCIM filter (RFC 7644 section 3.4.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserFilter {
    attribute: IdentifierType,
    operator: Operator,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equals,
    StartsWith,
    Contains,
}

/// Some of the users that a question fits.
#[derive(Clone, Debug)]
pub struct UserList {
    /// How many it fits.
    pub total: usize,
    /// Those that were asked for, in an order of the store's that stays.
    pub users: Vec<User>,
}

/// How many users are read at once, and how many at most for one answer.
const PAGE: usize = 500;
const BUDGET: usize = 100_000;

impl Identity {
    /// The users that a filter fits, at most `limit` beyond the first `offset`.
    ///
    /// # Errors
    /// When there are more than 100,000 users, so that they cannot be counted, and when the store fails.
    pub async fn find_users(
        &self,
        tenant: &TenantId,
        filter: Option<&UserFilter>,
        offset: usize,
        limit: usize,
    ) -> Result<UserList, IdentityError> {
        let (mut total, mut users, mut after) = (0_usize, Vec::new(), None::<Vec<u8>>);
        for _ in 0..BUDGET / PAGE {
            let rows = self.vault().scan(tenant, kind(User::KIND)?, after.as_deref(), PAGE).await?;
            for (_, record) in &rows {
                let user: User = decode(&record.value)?;
                if filter.is_none_or(|filter| filter.fits(&user)) {
                    if total >= offset && users.len() < limit {
                        users.push(user);
                    }
                    total += 1;
                }
            }
            if rows.len() < PAGE {
                return Ok(UserList { total, users });
            }
            after = rows.into_iter().next_back().map(|(id, _)| id);
        }
        Err(IdentityError::invalid("search", format!("cannot be answered where there are more than {BUDGET} users")))
    }
}

impl UserFilter {
    fn fits(&self, user: &User) -> bool {
        user.identifiers().filter(|(kind, _)| *kind == self.attribute).any(|(_, value)| match self.operator {
            Operator::Equals => **value == *self.text,
            Operator::StartsWith => value.starts_with(&self.text),
            Operator::Contains => value.contains(&self.text),
        })
    }
}

impl FromStr for UserFilter {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        let refused = || {
            let known: Vec<_> = IdentifierType::ALL.iter().map(|kind| format!("`{kind}`")).collect();
            let rule =
                format!("must be one of {}, then `eq`, `sw` or `co`, then a text in double quotes", known.join(", "));
            IdentityError::invalid("search", rule)
        };
        let (attribute, rest) = text.trim().split_once(' ').ok_or_else(refused)?;
        let (operator, text) = rest.trim_start().split_once(' ').ok_or_else(refused)?;
        let attribute: IdentifierType = attribute.parse().map_err(|_| refused())?;
        let operator = match operator.to_ascii_lowercase().as_str() {
            "eq" => Operator::Equals,
            "sw" => Operator::StartsWith,
            "co" => Operator::Contains,
            _ => return Err(refused()),
        };
        let text: String = serde_json::from_str(text.trim()).map_err(|_| refused())?;
        if text.is_empty() {
            return Err(refused());
        }
        // As the identifiers are kept.
        let text = match (operator, attribute) {
            (Operator::Equals, kind) => kind.normalise(&text)?,
            (_, IdentifierType::Email) => text.to_lowercase(),
            (_, _) => text,
        };
        Ok(Self { attribute, operator, text })
    }
}
