"""Contract of EndpointStore."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import CUTOFF
from tests.contracts.together import at_once
from vigie.domain.notices import Attempt, Endpoint

ENDPOINT = Endpoint(
    client_id="banque-armelie",
    endpoint_id="e1",
    url="https://intranet.example/vigie",
    events=("mention.recorded", "digest.ready"),
    created_at=CUTOFF,
    secret_version=2,
    rotated_at=CUTOFF,
    failures=3,
    failing_since=CUTOFF,
    trouble="it answered 500",
    next_try_at=CUTOFF + timedelta(minutes=2),
    held_until=CUTOFF + timedelta(seconds=30),
    disabled_at=CUTOFF,
)
ATTEMPT = Attempt(
    event_id="evt_1",
    event="mention.recorded",
    happened_at=CUTOFF,
    tried_at=CUTOFF + timedelta(seconds=4),
    tries=2,
    outcome="failed",
    status=500,
    trouble="it answered 500",
)


def test_endpoints_come_back_whole_by_id_and_by_client(stores: Any) -> None:
    """Every field is read back; another client's are not there."""
    other = replace(ENDPOINT, endpoint_id="e0")
    for endpoint in (ENDPOINT, other):
        stores.endpoints.change("banque-armelie", endpoint.endpoint_id, lambda _, new=endpoint: new)
    assert stores.endpoints.endpoints("banque-armelie") == [other, ENDPOINT]
    assert stores.endpoints.endpoint("banque-armelie", "e1") == ENDPOINT
    assert stores.endpoints.endpoint("union", "e1") is None
    assert stores.endpoints.endpoints("union") == []


def test_a_change_sees_what_is_there_and_none_removes(stores: Any) -> None:
    """Nothing is nothing."""
    change = stores.endpoints.change
    assert change("c", "e1", lambda found: found) is None
    assert change("c", "e1", lambda _: ENDPOINT) == ENDPOINT
    assert change("c", "e1", lambda found: found) == ENDPOINT
    assert change("c", "e1", lambda _: None) is None
    assert stores.endpoints.endpoint("c", "e1") is None


def test_changes_at_once_are_all_made(stores: Any) -> None:
    """Six failures counted at once are six."""
    stores.endpoints.change("c", "e1", lambda _: replace(ENDPOINT, failures=0))
    at_once(
        6,
        lambda _: stores.endpoints.change(
            "c", "e1", lambda found: replace(found, failures=found.failures + 1)
        ),
    )
    assert stores.endpoints.endpoint("c", "e1").failures == 6


def test_what_became_of_events_is_told_the_latest_first(stores: Any) -> None:
    """One line an event: its last try."""
    later = replace(ATTEMPT, event_id="evt_0", happened_at=CUTOFF + timedelta(seconds=1))
    for attempt in (ATTEMPT, later, replace(ATTEMPT, tries=3, outcome="delivered", status=200, trouble="")):
        stores.endpoints.note("c", "e1", attempt)
    first, second = stores.endpoints.attempts("c", "e1", 10)
    assert (first, second.event_id, second.outcome) == (later, "evt_1", "delivered")
    assert stores.endpoints.attempts("c", "e1", 1) == [later]
    assert stores.endpoints.attempts("c", "e10", 10) == []
