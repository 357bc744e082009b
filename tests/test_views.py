"""What the API shows: stable names, plain values, nothing the caller may not see."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.builders import A_DAY, CUTOFF, a_client, a_document, a_mention, a_source, a_state, a_watch
from vigie import views
from vigie.domain.connectors.plan import Unsearchable
from vigie.domain.connectors.standings import Standing
from vigie.domain.digest import Coverage, Digest, Totals
from vigie.domain.ledger import Ledger
from vigie.domain.mentions import Parked
from vigie.domain.rhythm import Rhythm
from vigie.domain.sources import Move, Odometer
from vigie.domain.websub.offers import PushOffer
from vigie.domain.websub.subscriptions import confirmed, heard, wanted
from vigie.ports import DigestEntry
from vigie.requests import ClientRequest, read

LEDGER = Ledger(seen=10, parked=1, matched=4, retained=3, held={"same_address": 1})
DIGEST = Digest(
    client_id="banque-armelie",
    client_name="Banque d'Armélie",
    locale="fr",
    zone="Europe/Paris",
    digest_id="20261208T061500Z",
    interval=A_DAY,
    built_at=CUTOFF,
    next_send_at=CUTOFF + timedelta(days=1),
    totals=Totals(retained=3, stories=1, subjects=1, channels={"press": 3}, tones={"neutral": 3}),
    coverage=Coverage(total=1, on_time=1, late=0, failing=0, gone=0, new=0),
    ledger=LEDGER,
    odometer=Odometer(polled=96_000),
)


def test_client_is_shown_with_its_schedule_and_recipients() -> None:
    """A client reads back what it wrote, under the names it wrote it by."""
    assert views.of_client(a_client()) == {
        "client_id": "banque-armelie",
        "name": "Banque d'Armélie",
        "created_at": "2026-09-01T00:00:00Z",
        "locale": "fr",
        "zone": "Europe/Paris",
        "schedule": {
            "send_at": "07:30",
            "days": [0, 1, 2, 3, 4, 5, 6],
            "cutoff_minutes": 15,
            "only_when_spoken": False,
            "weekly_day": 0,
            "holidays": None,
        },
        "recipients": [
            {
                "email": "veille@banque-armelie.example",
                "name": "Communication",
                "locale": None,
                "zone": None,
                "schedule": None,
                "manager": False,
            }
        ],
        "reviewer": None,
    }


def test_client_shown_can_be_written_back() -> None:
    """What the API shows of a client, less its birth, is a request that changes nothing."""
    client = a_client()
    shown = {name: value for name, value in views.of_client(client).items() if name != "created_at"}
    request = read(json.dumps(shown).encode(), ClientRequest)
    assert request.to_client(client.client_id, client.created_at) == client


def test_watch_is_shown() -> None:
    """A watch is shown with its query as written."""
    assert views.of_watch(a_watch()) == {
        "client_id": "banque-armelie",
        "watch_id": "brand",
        "name": "Brand",
        "purpose": "brand",
        "query": '"Banque d\'Armélie"',
        "created_at": "2026-09-01T00:00:00Z",
        "entity": None,
        "any": [],
        "all": ["Banque d'Armélie"],
        "none": [],
        "lint": [],
    }


def test_a_watch_is_shown_with_the_advice_on_it() -> None:
    """What words cannot say has none, and what is doubtful, or refused today, is told in the reader's language."""
    doubtful = views.of_watch(replace(a_watch(), query="lang:fr"), "en")
    refused = views.of_watch(replace(a_watch(), query="banque ("), "fr")

    assert [doubtful[name] for name in ("any", "all", "none")] == [None] * 3
    assert [(each["code"], each["remedy"]) for each in doubtful["lint"]] == [
        ("BROAD", "Add a word, phrase or site that every result holds.")
    ]
    assert [(each["code"], each["position"]) for each in refused["lint"]] == [("SYNTAX", 8)]
    assert refused["lint"][0]["problem"] == "il manque un mot ici"


