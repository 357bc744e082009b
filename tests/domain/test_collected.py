"""What a collector hands on, and what a stack makes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_document
from vigie.domain.collected import (
    QUIET_AFTER,
    EntryKeys,
    HandedDocument,
    Heard,
    after_collector,
    doubtful_keys,
    take_in,
)
from vigie.domain.sources import SourceState, SourceWindow, health

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
HEARD = Heard(at=NOW, since=NOW - timedelta(days=3), source_ids=frozenset({"a"}), shard_count=16)


def handed(number: int) -> HandedDocument:
    """Return a document with a guid, a link and a title of its own."""
    keys = EntryKeys(
        document_id=f"g{number}",
        identity=(f"g{number}", f"l{number}"),
        remembered=(f"g{number}", f"l{number}", f"t{number}"),
    )
    return HandedDocument(document=a_document(f"Titre {number}", document_id=f"g{number}"), keys=keys)


def ids(*numbers: int) -> list[str]:
    """Return the ids of these documents."""
    return [f"g{number}" for number in numbers]


def test_what_is_known_by_any_key_is_not_taken_in() -> None:
    """By guid or link in the window, or by a key that retired from it; a likeness alone makes nothing known."""
    window = SourceWindow("a", ("l1", "t2"))
    taken = take_in([handed(n) for n in range(4)], window, retired=("g3",))
    assert [document.document_id for document in taken.documents] == ids(0, 2)
    assert {"g0", "l0", "t0", "g2", "l1"} <= set(taken.window.keys)


def test_only_what_the_window_does_not_know_is_doubtful() -> None:
    """So that a known document costs no reading."""
    assert doubtful_keys([handed(0), handed(1)], SourceWindow("a", ("l1",))) == {"g0", "l0"}


@given(st.lists(st.lists(st.integers(0, 12), max_size=6), max_size=8))
def test_however_it_is_handed_on_each_document_is_taken_in_once(batches: list[list[int]]) -> None:
    """Twice in a batch, in two batches, in any order: once each, the first time."""
    window, taken = SourceWindow("a"), list[str]()
    for batch in batches:
        result = take_in([handed(number) for number in batch], window)
        taken += [document.document_id for document in result.documents]
        window = result.window
    flat = [number for batch in batches for number in batch]
    assert taken == ids(*dict.fromkeys(flat))


@pytest.mark.parametrize(
    ("source_id", "after", "covered"),
    [
        ("a", timedelta(0), True),
        ("a", QUIET_AFTER - timedelta(seconds=1), True),
        ("a", QUIET_AFTER, False),
        ("b", timedelta(0), False),
    ],
)
def test_a_collector_covers_what_it_named_while_it_is_heard(
    source_id: str, after: timedelta, covered: bool
) -> None:
    """Half an hour of silence, and nothing is left to it."""
    assert HEARD.covers(source_id, NOW + after) is covered
    assert HEARD.is_quiet(NOW + after) is (after >= QUIET_AFTER)


def test_a_source_the_collector_reads_is_well_until_that_falls_silent() -> None:
    """What failed while we asked it ourselves is forgotten; it is due when the collector would be given up."""
    failing = SourceState(
        source_id="a", polled_at=NOW, failures=3, failing_since=NOW, failure="dns: x", etag='"1"'
    )
    state = after_collector(failing, HEARD)
    assert health(state, NOW + timedelta(minutes=20), 3_600) == "fresh"
    assert state.next_poll_at == NOW + QUIET_AFTER
    assert state.etag is None  # our validators speak of what we read, not of what the collector did
    assert health(state, NOW + timedelta(hours=2), 3_600) == "late"
    assert replace(state, rhythm=failing.rhythm) == state
