"""Grouping a client's stories, weighed by the archive."""

import gzip
from datetime import timedelta

from tests.builders import A_DAY, CUTOFF, a_document, a_mention
from tests.fakes import World
from vigie.domain.subjects.frequencies import Frequencies
from vigie.messages import encode
from vigie.steps.subjects import ClientSubjects, StackTerms

KEY = "frequencies/2026-12-08.json.gz"


def archived(world: World, documents: int) -> None:
    """Archive one poll of so many documents, yesterday."""
    poll = {
        "batch_id": "b",
        "polled_at": CUTOFF,
        "documents": [a_document(f"Vaurel numéro {number}") for number in range(documents)],
    }
    world.blobs.put("archive/2026/12/07/10/0001-1.json.gz", gzip.compress(encode(poll)), "application/gzip")


def test_terms_of_a_day_are_counted_once() -> None:
    """The first who needs the table counts it over the archive; who may only read finds the same."""
    world = World()
    archived(world, 4)
    counted = StackTerms(world.blobs, may_count=True).at(CUTOFF)
    assert (counted.documents, counted.counts["vaurel"]) == (4, 4)
    archived(world, 9)
    assert StackTerms(world.blobs, may_count=False).at(CUTOFF) == counted
    assert StackTerms(world.blobs, may_count=True).at(CUTOFF) == counted


def test_nothing_archived_or_unreadable_is_an_empty_table() -> None:
    """Without an archive, or with a table that cannot be read, the stories weigh by themselves."""
    world = World()
    assert StackTerms(world.blobs, may_count=True).at(CUTOFF) == Frequencies()
    world.blobs.put(KEY, b"no gzip", "application/gzip")
    assert StackTerms(world.blobs, may_count=False).at(CUTOFF) == Frequencies()


def test_a_subject_of_yesterday_goes_on() -> None:
    """A story of today joins that of three days ago: the window before the interval is looked at."""
    world = World()
    texts = [
        ("Trois guichets vont fermer à Ambrazac", 70),
        ("Ambrazac : la fermeture des guichets inquiète", 2),
    ]
    for title, hours in texts:
        at = CUTOFF - timedelta(hours=hours)
        document = a_document(title, published_at=at, seen_at=at)
        world.mentions.record([a_mention(document, recorded_at=at)])
    subjects = ClientSubjects(
        mentions=world.mentions, accounts=world.accounts, terms=StackTerms(world.blobs, may_count=True)
    )
    assert [len(each.stories) for each in subjects.of("banque-armelie", A_DAY, None)] == [2]
