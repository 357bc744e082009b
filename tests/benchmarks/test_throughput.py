"""The throughput benchmark polls what it says it polls."""

from benchmarks.throughput import measure
from benchmarks.throughput.feeds import CHANGED_IN_TEN, ENTRIES, NEWS, render, revision
from vigie.adapters.feeds import Reader, read_feed


def test_a_round_is_seven_unchanged_of_ten_and_the_news_of_three() -> None:
    """Server, fetcher, parser and step agree on what is new; nobody fails; the peer sees the same changes."""
    measured = measure(feeds=40, rounds=1, peer_feeds=10)
    assert (measured.first.polls, measured.first.failed, measured.first.documents) == (40, 0, 40 * ENTRIES)
    (polled,), (fetched,), (floor,) = measured.polled, measured.fetched, measured.floor
    assert (polled.polls, polled.failed) == (40, 0)
    assert polled.unchanged == fetched.unchanged == floor.unchanged == 40 - 4 * CHANGED_IN_TEN
    assert polled.documents == 4 * CHANGED_IN_TEN * NEWS
    assert measured.peer[0].documents == CHANGED_IN_TEN * ENTRIES


def test_the_feeds_are_read_by_the_fast_reader_and_change() -> None:
    """RSS and Atom alike, of a usual size, two entries further at each revision."""
    for number in (0, 1):
        before, after = (
            read_feed(render(number, revision_), url="", content_type=None)[0] for revision_ in (0, 1)
        )
        assert read_feed(render(number, 0), url="", content_type=None)[1] is Reader.FAST
        assert 25_000 < len(render(number, 0)) < 45_000
        assert before.entries[:-NEWS] == after.entries[NEWS:]
    assert [revision(9, round_) for round_ in range(4)] == [0, 1, 2, 3]
