"""What schemathesis cannot know by itself: how a client shows who it is, which clients it must leave alone, what a journey is."""

import os
import re
import zlib

import requests
import schemathesis

TOKENS = os.environ["WAYFARER_TOKENS"]
CLIENT = os.environ["WAYFARER_CLIENT"]
SECRET = os.environ.get("WAYFARER_SECRET")
PAGES = os.environ["WAYFARER_PAGES"]

# Tokens that may read codes live for ten minutes.
FRESH = 300

# Identifiers of somebody, in the words of the interfaces.
KINDS = ("user_id", "external_user_id", "email", "phone_number", "username")
SOMEBODY = "user123"

# Whoever disables the clients that the test itself uses has tested everything that comes after.
KEPT = {CLIENT, PAGES}


@schemathesis.auth(refresh_interval=FRESH)
class Shown:
    """A client that keeps a secret shows a token; pages only say whose they are."""

    def get(self, case, context):
        if SECRET is None:
            return PAGES
        form = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET}
        answer = requests.post(TOKENS, data=form, timeout=10)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def set(self, case, data, context):
        if case.path.endswith("/oidc/token"):
            return
        if SECRET is None:
            case.query = {**(case.query or {}), "client_id": data}
        else:
            case.headers["Authorization"] = f"Bearer {data}"


def mostly(text):
    """Whether a made-up text gives way to one that is there, as most do: by itself it leads nowhere."""
    return isinstance(text, str) and 0 < len(text) <= 254 and zlib.crc32(text.encode(errors="replace")) % 4


def deployed(case, named):
    """Made-up texts are no journeys: most of them stand for one that is, and that nobody else runs."""
    body = case.body if isinstance(case.body, dict) else {}
    chance = zlib.crc32(repr(body).encode())
    if named.get("journey") and re.fullmatch("[A-Za-z_][A-Za-z0-9_-]{0,63}", named["journey"]) and chance % 4:
        named["journey"] = "made0"
    if type(body.get("version")) is int and 0 <= body["version"] < 2**32 and chance % 4:
        body["version"] = 1 + chance % 3
    files = body.get("files")
    if not isinstance(files, list) or chance % 4 == 0:
        return
    for index, file in enumerate(files):
        if isinstance(file, dict) and isinstance(file.get("text"), str):
            says = (chance + index) % 8
            end = f"{{ type: complete_journey, with: {{ data: {{ says: {says} }} }} }}"
            file["text"] = f"journey: made{index}\nsteps: {{ end: {end} }}\n"


@schemathesis.hook
def before_call(context, case, kwargs):
    named, body = case.path_parameters or {}, case.body if isinstance(case.body, dict) else {}
    if named.get("client_id") in KEPT:
        named["client_id"] = "another"
    if case.path.startswith("/admin/v1/journeys"):
        deployed(case, named)
        return
    journey = named.get("journey")
    if journey and re.fullmatch("[A-Za-z_][A-Za-z0-9_-]{0,63}", journey) and mostly(journey):
        named["journey"] = "asked" if case.path.endswith("/runs") else "counted"
    if case.path == "/cis/v1/users/{user_id}" and case.method == "GET" and mostly(named.get("user_id")):
        named["user_id"] = SOMEBODY
    if body.get("identifier_type") in KINDS and mostly(body.get("identifier")):
        body["identifier_type"], body["identifier"] = "external_user_id", SOMEBODY
    if case.path.startswith("/ido/api/v2/") and mostly((case.query or {}).get("clientId")):
        case.query["clientId"] = PAGES
    data = body.get("data") if isinstance(body.get("data"), dict) else {}
    if case.path.endswith("/anonymous_invoke") and mostly(data.get("policy_request_id")):
        data["policy_request_id"] = "asked"
    # In a form all is text, and nothing is the same as not being there.
    form = all(isinstance(value, str) and value for value in body.values())
    if case.path.endswith("/oidc/token") and SECRET and form and mostly(body.get("client_id")) and "client_secret" in body:
        body["client_id"], body["client_secret"] = CLIENT, SECRET
