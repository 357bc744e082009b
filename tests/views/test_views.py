"""What the API shows: stable names, plain values, nothing the caller may not see."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import A_DAY, CUTOFF, a_client, a_document, a_mention, a_watch
from vigie import views
from vigie.domain.digest import Coverage, Digest, Totals
from vigie.domain.ledger import Ledger
from vigie.domain.mentions import Parked
from vigie.domain.sources import Odometer
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


@pytest.mark.parametrize(
    "view",
    [
        views.of_client(a_client()),
        views.of_mention(a_mention()),
        views.of_digest(DIGEST),
    ],
    ids=["client", "mention", "digest"],
)
def test_views_are_json(view: dict[str, Any]) -> None:
    """A view is made of JSON's own values, and survives the journey."""
    assert json.loads(json.dumps(view)) == view
