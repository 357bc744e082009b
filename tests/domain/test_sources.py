"""Sources: what can be polled, their ids and shards, how they do, and what their polls counted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_source, a_state
from vigie.domain.clients import check_slug
from vigie.domain.rhythm import Rhythm
from vigie.domain.sources import Move, Odometer, SourceState, check_source, health, shard_of, source_id_of
from vigie.errors import BadField

NOW = datetime(2026, 12, 8, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "url", ["https://courrier.example/rss", "http://courrier.example:8080/?f=1", "http://[2001:db8::1]/rss"]
)
def test_web_address_can_be_polled(url: str) -> None:
    """A source with a web address and a name comes back as it is."""
    source = a_source(url=url)
    assert source == check_source(source)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "ftp://courrier.example/rss"}, "url"),
        ({"url": "courrier.example/rss"}, "url"),
        ({"url": "https:///rss"}, "url"),
        ({"url": "http://[courrier.example/rss"}, "url"),
        ({"url": "http://courrier.example:http/rss"}, "url"),
        ({"url": "http://courrier.example:99999/rss"}, "url"),
        ({"url": "https://abonne:secret@courrier.example/rss"}, "url"),
        ({"name": "  "}, "name"),
    ],
)
def test_source_that_cannot_be_polled_is_refused(fields: dict[str, str], field: str) -> None:
    """The field that forbids polling is named, whatever the address holds."""
    with pytest.raises(BadField) as refusal:
        check_source(a_source(**fields))
    assert field == refusal.value.field


def test_a_secret_in_an_address_is_not_repeated() -> None:
    """A password pasted with an address does not go on into an answer or a log."""
    with pytest.raises(BadField) as refusal:
        check_source(a_source(url="https://abonne:secret@courrier.example/rss"))
    assert "secret" not in str(refusal.value)


def test_id_is_readable_and_stable() -> None:
    """An id says the host, and its digits the whole address: it must never change."""
    assert source_id_of("https://www.Courrier.example/rss") == "www-courrier-example-c634386ebb"


@given(st.from_regex(r"https?://[a-zéü日.-]{1,80}(:80)?(/[a-z]{0,5})?", fullmatch=True))
def test_every_id_is_a_slug(url: str) -> None:
    """Whatever the host, the id can stand in keys and addresses."""
    source_id = source_id_of(url)
    assert source_id == check_slug("source_id", source_id)


def test_feeds_of_one_host_share_a_shard() -> None:
    """A host has one shard, so that one worker at a time asks it; hosts spread over all shards."""
    assert a_source(url="https://Courrier.example/a").host == a_source(url="http://courrier.example/b").host
    assert shard_of("Courrier.example", 16) == shard_of("courrier.example", 16)
    assert {f"{n:04d}" for n in range(16)} == {shard_of(f"journal{n}.example", 16) for n in range(300)}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, "new"),
        (SourceState(source_id="a"), "new"),
        (a_state("a", polled_at=NOW - timedelta(hours=1)), "fresh"),
        (a_state("a", polled_at=NOW - timedelta(hours=1, seconds=1)), "late"),
        (a_state("a", polled_at=NOW - timedelta(hours=9), next_poll_at=NOW - timedelta(hours=1)), "fresh"),
        (a_state("a", polled_at=NOW - timedelta(hours=9), next_poll_at=NOW - timedelta(hours=2)), "late"),
        (a_state("a", polled_at=NOW, rhythm=Rhythm(per_day=3, news_at=NOW - timedelta(days=3))), "silent"),
        (a_state("a", polled_at=NOW, rhythm=Rhythm(per_day=2, news_at=NOW - timedelta(days=3))), "fresh"),
        (a_state("a", polled_at=NOW, rhythm=Rhythm(per_day=90, news_at=NOW - timedelta(days=2))), "fresh"),
        (a_state("a", polled_at=NOW, move=Move(url="https://b.example", since=NOW), slow=True), "moved"),
        (a_state("a", polled_at=NOW, slow=True), "slow"),
        (a_state("a", polled_at=NOW, failures=1), "failing"),
        (a_state("a", polled_at=NOW, gap_at=NOW - timedelta(hours=23)), "gap"),
        (a_state("a", polled_at=NOW, gap_at=NOW - timedelta(hours=24)), "fresh"),
        (a_state("a", polled_at=NOW - timedelta(days=9), failures=1), "failing"),
        (a_state("a", polled_at=NOW, failures=3, gone=True), "gone"),
    ],
)
def test_health_of_a_source(state: SourceState | None, expected: str) -> None:
    """A source is new, gone, failing, late, silent, had a gap, moved, slow or fresh: the worst that holds."""
    assert expected == health(state, NOW, late_after_seconds=3600)


COUNTS = st.integers(0, 10_000)
READINGS = st.builds(
    Odometer,
    polled=COUNTS,
    fetched=COUNTS,
    failed=st.dictionaries(st.sampled_from(["timeout", "dns", "gone"]), st.integers(1, 99)),
)


@given(READINGS, READINGS)
def test_subtracting_a_reading_undoes_adding_it(earlier: Odometer, since: Odometer) -> None:
    """Two readings subtracted give what was counted between them, reasons that did not move left out."""
    assert since == earlier.plus(since).minus(earlier)


@given(READINGS, READINGS, READINGS)
def test_shards_add_up_in_any_order(a: Odometer, b: Odometer, c: Odometer) -> None:
    """The stack's reading is the sum of its shards', whatever their order; nothing read is zero."""
    assert a.plus(b).plus(c) == c.plus(a.plus(b))
    assert a == a.plus(Odometer()) == Odometer().plus(a)
