//! A place comes in; the desk goes out at which its operator works: the store, or the running server that holds it. What is asked
//! there and what comes back is the same at both.

mod audit;
mod clients;
mod codes;
mod journeys;
mod keys;
mod remote;
mod users;

use anyhow::Result;

pub(crate) use self::audit::Verdict;
pub(crate) use self::clients::{Client, Given};
pub(crate) use self::codes::{Issued, Step};
pub(crate) use self::journeys::{Journey, Version, Wish};
pub(crate) use self::keys::{Key, NewKey};
use self::remote::Remote;
use crate::args::Place;
use crate::compose::{Further, Host};
use crate::failure;

/// Where administration is done.
pub(crate) enum Desk {
    /// On the store, which nobody else holds.
    Store(Box<Host>),
    /// By the server that holds it, over its socket or its listener for operators.
    Server(Remote),
}

impl Desk {
    /// The desk of a store that is there.
    pub(crate) async fn open(place: &Place) -> Result<Self> {
        Self::open_with(place, &[]).await
    }

    /// The same, with the steps of the program that called us.
    pub(crate) async fn open_with(place: &Place, further: &Further) -> Result<Self> {
        match &place.server {
            Some(server) => Self::at(server, place).await,
            None => Self::of(Host::open(place, further).await, place).await,
        }
    }

    /// The desk of a store, which is made if there is none.
    pub(crate) async fn open_or_make(place: &Place) -> Result<Self> {
        Self::open_or_make_with(place, &[]).await
    }

    /// The same, with the steps of the program that called us.
    pub(crate) async fn open_or_make_with(place: &Place, further: &Further) -> Result<Self> {
        match &place.server {
            Some(server) => Self::at(server, place).await,
            None => Self::of(Host::open_or_make(place, further).await, place).await,
        }
    }

    /// The desk of the server at an address, wherever its store is.
    async fn at(server: &str, place: &Place) -> Result<Self> {
        Ok(Self::Server(Remote::at(server, place).await?))
    }

    /// Who holds the store and does not answer on the socket is no server, and the first error stands.
    async fn of(opened: Result<Host>, place: &Place) -> Result<Self> {
        match opened {
            Ok(host) => Ok(Self::Store(Box::new(host))),
            Err(error) if failure::code(&error) == "store_held" => match Remote::find(place).await? {
                Some(remote) => Ok(Self::Server(remote)),
                None => Err(error),
            },
            Err(error) => Err(error),
        }
    }
}
