"""Compaction: settled hours become segments, once, whatever happens in between."""

import gzip
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import CUTOFF, a_document
from tests.fakes import FakeBlobs, FakeClock
from tests.journal import Crash, Journal
from vigie.domain.documents import Document
from vigie.messages import encode
from vigie.steps.compact import Compact
from vigie.steps.segments import PREFIX, Archived

HOUR = CUTOFF.replace(minute=0) - timedelta(hours=1)  # 05:00


def archive(blobs: FakeBlobs, *documents: Document, minute: int = 10, shard: str = "0001") -> str:
    """Keep a poll of the hour, as ``poll`` does; return its key."""
    at = HOUR + timedelta(minutes=minute)
    key = f"archive/{at:%Y/%m/%d/%H}/{shard}-{at:%Y%m%dT%H%M%S%f}.json.gz"
    blobs.objects[key] = gzip.compress(encode({"batch_id": "b", "documents": documents}))
    return key


def segments(blobs: FakeBlobs) -> list[str]:
    """Return the keys of indexes."""
    return [key for key in blobs.keys(PREFIX) if key.endswith(".index")]


def titles(blobs: FakeBlobs, key: str) -> list[str]:
    """Return the titles of the documents of a segment."""
    archived = Archived(blobs.objects[key], None, blobs)
    return [archived.documents.document(number).title for number in range(len(archived.segment))]


def compact(blobs: FakeBlobs, **fields: Any) -> Compact:
    """Return the step, at 06:20."""
    return Compact(blobs=blobs, clock=FakeClock(HOUR + timedelta(minutes=80)), **fields)


def test_an_hour_of_polls_becomes_a_segment() -> None:
    """Documents come in the order of polls, each once, whichever polls brought it."""
    blobs = FakeBlobs()
    archive(blobs, a_document("Trois"), a_document("Un"), minute=30)
    archive(blobs, a_document("Un"), a_document("Deux"), minute=10, shard="0009")

    report = compact(blobs).run()

    (key,) = segments(blobs)
    assert key == "archive/segments/2026/12/08/05/000.index"
    assert titles(blobs, key) == ["Un", "Deux", "Trois"]
    assert (report.hours, report.parts, report.documents) == (1, 1, 3)


def test_an_hour_that_may_still_change_is_left_alone() -> None:
    """Until a quarter of an hour after its end a poll of the hour may still come."""
    blobs = FakeBlobs()
    archive(blobs, a_document("Un"))

    early = Compact(blobs=blobs, clock=FakeClock(HOUR + timedelta(minutes=74)))

    assert early.run().hours == 0
    assert not segments(blobs)


def test_compacting_again_writes_nothing() -> None:
    """An hour that is made is not made again."""
    blobs = FakeBlobs()
    archive(blobs, a_document("Un"))
    compact(blobs).run()

    assert compact(blobs).run().hours == 0


def test_a_late_poll_is_taken_in() -> None:
    """An hour made without a poll that came after all is made anew."""
    blobs = FakeBlobs()
    archive(blobs, a_document("Un"))
    compact(blobs).run()
    archive(blobs, a_document("Deux"), minute=59)

    assert compact(blobs).run().hours == 1
    assert titles(blobs, segments(blobs)[0]) == ["Un", "Deux"]


def test_the_same_polls_make_the_same_bytes() -> None:
    """Two workers at once do no harm."""
    one, other = FakeBlobs(), FakeBlobs()
    for blobs in (one, other):
        archive(blobs, a_document("Un", body="La banque ferme trois guichets."), a_document("Deux"))
        compact(blobs).run()

    assert one.objects == other.objects


@pytest.mark.parametrize("writes", [0, 1])
def test_a_worker_that_dies_leaves_the_hour_to_the_next(writes: int) -> None:
    """The first index is written last, and says that the hour is whole."""
    journal = Journal()
    blobs = FakeBlobs(journal)
    archive(blobs, a_document("Un"))
    journal.interrupt(before=writes + 1)
    with pytest.raises(Crash):
        compact(blobs).run()
    assert not segments(blobs)

    compact(blobs).run()

    assert titles(blobs, segments(blobs)[0]) == ["Un"]


def test_what_cannot_be_read_is_said_and_spoils_nothing() -> None:
    """A broken poll, and a broken document, are named; the others are there."""
    blobs = FakeBlobs()
    broken = archive(blobs, minute=5)
    blobs.objects[broken] = b"no gzip"
    half = archive(blobs, a_document("Un"), minute=6)
    blobs.objects[half] = gzip.compress(encode({"documents": [{"title": "?"}, a_document("Un")]}))

    report = compact(blobs).run()

    assert report.unreadable == [broken, f"{half}#0"]
    assert titles(blobs, segments(blobs)[0]) == ["Un"]


def test_hours_are_left_when_time_runs_out() -> None:
    """What is left is counted, and made by the next run."""
    blobs = FakeBlobs()
    archive(blobs, a_document("Un"))

    assert compact(blobs).run(hurry=lambda: True).left == 1
    assert compact(blobs).run().hours == 1
