"""Backfill: what a new watch finds in the archive becomes history, once, and is no news."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import a_client, a_watch
from tests.fakes import World
from tests.journal import Crash
from tests.pipeline.spine import Spine, Web
from tests.steps.test_backtest import NOW, WEEK, archived, seen
from vigie.domain.cutoffs import Interval
from vigie.domain.documents import Document
from vigie.domain.mentions import Mention
from vigie.errors import Transient
from vigie.messages import DocumentsFetched, DocumentsMatched, raw
from vigie.steps.backfill import Backfill

CLIENT = "banque-armelie"


class Place:
    """A pipeline with an archive of a week and a watch."""

    def __init__(self, *documents: Document) -> None:
        self.world = World()
        self.world.clock.advance(int((NOW - self.world.clock()).total_seconds()))
        self.world.blobs.objects |= archived(*(documents or WEEK)).objects
        self.spine = Spine(self.world, Web())
        client = a_client()
        self.world.accounts.put_client(client)
        self.spine.appointments.keep(client)
        self.watch()

    def watch(self, query: str = "guichets", **fields: Any) -> None:
        """Save the watch."""
        self.world.accounts.put_watch(a_watch(query=query, **fields))

    def backfill(self, **fields: Any) -> Backfill:
        """Return the step."""
        world = self.world
        defaults: dict[str, Any] = {"budget_seconds": 60, "stopwatch": lambda: 0.0}
        return Backfill(
            accounts=world.accounts,
            blobs=world.blobs,
            outbox=world.outbox,
            clock=world.clock,
            **{**defaults, **fields},
        )

    def run(self, **fields: Any) -> int:
        """Backfill the watch and let every message run to its end; return how many it queued."""
        found = self.backfill(**fields).run(CLIENT, "brand").mentions
        self.spine.drain()
        return found

    def mentions(self) -> list[Mention]:
        """Return the client's mentions."""
        now = self.world.clock()
        return self.world.mentions.recorded_in(
            CLIENT, Interval(now - timedelta(days=2), now + timedelta(days=2))
        )


def test_what_is_found_becomes_history() -> None:
    """Documents of the archive become mentions that are marked, with evidence, story and labels."""
    place = Place()

    assert place.run() == 2

    found = place.mentions()
    assert {m.document.title for m in found} == {
        "Trois guichets ferment",
        "Banque d'Armélie : trois guichets ferment",
    }
    assert all(m.backfilled and m.status == "kept" and m.hits[0].evidence for m in found)
    assert found[0].story.story_id == found[1].story.story_id


def test_history_is_no_news() -> None:
    """A digest counts backfilled mentions in a line of its own, shows none, and its sums hold."""
    place = Place()
    place.run()
    place.world.clock.advance(3600)

    (digest,) = place.spine.digest.run_on_demand(place.world.clock(), [CLIENT])

    assert (digest.totals.retained, digest.ledger.retained, digest.ledger.backfilled) == (0, 0, 2)
    assert digest.check() == []
    assert digest.ledger.check() == []


@pytest.mark.parametrize("again", ["job", "watch", "query"])
def test_doing_it_again_records_nothing_new(again: str) -> None:
    """A job that comes twice, a watch removed and added, one changed: no document is mentioned twice."""
    place = Place()
    place.run()
    before = place.mentions()
    if again == "watch":
        place.world.accounts.remove_watch(CLIENT, "brand")
        place.watch(created_at=NOW)
    if again == "query":
        place.watch("trois guichets")

    place.run()

    assert place.mentions() == before


def test_a_document_in_the_news_stays_news() -> None:
    """What was matched when it came is not marked, nor told again."""
    place = Place()
    batch = DocumentsFetched(batch_id="b.0", polled_at=NOW, documents=raw(WEEK[:1]))
    place.world.outbox.send([batch])
    place.spine.drain()

    place.run()

    assert {m.document.title: m.backfilled for m in place.mentions()} == {
        "Banque d'Armélie : trois guichets ferment": False,
        "Trois guichets ferment": True,
    }
    assert all(m.status == "kept" for m in place.mentions())


def test_it_comes_behind_the_news() -> None:
    """Messages wait, so that a document matched meanwhile is news first."""
    place = Place()
    place.backfill().run(CLIENT, "brand")

    assert {delay for _, delay in place.world.outbox.sent} == {300}


def test_it_is_bounded_newest_first() -> None:
    """No more than so many mentions, of the newest documents."""
    place = Place()

    assert place.run(mentions_limit=1) == 1
    assert [m.document.title for m in place.mentions()] == ["Trois guichets ferment"]


def test_time_that_runs_out_is_taken_up_again() -> None:
    """The next try goes on where the last one stopped."""
    place = Place()
    ticks = iter([0.0, 0.0, 0.0, 0.0, 9.0])  # the third hour, the second with a match, is too late
    place.watch("guichets OR recrute")
    with pytest.raises(Transient, match="goes on"):
        place.run(budget_seconds=5, stopwatch=lambda: next(ticks))
    sent = len(place.world.outbox.take(DocumentsMatched))

    assert sent == 2
    assert place.run() == 3
    assert len(place.mentions()) == 1


@pytest.mark.parametrize("write", range(1, 6))
def test_a_worker_may_die_after_any_write(write: int) -> None:
    """Whatever it had done, the next try ends with the same mentions."""
    place = Place()
    place.world.journal.interrupt(after=write)
    try:
        place.backfill().run(CLIENT, "brand")
    except Crash:
        place.backfill().run(CLIENT, "brand")
    place.spine.drain()

    assert len(place.mentions()) == 2
    assert all(m.status == "kept" for m in place.mentions())


def test_a_watch_removed_meanwhile_finds_nothing() -> None:
    """Its past is not looked up."""
    place = Place()
    place.world.accounts.remove_watch(CLIENT, "brand")

    assert place.backfill().run(CLIENT, "brand").gone
    assert not place.world.outbox.sent


def test_what_may_not_be_kept_is_left() -> None:
    """A document past its platform's time does not come back."""
    place = Place(seen("Trois guichets", timedelta(days=3), retain_until=NOW - timedelta(hours=1)))

    assert place.run() == 0
