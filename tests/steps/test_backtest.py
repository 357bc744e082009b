"""Back-tests: what a query would have brought, read in segments, or in polls where there is none yet."""

import gzip
from datetime import timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.builders import CUTOFF, a_document
from tests.fakes import FakeBlobs, FakeClock
from vigie.domain.backtest import BackTest
from vigie.domain.documents import Document
from vigie.errors import BadField, BadQuery
from vigie.messages import encode
from vigie.steps.backtest import BackTests, Question
from vigie.steps.compact import Compact
from vigie.steps.segments import PREFIX

NOW = CUTOFF.replace(hour=12, minute=0)
PARIS = ZoneInfo("Europe/Paris")
DISPATCH = (
    "La Banque d'Armélie ferme trois guichets dans le Vaurel, et les élus demandent à être reçus en mars."
)


def archived(*documents: Document) -> FakeBlobs:
    """Return a bucket with each document polled when it was seen."""
    blobs = FakeBlobs()
    for number, document in enumerate(documents):
        at = document.seen_at
        key = f"archive/{at:%Y/%m/%d/%H}/{number:04d}-{at:%Y%m%dT%H%M%S%f}.json.gz"
        blobs.objects[key] = gzip.compress(encode({"batch_id": key, "documents": [document]}))
    return blobs


def seen(title: str, ago: timedelta, **fields: Any) -> Document:
    """Return a document that came out and was seen so long ago."""
    at = NOW - ago
    return a_document(title, **{"published_at": at, "seen_at": at, "source_id": title, **fields})


def asked(blobs: FakeBlobs, query: str, days: int = 30, **fields: Any) -> BackTest:
    """Return the answer."""
    step = BackTests(blobs=blobs, clock=FakeClock(NOW), budget_seconds=60, stopwatch=lambda: 0.0)
    return step.run(Question(query=query, days=days, zone=PARIS, **fields))


def per_day(result: BackTest) -> dict[str, tuple[int, int]]:
    """Return mentions and stories of the days that had some."""
    return {f"{each.day:%d/%m}": (each.mentions, each.stories) for each in result.per_day if each.mentions}


WEEK = [
    seen("Banque d'Armélie : trois guichets ferment", timedelta(days=6), body=DISPATCH),
    seen("Trois guichets ferment", timedelta(days=5), body=DISPATCH),
    seen("La Banque d'Armélie recrute", timedelta(days=2), body="Cent postes sont ouverts à Vaurel."),
    seen("Le temps qu'il fera", timedelta(days=1), body="Du soleil sur la banque de sable."),
]


@pytest.mark.parametrize("compacted", [True, False])
def test_mentions_and_stories_are_counted_by_day(compacted: bool) -> None:
    """Whether its hours were compacted or not, the archive answers the same."""
    blobs = archived(*WEEK)
    if compacted:
        Compact(blobs=blobs, clock=FakeClock(NOW)).run(days=30)

    result = asked(blobs, '"banque d\'armelie"')

    assert (result.documents, result.mentions, result.stories) == (4, 3, 2)
    assert per_day(result) == {"02/12": (1, 1), "03/12": (1, 0), "06/12": (1, 1)}
    assert len(result.per_day) == 31
    assert result.complete
    assert not result.unreadable


def test_the_window_ends_where_it_should() -> None:
    """Only what came out in the last days counts."""
    assert asked(archived(*WEEK), "guichets", days=5).mentions == 1


def test_the_noisiest_term_is_named() -> None:
    """The term without which most would go comes first, with what would be left."""
    result = asked(archived(*WEEK), '(banque OR recrute OR "trois guichets") NOT pluie')

    assert result.noisiest is not None
    assert (result.noisiest.term, result.noisiest.mentions, result.noisiest.only) == ("banque", 4, 1)
    assert result.noisiest.without == 3
    assert {term.term: (term.mentions, term.only) for term in result.terms} == {
        "banque": (4, 1),
        '"trois guichets"': (2, 0),
        "recrute": (1, 0),
    }