def test_mention_is_shown_without_the_article() -> None:
    """A mention shows where it matched, its story and labels, and never the body of the article."""
    document = a_document("La Banque d'Armélie ferme", body="Le corps entier.", document_id="5f2c")
    view = views.of_mention(a_mention(document))
    assert "Le corps entier." not in json.dumps(view, ensure_ascii=False)
    assert view == {
        "mention_id": "5f2c",
        "recorded_at": "2026-12-08T05:45:00Z",
        "status": "kept",
        "held_reason": None,
        "backfilled": False,
        "document": {
            "title": "La Banque d'Armélie ferme",
            "summary": "",
            "author": "",
            "url": "https://courrier-armelie.example/5f2c",
            "source_id": "courrier-armelie",
            "source_name": "Le Courrier d'Armélie",
            "outlet_tier": None,
            "platform": "press",
            "type": "article",
            "published_at": "2026-12-08T04:58:00Z",
            "seen_at": "2026-12-08T05:15:00Z",
            "display": "full",
            "metrics": {},
        },
        "watches": [
            {
                "watch_id": "brand",
                "watch_name": "Brand",
                "purpose": "brand",
                "evidence": [
                    {
                        "field": "title",
                        "start": 3,
                        "end": 19,
                        "term": "Banque d'Armélie",
                        "words": "Banque d'Armélie",
                    }
                ],
            }
        ],
        "story": {"story_id": "5f2c", "role": "first"},
        "labels": {
            "language": {"value": "fr", "confidence": 0.99, "evidence": [], "abstained": False},
            "tone": {"value": "neutral", "confidence": 0.9, "evidence": [], "abstained": False},
            "topic": {"value": "", "confidence": 0.0, "evidence": [], "abstained": True},
            "assessments": [],
        },
    }


def test_date_missing_is_shown_as_none() -> None:
    """A document without a date shows none, not the time we saw it."""
    assert views.of_mention(a_mention(a_document(published_at=None)))["document"]["published_at"] is None


def test_digest_is_shown_without_its_readings() -> None:
    """What the whole stack polled since it was born is not the client's to see."""
    view = views.of_digest(DIGEST)
    assert "odometer" not in view
    assert "96000" not in json.dumps(view)
    assert view["interval"] == {"since": "2026-12-07T06:15:00Z", "until": "2026-12-08T06:15:00Z"}
    assert view["ledger"] == views.of_ledger(LEDGER)


def test_ledger_can_be_added_up_by_its_reader() -> None:
    """The derived counts are shown beside those they come from."""
    view = views.of_ledger(LEDGER)
    assert view["seen"] == view["parked"] + view["matched"] + view["unmatched"]
    assert view["held_back"] == sum(view["held"].values())
    assert view["matched"] == view["retained"] + view["held_back"] + view["carried_out"]


def test_line_of_the_list_of_digests_is_shown() -> None:
    """The list says which digest, over what time, and how much is in it."""
    entry = DigestEntry(
        client_id="banque-armelie",
        digest_id="20261208T061500Z",
        interval=A_DAY,
        built_at=CUTOFF,
        send_at=CUTOFF + timedelta(minutes=15),
        mentions=3,
    )
    assert views.of_entry(entry) == {
        "client_id": "banque-armelie",
        "digest_id": "20261208T061500Z",
        "interval": {"since": "2026-12-07T06:15:00Z", "until": "2026-12-08T06:15:00Z"},
        "built_at": "2026-12-08T06:15:00Z",
        "send_at": "2026-12-08T06:30:00Z",
        "mentions": 3,
    }


SOURCE_VIEW: dict[str, Any] = {
    "connector": None,
    "query": "",
    "pace_seconds": 0,
    "urgent": False,
    "source_id": "courrier-armelie",
    "name": "Le Courrier d'Armélie",
    "url": "https://courrier-armelie.example/rss",
    "tier": "regional",
    "language": None,
    "platform": "press",
    "type": "article",
}
NEVER_POLLED: dict[str, Any] = {
    "health": "new",
    "polled_at": None,
    "succeeded_at": None,
    "next_poll_at": None,
    "failing_since": None,
    "failures": 0,
    "failure": None,
    "outlook": None,
    "limited": None,
    "coverage": None,
    "alarm": False,
    "news_at": None,
    "articles_per_day": 0.0,
    "quiet_until": None,
    "gap_at": None,
    "moved_to": None,
}


def test_source_never_polled_is_shown_as_new() -> None:
    """A source without a state has the same fields as any other."""
    assert views.of_source(a_source(), None, CUTOFF, 3600) == {**SOURCE_VIEW, **NEVER_POLLED}


