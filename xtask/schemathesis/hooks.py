"""What schemathesis cannot know by itself: how a client shows who it is, and which clients it must leave alone."""

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


@schemathesis.hook
def before_call(context, case, kwargs):
    named = case.path_parameters or {}
    if named.get("client_id") in KEPT:
        named["client_id"] = "another"
    journey = named.get("journey")
    # Made-up names lead nowhere; most of them stand for a journey that is there.
    if journey and re.fullmatch("[A-Za-z_][A-Za-z0-9_-]{0,63}", journey) and zlib.crc32(journey.encode()) % 4:
        named["journey"] = "asked" if case.path.endswith("/runs") else "counted"
