//! A document comes in; it is told what an answer of one call gives to the next.

use utoipa::openapi::link::Link;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi, RefOr};

use super::common::operations;

/// What an answer holds for other calls.
struct Gives {
    /// The call that answers, and the status of the answer.
    from: &'static str,
    status: &'static str,
    /// The parameter, and where the answer holds it.
    parameter: &'static str,
    value: &'static str,
    /// The calls that take it.
    to: &'static [&'static str],
}

const LINKS: [Gives; 8] = [
    Gives {
        from: "addUser",
        status: "201",
        parameter: "user_id",
        value: "$response.body#/user_id",
        to: &[
            "getUser",
            "updateUser",
            "deleteUser",
            "disableUser",
            "enableUser",
            "getCodes",
            "issueCode",
            "revokeCode",
            "unlockCodes",
            "enableCodes",
        ],
    },
    Gives {
        from: "addClient",
        status: "201",
        parameter: "client_id",
        value: "$response.body#/client/client_id",
        to: &["getClient", "rotateClient", "disableClient", "enableClient"],
    },
    Gives {
        from: "listJourneys",
        status: "200",
        parameter: "journey",
        value: "$response.body#/journeys/0/journey",
        to: &["getJourney", "makeLive", "tryVersion", "rollBack"],
    },
    Gives {
        from: "listKeys",
        status: "200",
        parameter: "key",
        value: "$response.body#/keys/0/key",
        to: &["retireKey"],
    },
    Gives {
        from: "listRuns",
        status: "200",
        parameter: "run_id",
        value: "$response.body#/runs/0/run_id",
        to: &["getRun", "endRun"],
    },
    Gives {
        from: "startRun",
        status: "200",
        parameter: "header.Wayfarer-Handle",
        value: "$response.body#/handle",
        to: &["submitRun", "currentRun", "cancelRun"],
    },
    Gives {
        from: "submitRun",
        status: "200",
        parameter: "header.Wayfarer-Handle",
        value: "$response.body#/handle",
        to: &["submitRun", "currentRun", "cancelRun"],
    },
    Gives {
        from: "currentRun",
        status: "200",
        parameter: "header.Wayfarer-Handle",
        value: "$response.body#/handle",
        to: &["submitRun"],
    },
];

/// Links the calls that the document knows.
pub(super) fn link(document: &mut OpenApi) {
    let all = || LINKS.iter().flat_map(|gives| gives.to);
    let mut known = Vec::new();
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        known.extend(all().filter(|id| Some(**id) == operation.operation_id.as_deref()));
    }
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        let id = operation.operation_id.clone().unwrap_or_default();
        for gives in LINKS.iter().filter(|gives| gives.from == id) {
            give(operation, gives, &known);
        }
    }
}

fn give(operation: &mut Operation, gives: &Gives, known: &[&&str]) {
    let Some(RefOr::T(response)) = operation.responses.responses.get_mut(gives.status) else { return };
    for id in gives.to.iter().filter(|id| known.contains(id)) {
        let link = Link::builder().operation_id(*id).parameter(gives.parameter, gives.value).build();
        response.links.insert((*id).to_owned(), RefOr::T(link));
    }
}
