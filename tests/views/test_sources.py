"""What the API shows of sources and platforms: how they do, and what is done about it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.builders import CUTOFF, a_source, a_state
from vigie.domain.connectors.plan import Unsearchable
from vigie.domain.connectors.standings import Standing
from vigie.domain.rhythm import Rhythm
from vigie.domain.sources import Move
from vigie.domain.websub.offers import PushOffer
from vigie.domain.websub.subscriptions import confirmed, heard, wanted
from vigie.views import sources as views

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


def test_a_source_is_json() -> None:
    """A view is made of JSON's own values, and survives the journey."""
    view = views.of_source(a_source(), a_state(), CUTOFF, 3600)
    assert json.loads(json.dumps(view)) == view
