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
        if SECRET is None:
            case.query = {**(case.query or {}), "client_id": data}
        else:
            case.headers["Authorization"] = f"Bearer {data}"


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
    named = case.path_parameters or {}
    if named.get("client_id") in KEPT:
        named["client_id"] = "another"
    if case.path.startswith("/admin/v1/journeys"):
        deployed(case, named)
        return
    journey = named.get("journey")
    # Made-up names lead nowhere; most of them stand for a journey that is there.
    if journey and re.fullmatch("[A-Za-z_][A-Za-z0-9_-]{0,63}", journey) and zlib.crc32(journey.encode()) % 4:
        named["journey"] = "asked" if case.path.endswith("/runs") else "counted"