def test_samples_show_the_words_and_different_stories() -> None:
    """The newest of each story, with the words that matched, in their place."""
    result = asked(archived(*WEEK), "guichets OR recrute")

    assert [sample.title for sample in result.samples] == [
        "La Banque d'Armélie recrute",
        "Trois guichets ferment",
    ]
    words = result.samples[1].evidence[0]
    assert (words.field, words.words) == ("title", "guichets")


def test_a_month_is_projected_on_what_the_archive_covers() -> None:
    """Three mentions in six days are fifteen a month, and half of a quota of thirty."""
    result = asked(archived(*WEEK), '"banque d\'armelie"', quota=30)

    assert result.covered_since == NOW - timedelta(days=6)
    assert (result.monthly_mentions, result.share_of_quota) == (15, 0.5)


def test_an_archive_of_some_hours_says_nothing_of_a_month() -> None:
    """Less than a day is not projected."""
    result = asked(archived(seen("Banque", timedelta(hours=3))), "banque", quota=30)

    assert (result.mentions, result.monthly_mentions, result.share_of_quota) == (1, None, None)


def test_raw_terms_are_read_in_the_texts() -> None:
    """``raw:`` asks the very characters, out of the documents kept beside the index."""
    blobs = archived(*WEEK)
    Compact(blobs=blobs, clock=FakeClock(NOW)).run(days=30)

    assert asked(blobs, 'raw:"Trois guichets ferment"').mentions == 1


def test_a_document_counts_once() -> None:
    """A document that two hours of polls brought is one mention."""
    assert asked(archived(WEEK[0], seen(WEEK[0].title, timedelta(days=4))), "guichets").mentions == 1


def test_what_may_not_be_kept_any_more_is_not_shown() -> None:
    """A document past the time its platform lets us keep it is neither counted nor shown."""
    gone = seen("Banque", timedelta(days=3), retain_until=NOW - timedelta(days=1))

    assert asked(archived(gone), "banque").mentions == 0


def test_time_that_runs_out_leaves_the_newest_days() -> None:
    """What was read is answered, and from when on is said."""
    ticks = count()
    step = BackTests(
        blobs=archived(*WEEK), clock=FakeClock(NOW), budget_seconds=2, stopwatch=lambda: float(next(ticks))
    )

    result = step.run(Question(query="banque", days=30, zone=PARIS))

    assert not result.complete
    assert result.mentions == 1
    assert result.covered_since == (NOW - timedelta(days=1))


def test_progress_is_told() -> None:
    """It grows to one, with the mentions found so far."""
    told: list[tuple[float, int]] = []
    step = BackTests(blobs=archived(*WEEK), clock=FakeClock(NOW), budget_seconds=60)

    step.run(Question(query="banque", days=30, zone=PARIS), lambda *progress: told.append(progress))

    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert told[-1] == (1.0, 4)


@pytest.mark.parametrize("damage", [b"", b"VIGIE-S\n" + b"\0" * 60])
def test_a_damaged_segment_is_made_again_from_polls(damage: bytes) -> None:
    """A segment that cannot be read, or of another version, costs time and no document."""
    blobs = archived(*WEEK)
    Compact(blobs=blobs, clock=FakeClock(NOW)).run(days=30)
    for key in blobs.keys(PREFIX):
        blobs.objects[key] = damage

    assert asked(blobs, "banque").mentions == 4


def test_what_cannot_be_read_at_all_is_said() -> None:
    """A poll that holds no documents is named, and the rest is answered."""
    blobs = archived(*WEEK)
    lost = next(iter(blobs.objects))
    blobs.objects[lost] = b"?"

    result = asked(blobs, "banque")

    assert (result.mentions, result.unreadable) == (3, (lost,))


def test_an_empty_archive_answers_nothing() -> None:
    """A stack of today has no past."""
    result = asked(FakeBlobs(), "banque")

    assert (result.mentions, result.noisiest, result.monthly_mentions, result.samples) == (0, None, None, ())


@pytest.mark.parametrize("days", [0, 31])
def test_other_days_are_refused(days: int) -> None:
    """The archive keeps thirty days."""
    with pytest.raises(BadField, match="days"):
        asked(FakeBlobs(), "banque", days=days)


def test_a_bad_query_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(BadQuery):
        asked(FakeBlobs(), "(banque")
