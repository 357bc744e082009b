"""How an address that is to be followed stands, by what asking it once came to."""

from datetime import UTC, datetime, timedelta

import pytest

from vigie.domain.feeds import FeedEntry, ParsedFeed
from vigie.domain.fetching import Failure, FetchOutcome
from vigie.domain.source_checks import SourceCheck, Standing, judge

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
URL = "https://phare.example/rss"


def answer(**changes: object) -> FetchOutcome:
    """Return an answer with a body, changed."""
    return FetchOutcome(**{"kind": "fetched", "final_url": URL, "status": 200, "body": b"x"} | changes)  # type: ignore[arg-type]


def feed(*ages: timedelta) -> ParsedFeed:
    """Return a feed whose articles are so old."""
    return ParsedFeed(entries=tuple(FeedEntry(title="t", published_at=NOW - age) for age in ages))


def of(outcome: FetchOutcome, read: ParsedFeed | None = None) -> SourceCheck:
    """Judge an answer, by default with an article of an hour ago."""
    return judge(URL, outcome, read or feed(timedelta(hours=1)), NOW)


def test_a_feed_with_news_is_fine() -> None:
    """There is nothing to say and nothing to do; what was seen is counted."""
    check = of(answer(elapsed_seconds=0.25), feed(timedelta(days=2), timedelta(hours=1)))
    assert (check.standing, check.detail, check.remedy, check.is_fine) == ("fine", "", "", True)
    assert (check.entries, check.newest_at) == (2, NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("failure", "standing"),
    [
        (Failure.from_status(410), "gone"),
        (Failure.from_status(429), "limited"),
        (Failure.from_status(404), "dead"),
        (Failure.from_status(503), "dead"),
        (Failure.of("dns", "no such host"), "dead"),
        (Failure.of("refused_address", "a private address"), "dead"),
    ],
)
def test_what_does_not_answer_is_dead_gone_or_wants_patience(failure: Failure, standing: Standing) -> None:
    """Each failure has its standing, its sentence and a remedy, and no address that answered."""
    check = judge(URL, FetchOutcome(kind="failed", final_url=URL, failure=failure), None, NOW)
    assert (check.standing, check.detail, check.answered_url) == (standing, failure.detail, None)
    assert check.remedy


def test_a_page_is_no_feed_wherever_it_was_found() -> None:
    """An answer that no reader understands is no feed, also behind a redirect for good."""
    read = ParsedFeed(problem="an HTML page")
    check = of(answer(permanent_url="https://phare.example/"), read)
    assert (check.standing, check.detail) == ("not-a-feed", "an HTML page")


def test_a_redirect_for_good_names_the_new_address() -> None:
    """It has moved, and the remedy says what to write."""
    check = of(answer(permanent_url="https://phare.example/new", final_url="https://phare.example/new"))
    assert (check.standing, check.answered_url) == ("moved", "https://phare.example/new")
    assert "`was`" in check.remedy


@pytest.mark.parametrize(
    ("ages", "standing"),
    [
        ([], "silent"),
        ([8], "fine"),  # one article tells no rhythm
        ([61], "silent"),
        ([8, 8.1, 8.2], "silent"),  # a daily that stopped a week ago
        ([8, 15, 22], "fine"),  # a weekly
        ([61, 100, 140], "silent"),
        ([-2, 61], "silent"),  # a date to come is no news
    ],
)
def test_silence_is_told_by_the_feeds_own_rhythm(ages: list[float], standing: Standing) -> None:
    """Ten times its usual wait, between a week and two months; a feed without an article is silent too."""
    read = ParsedFeed(entries=feed(*(timedelta(days=age) for age in ages)).entries)
    assert judge(URL, answer(), read, NOW).standing == standing


def test_articles_without_dates_are_no_silence() -> None:
    """What cannot be told is not held against a source."""
    assert of(answer(), ParsedFeed(entries=(FeedEntry(title="t"),))).standing == "fine"


def test_an_answer_that_takes_half_of_our_patience_is_slow() -> None:
    """Ten seconds and more."""
    assert of(answer(elapsed_seconds=12.0)).standing == "slow"