def test_failing_source_is_shown_with_its_reason() -> None:
    """What goes wrong, since when and how often is shown; validators and hashes are not."""
    state = a_state(
        etag='"1"',
        body_sha256="5ha",
        failures=2,
        failure="timeout: no answer in 20 s",
        failing_since=CUTOFF - timedelta(hours=1),
        next_poll_at=CUTOFF + timedelta(minutes=30),
        quiet_until=CUTOFF + timedelta(minutes=20),
        gap_at=CUTOFF - timedelta(minutes=65),
        rhythm=Rhythm(per_day=12.0, news_at=CUTOFF),
        move=Move(url="https://courrier.example/rss", since=CUTOFF),
    )
    assert views.of_source(a_source(), state, CUTOFF, 3600) == {
        **SOURCE_VIEW,
        "health": "failing",
        "polled_at": "2026-12-08T06:10:00Z",
        "succeeded_at": "2026-12-08T06:10:00Z",
        "next_poll_at": "2026-12-08T06:45:00Z",
        "failing_since": "2026-12-08T05:15:00Z",
        "failures": 2,
        "failure": "timeout: no answer in 20 s",
        "outlook": "No answer in 20 s. Failed 2 times in a row since 2026-12-08 05:15 UTC; the host wants peace, "
        "asked again at 2026-12-08 06:45 UTC. Nothing to do unless it lasts: then see whether the site answers in a "
        "browser.",
        "alarm": False,
        "news_at": "2026-12-08T06:15:00Z",
        "articles_per_day": 12.0,
        "quiet_until": "2026-12-08T06:35:00Z",
        "gap_at": "2026-12-08T05:10:00Z",
        "moved_to": "https://courrier.example/rss",
        "limited": None,
        "coverage": None,
    }


def test_parked_thing_is_shown_with_its_reason() -> None:
    """Ops see what was parked, where, and why."""
    parked = Parked("match", "b.0#3", "no title", datetime(2026, 12, 8, tzinfo=UTC), {"raw": "{}"})
    assert views.of_parked(parked) == {
        "stage": "match",
        "thing_id": "b.0#3",
        "reason": "no title",
        "parked_at": "2026-12-08T00:00:00Z",
        "content": {"raw": "{}"},
    }


def test_a_source_that_is_pushed_shows_its_hub_and_how_it_stands() -> None:
    """Of two subscriptions the one in use is shown; of none, nothing."""
    old = wanted(
        "0002", "courrier", PushOffer("https://old.example/", "https://courrier.example/rss"), CUTOFF
    )
    new = replace(old, hub="https://hub.example/", status="pending")
    active = heard(confirmed(new, 86_400, CUTOFF), CUTOFF)
    assert views.of_pushes([], CUTOFF) is None
    assert views.of_pushes([replace(old, status="leaving"), active], CUTOFF) == {
        "standing": "proven",
        "hub": "https://hub.example/",
        "until": "2026-12-09T06:15:00Z",
        "pushed_at": "2026-12-08T06:15:00Z",
        "missed_at": None,
        "trouble": None,
    }


@pytest.mark.parametrize(
    "view",
    [
        views.of_client(a_client()),
        views.of_mention(a_mention()),
        views.of_digest(DIGEST),
        views.of_source(a_source(), a_state(), CUTOFF, 3600),
    ],
    ids=["client", "mention", "digest", "source"],
)
def test_views_are_json(view: dict[str, Any]) -> None:
    """A view is made of JSON's own values, and survives the journey."""
    assert json.loads(json.dumps(view)) == view


def test_a_search_that_waits_for_its_quota_says_until_when() -> None:
    """A budget used up is shown as a limit with its hour, never as a failure."""
    source = a_source("bluesky-1", connector="bluesky", query="airbus")
    state = a_state(
        "bluesky-1",
        limited="the 3000 calls of bluesky are used up",
        coverage="truncated",
        next_poll_at=CUTOFF + timedelta(minutes=5),
    )
    view = views.of_source(source, state, CUTOFF, 3600)
    assert (view["health"], view["failures"], view["alarm"]) == ("limited", 0, False)
    assert view["outlook"].startswith(
        "The 3000 calls of bluesky are used up: asked again at 2026-12-08 06:20 UTC"
    )


def test_a_standing_is_told_in_the_readers_language_and_hours() -> None:
    """A platform's status comes with a sentence, and so does each watch it cannot be searched for."""
    standing = Standing(
        connector="bluesky",
        label="Bluesky",
        status="active",
        searches=2,
        limited=1,
        limited_until=CUTOFF + timedelta(minutes=50),
        unsearchable=(Unsearchable("banque-armelie", "sector", "no_sure_word"),),
    )
    french = views.of_standing(standing, "fr", ZoneInfo("Europe/Paris"))
    assert (
        french["detail"]
        == "Recherche limitée jusqu'à 8\u202fh\u202f05\u202f: le quota de la plateforme est épuisé."
    )
    assert french["unsearchable"][0]["watch_id"] == "sector"
    assert french["unsearchable"][0]["detail"].startswith("Aucun mot")
    english = views.of_standing(standing, "en", ZoneInfo("Europe/London"))
    assert english["detail"] == "Search limited until 7:05\u202fam: the platform's quota is used up."
