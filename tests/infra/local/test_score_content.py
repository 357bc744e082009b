"""The content of digests against the truth of the demo press: a month of days, every client."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from infra.demo_press import Press, generate
from infra.demo_press.mentions import mentions_of
from infra.local.score_content import ContentScore, score_content
from tests.builders import a_client
from vigie.domain.clients import Watch
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest, Publication
from vigie.domain.digest_build import build_digest
from vigie.domain.ledger import Evaluated, close_interval
from vigie.domain.mentions import Assessment, Label, Labels, Mention
from vigie.domain.sources import Odometer
from vigie.domain.subjects.build import Subject

LAST = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)
DAYS = 30
CLIENTS = ("banque-armelie", "boulangerie-epi-d-or", "avenir-auzelle", "imprimerie-tessandier")


@cache
def press() -> Press:
    """Return the month."""
    return generate(7, LAST)


def labelled(mention: Mention, described: dict[str, Any]) -> Mention:
    """Return a mention with the truth's labels, held back when its page was there before."""
    told = described["concerns"].get(mention.client_id)
    brand = next((hit.watch_id for hit in mention.hits if hit.purpose == "brand"), None)
    labels = Labels(language=Label("fr", 1.0), tone=Label("neutral", 1.0))
    if told and brand:
        values = {name: Label(told[name], 1.0) for name in ("relevance", "impact", "tone", "crisis")}
        labels = replace(labels, assessments=(Assessment(watch_id=brand, **values),))
    again = described["same_url_as"] is not None
    status, reason = ("held", "same_address") if again else ("kept", None)
    return replace(mention, labels=labels, status=status, held_reason=reason)


@cache
def mentions(client_id: str) -> tuple[Mention, ...]:
    """Return a client's month, as it is when every label is right."""
    described = {document["id"]: document for document in press().truth["documents"]}
    return tuple(
        labelled(mention, described[mention.mention_id]) for mention in mentions_of(press(), client_id)
    )


def subjects_of(found: list[Mention]) -> list[Subject]:
    """Return the truth's own subjects."""
    subject = {document["id"]: document["subject"] for document in press().truth["documents"]}
    stories: dict[str, dict[str, float]] = {}
    for mention in found:
        stories.setdefault(subject[mention.mention_id], {})[mention.story.story_id] = 1.0
    return [Subject(min(group), group) for group in stories.values()]


def digest_of(client_id: str, interval: Interval) -> Digest:
    """Build one day's digest."""
    found = [mention for mention in mentions(client_id) if mention.recorded_at in interval]
    ledger = close_interval(
        polls=Odometer(), evaluated=[Evaluated(len(found))], matched=len(found), mentions=found, carried_in=0
    )
    described = next(client for client in press().truth["clients"] if client["id"] == client_id)
    return build_digest(
        client=a_client(client_id=client_id, name=described["name"]),
        watches=[
            Watch(
                client_id=client_id,
                watch_id=watch["id"],
                name=watch["name"],
                purpose=watch["purpose"],
                query=watch["query"],
                created_at=LAST,
            )
            for watch in described["watches"]
        ],
        interval=interval,
        mentions=found,
        ledger=ledger,
        polls_reading=Odometer(),
        sources=[],
        states={},
        previous=None,
        next_send_at=interval.until,
        now=interval.until,
        late_after_seconds=1800,
        subjects=subjects_of(found),
    )


def days(client_id: str) -> Iterator[tuple[Digest, ContentScore]]:
    """Yield each day's digest and its score."""
    tiers = {feed.slug: feed.tier for feed in press().feeds}
    at = {
        document["id"]: datetime.fromisoformat(document["published_at"])
        for document in press().truth["documents"]
    }
    for back in reversed(range(DAYS)):
        until = LAST - timedelta(days=back)
        interval = Interval(until - timedelta(days=1), until)
        digest = digest_of(client_id, interval)
        seen = {name for name, published_at in at.items() if published_at < interval.since}
        visible = {name for name, published_at in at.items() if published_at < until}
        yield digest, score_content(press().truth, digest, visible, seen, tiers)


@pytest.mark.parametrize("client_id", CLIENTS)
def test_content_of_a_month_is_the_truths(client_id: str) -> None:
    """With right labels every day of every client has the right subjects, counts, first three, and sums."""
    total = 0
    for digest, score in days(client_id):
        told = digest.digest_id
        assert (told, score.wrong_sums) == (told, ())
        assert (told, score.publications) == (
            told,
            replace(score.publications, found=score.publications.expected),
        )
        for part in (score.publications, score.subjects, score.first):
            assert (told, part.expected, part.found) == (told, part.right, part.right)
        total += score.publications.right
    assert (total == 0) == (client_id == "imprimerie-tessandier")  # the quiet one is never named


def test_wrong_labels_cost_places() -> None:
    """A digest without impacts has the right subjects in another order, and its score says so."""
    digest, _ = max(days("banque-armelie"), key=lambda day: day[0].totals.subjects)
    swapped = replace(digest, subjects=(digest.subjects[1], digest.subjects[0], *digest.subjects[2:]))
    at = {
        document["id"]: datetime.fromisoformat(document["published_at"])
        for document in press().truth["documents"]
    }
    seen = {name for name, published_at in at.items() if published_at < digest.interval.since}
    visible = {name for name, published_at in at.items() if published_at < digest.interval.until}
    tiers = {feed.slug: feed.tier for feed in press().feeds}
    score = score_content(press().truth, swapped, visible, seen, tiers)
    assert (score.first.expected, score.first.right) == (3, 1)
    assert score.subjects.right == score.subjects.expected


def test_what_is_missing_or_invented_is_counted() -> None:
    """A subject left out is missing from its counts; one of no truth is found and not right."""
    digest, _ = max(days("banque-armelie"), key=lambda day: day[0].totals.subjects)
    lost = replace(digest, subjects=digest.subjects[1:])
    ids = {document["id"] for document in press().truth["documents"]}
    score = score_content(press().truth, lost, ids)
    assert score.subjects.right < score.subjects.expected
    assert score.publications.right < score.publications.expected
    assert score.wrong_sums != ()


def test_what_is_said_beside_the_press_has_no_subject() -> None:
    """A post counts among the publications; it neither makes a subject nor spoils the one it was grouped with."""
    digest, _ = max(days("banque-armelie"), key=lambda day: day[0].totals.subjects)
    url = "https://bsky.example/1"
    said = {
        "id": "bluesky01",
        "feed": "bluesky",
        "url": url,
        "canonical_url": url,
        "published_at": digest.interval.since.isoformat(),
        "matches": ["banque-armelie-marque"],
    }
    truth = {**press().truth, "documents": [*press().truth["documents"], said]}
    at = {document["id"]: datetime.fromisoformat(document["published_at"]) for document in truth["documents"]}
    seen = {name for name, published_at in at.items() if published_at < digest.interval.since}
    visible = {name for name, published_at in at.items() if published_at < digest.interval.until}
    first = digest.subjects[0]
    place = Publication(title="", source_name="Bluesky", url=url, published_at=None)
    story = replace(first.stories[0], reprints=(*first.stories[0].reprints, place))
    grouped = replace(
        digest, subjects=(replace(first, stories=(story, *first.stories[1:])), *digest.subjects[1:])
    )
    score = score_content(truth, grouped, visible, seen, {feed.slug: feed.tier for feed in press().feeds})
    assert score.publications.right == score.publications.expected == digest.totals.retained + 1
    assert score.subjects.right == score.subjects.expected == digest.totals.subjects
    assert score.first.right == score.first.expected
