"""What the facts about an address mean."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import A_DAY, CUTOFF, a_document, a_hit, a_mention, a_source, a_state
from vigie.domain.cutoffs import Interval
from vigie.domain.findings import Search, Sighting, Slot, Standing
from vigie.domain.mentions import Parked
from vigie.domain.why import (
    concerns,
    digest_state,
    judge_address,
    shares_site,
    slot_of,
    tell_mention,
    tell_sighting,
    tell_source,
)

SLOT = Slot(digest_id="20261208T061500Z", interval=A_DAY, send_at=CUTOFF, built=True, recipients=2, sent_to=2)
NEXT = Slot(
    digest_id="20261209T061500Z",
    interval=Interval(CUTOFF, CUTOFF + timedelta(days=1)),
    send_at=CUTOFF + timedelta(days=1),
    built=False,
)


def a_sighting(**fields: Any) -> Sighting:
    """Return a sighting of a document with these fields."""
    return Sighting(document=a_document(**fields), batch_id="0001-x", polled_at=CUTOFF)


@pytest.mark.parametrize(
    ("url", "source_url", "shared"),
    [
        ("https://www.courrier.test/a", "https://courrier.test/rss", True),
        ("https://courrier.test/a", "https://rss.courrier.test/une", True),
        ("https://sport.courrier.test/a", "https://courrier.test/rss", True),
        ("https://sport.courrier.test/a", "https://rss.courrier.test/une", False),
        ("https://lecourrier.test/a", "https://courrier.test/rss", False),
        ("https://courrier.test/a", "https://test/rss", False),
        ("https://courrier.test/a", "http://[", False),
    ],
)
def test_a_source_shares_the_site_of_an_address(url: str, source_url: str, shared: bool) -> None:
    """One host is the other or stands above it; a name that only ends alike, or a whole zone, is another."""
    assert shares_site(url, source_url) == shared


@pytest.mark.parametrize(
    ("fields", "delay_seconds", "late", "said"),
    [
        ({"published_at": CUTOFF - timedelta(hours=1, minutes=17)}, 1_020, False, ", 17 min after its date"),
        ({"published_at": CUTOFF - timedelta(hours=5)}, 14_400, True, ", 4 h 00 after its date: late"),
        ({"published_at": CUTOFF - timedelta(days=9)}, 774_000, True, ", 8 days after its date: late"),
        (
            {"published_at": CUTOFF - timedelta(days=9), "backfill": True},
            774_000,
            False,
            ", 8 days after its date; it stood in the source's first document, or on a page of older ones",
        ),
        ({"published_at": CUTOFF}, -3_600, False, ", 1 h 00 before the date it carries"),
        ({"published_at": None}, None, False, ", without a date of its own"),
    ],
)
def test_late_is_told_by_the_date_the_document_carries(
    fields: dict[str, Any],
    delay_seconds: int | None,
    late: bool,
    said: str,
) -> None:
    """The delay runs from that date; a date to come or none at all is no delay."""
    finding = tell_sighting(a_sighting(**fields), late_after_seconds=3_600)
    assert (finding.delay_seconds, finding.late) == (delay_seconds, late)
    assert finding.says == f"seen at 2026-12-08 05:15Z in Le Courrier d'Armélie{said}"


@pytest.mark.parametrize(
    ("sightings", "standings", "outcome"),
    [
        ([a_sighting()], [], "seen"),
        ([], [Standing(source=a_source(), state=None, health="new")], "not_seen"),
        ([], [], "not_followed"),
    ],
)
def test_the_verdict(sightings: list[Sighting], standings: list[Standing], outcome: str) -> None:
    """Seen wherever it came from; not seen when a source could have brought it; else not followed."""
    search = Search(since=CUTOFF, polls_read=12)
    url = "https://courrier.test/a?utm_source=x"
    finding = judge_address(url, sightings, standings, search)
    assert (finding.outcome, finding.canonical_url) == (outcome, "https://courrier.test/a")


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (
            Standing(source=a_source(), state=a_state(), health="fresh", carried=True),
            "brought it: fresh, polled last at 2026-12-08 06:10Z",
        ),
        (Standing(source=a_source(), state=None, health="new"), "shares its site: new, never polled yet"),
        (
            Standing(
                source=a_source(),
                state=a_state(failing_since=CUTOFF, failure="dns: no such host", next_poll_at=CUTOFF),
                health="failing",
            ),
            (
                "shares its site: failing, polled last at 2026-12-08 06:10Z, failing since 2026-12-08 06:15Z "
                "(dns: no such host), next at 2026-12-08 06:15Z"
            ),
        ),
    ],
)
def test_a_source_says_when_and_how_it_was_polled(standing: Standing, said: str) -> None:
    """The last poll, the failure it is in and the next try, as far as there are any."""
    assert tell_source(standing).says == f"Le Courrier d'Armélie {said}"


@pytest.mark.parametrize(
    ("parked", "concerned"),
    [
        (Parked("match", "doc-1", "r", CUTOFF), True),
        (Parked("match", "other", "r", CUTOFF, {"url": "http://www.courrier.test/a?xtor=1"}), True),
        (Parked("match", "b.0#3", "r", CUTOFF, {"content": '{"document_id":"doc-1","title":3}'}), True),
        (Parked("match", "b.0#3", "r", CUTOFF, {"content": '{"url":"https://courrier.test/a"}'}), True),
        (Parked("match", "b.0#3", "r", CUTOFF, {"content": '{"url":"https://courrier.test/ab"}'}), False),
        (Parked("match", "doc-10", "r", CUTOFF, {"url": 3}), False),
        (Parked("send", "c_20261208T061500Z_0", "r", CUTOFF, {"client_id": "c"}), False),
    ],
)
def test_a_parked_thing_concerns_an_address(parked: Parked, concerned: bool) -> None:
    """By its id, by its address in any spelling, or by what is left of an unreadable one."""
    assert concerns(parked, ["https://courrier.test/a"], ["doc-1"]) == concerned


def test_a_mention_belongs_to_the_digest_whose_interval_it_was_recorded_in() -> None:
    """Intervals are half-open, and before the first of them there is no digest."""
    assert slot_of(CUTOFF - timedelta(seconds=1), [NEXT, SLOT]) == SLOT
    assert slot_of(CUTOFF, [NEXT, SLOT]) == NEXT
    assert slot_of(A_DAY.since - timedelta(seconds=1), [NEXT, SLOT]) is None


@pytest.mark.parametrize(
    ("slot", "state"),
    [
        (None, "none"),
        (NEXT, "to_come"),
        (Slot(digest_id="d", interval=A_DAY, send_at=CUTOFF, built=True, recipients=2), "due"),
        (Slot(digest_id="d", interval=A_DAY, send_at=A_DAY.since, built=True, recipients=2), "unsent"),
        (
            Slot(digest_id="d", interval=A_DAY, send_at=CUTOFF, built=True, recipients=2, sent_to=1),
            "partly_sent",
        ),
        (SLOT, "sent"),
    ],
)
def test_how_far_a_digest_is(slot: Slot | None, state: str) -> None:
    """To come, built and due, sent to all or some, or past its hour without a mail."""
    assert digest_state(slot, CUTOFF - timedelta(minutes=1)) == state


def test_what_a_client_got_is_said_in_one_sentence() -> None:
    """Watches, words, what became of it and why, its part in the story, and its digest."""
    document = a_document(summary="La Banque d'Armélie ferme.")
    mention = a_mention(document, status="held", held_reason="same_address", story="dépêche")
    assert tell_mention(mention, SLOT, CUTOFF).says == (
        "Brand matched through Banque d'Armélie; held back: same_address, reprint of story dépêche; "
        "counted as held back in digest 20261208T061500Z, sent to all 2 recipients"
    )


def test_what_only_a_competitor_s_watch_found_is_counted_there() -> None:
    """Such a mention is kept, but in no story of the digest: the finding says where it went."""
    document = a_document()
    mention = a_mention(document, hits=(a_hit(document, purpose="competitor"),))
    finding = tell_mention(mention, SLOT, CUTOFF)
    assert (finding.outcome, finding.competitor_only) == ("kept", True)
    assert "counted for a competitor only in digest 20261208T061500Z" in finding.says
