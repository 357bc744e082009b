"""Back-tests and backfills through the real handlers, on the emulated cloud."""

from datetime import timedelta

import pytest

from tests.builders import a_client
from tests.functions.conftest import Stack
from tests.functions.test_api import Ask, ask  # noqa: F401 - a fixture
from tests.functions.test_compact import archive_a_poll
from vigie import wiring
from vigie.domain.cutoffs import Interval

pytestmark = pytest.mark.emulator

CLIENT = "banque-armelie"


def enrol(client_id: str = CLIENT) -> str:
    """Take a client on; return its key."""
    wiring.accounts().put_client(a_client(client_id=client_id))
    return wiring.desk().issue_key(client_id)


def test_a_back_test_is_asked_done_and_read(stack: Stack, ask: Ask) -> None:  # noqa: F811
    """202 with where to look; queued until the worker has run; then the result, for its client alone."""
    archive_a_poll()
    key = enrol()
    asked = ask("POST", "/clients/{client_id}/backtests", key, {"query": "guichets"}, client_id=CLIENT)
    assert (asked.status, asked.json["state"]) == (202, "queued")
    job_id = asked.json["job_id"]
    assert asked.headers["Location"].endswith(f"/clients/{CLIENT}/backtests/{job_id}")

    event = stack.sample("backtest", "back_test")
    event["backtest"] = {"client_id": CLIENT, "job_id": job_id}
    assert stack.call("backtest", event)["state"] == "done"

    route = "/clients/{client_id}/backtests/{job_id}"
    done = ask("GET", route, key, client_id=CLIENT, job_id=job_id)
    assert (done.json["state"], done.json["result"]["mentions"]) == ("done", 1)
    other = enrol("union")
    assert ask("GET", route, other, client_id=CLIENT, job_id=job_id).status == 404
    assert ask("GET", route, other, client_id="union", job_id=job_id).status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": "(banque"}, "query"),
        ({"query": "banque", "days": 31}, "days"),
        ({"query": "banque", "monthly_mentions": 0}, "monthly_mentions"),
        ({}, "query"),
    ],
)
def test_a_back_test_that_cannot_be_is_refused(ask: Ask, body: dict[str, object], field: str) -> None:  # noqa: F811
    """The field is named, with what it takes."""
    reply = ask("POST", "/clients/{client_id}/backtests", enrol(), body, client_id=CLIENT)

    assert (reply.status, reply.json["field"]) == (422, field)
    assert reply.json["remedy"]


def test_a_watch_added_finds_what_was_there(stack: Stack, ask: Ask) -> None:  # noqa: F811
    """A watch's past is looked up by the worker, and goes through deduplicate and classify as history."""
    archive_a_poll()
    watch = {"name": "Marque", "purpose": "brand", "query": "guichets"}
    made = ask("POST", "/clients/{client_id}/watches", enrol(), watch, client_id=CLIENT)
    assert made.status == 201

    event = stack.sample("backtest", "backfill")
    event["backfill"] = {"client_id": CLIENT, "watch_id": "marque"}

    assert stack.call("backtest", event)["mentions"] == 1
    assert stack.call("backtest", event)["mentions"] == 1
    now = wiring.now()
    assert not wiring.desk().mentions.recorded_in(CLIENT, Interval(now - timedelta(days=1), now))
