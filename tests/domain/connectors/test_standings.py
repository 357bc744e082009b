"""Each platform's standing says what is followed, what waits, and what it would take."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders import CUTOFF, a_state
from vigie.domain.clients import LOCALES
from vigie.domain.connectors.followed import ClientPlan, StackPlan, connector_name
from vigie.domain.connectors.offer import FAMILIES, label_of
from vigie.domain.connectors.plan import Unsearchable
from vigie.domain.connectors.sentences import told
from vigie.domain.connectors.standings import Standing, standings
from vigie.domain.sources import SourceState

MAMOT = connector_name("mastodon", "mamot.example")
STACK = StackPlan(version="1", connectors=("bluesky", "google-news", MAMOT), troubles={"youtube": "no JSON"})
PLAN = ClientPlan(
    client_id="acme",
    searches={"bluesky": ("b1", "b2"), "google-news": ("g1",), MAMOT: ("m1",)},
    unsearchable={"google-news": (Unsearchable("acme", "sector", "no_sure_word"),)},
)


def found(*states: SourceState, stack: StackPlan = STACK) -> dict[str, Standing]:
    """Return how the platforms stand, by connector."""
    by_id = {state.source_id: state for state in states}
    return {standing.connector: standing for standing in standings(stack, PLAN, by_id, CUTOFF)}


def test_every_platform_has_a_status_and_none_is_scraped() -> None:
    """What is set up is active; the rest says what it needs, and what no agency can have is not offered."""
    statuses = {name: standing.status for name, standing in found().items()}
    assert statuses == {
        "google-news": "active",
        "bluesky": "active",
        MAMOT: "active",
        "youtube": "needs_authorisation",
        "forums": "active",
        "reddit": "needs_contract",
        "x": "needs_contract",
        "linkedin": "not_offered",
        "tiktok": "not_offered",
    }


def test_a_quota_is_no_failure_and_says_until_when() -> None:
    """Searches that wait are counted apart from those that fail, with the hour of the last."""
    waiting = a_state(
        "b1", limited="used up", coverage="truncated", next_poll_at=CUTOFF + timedelta(minutes=5)
    )
    failing = a_state("b2", failures=1, failure="connect: no answer")
    bluesky = found(waiting, failing)["bluesky"]
    assert (bluesky.searches, bluesky.limited, bluesky.failing, bluesky.status) == (2, 1, 1, "active")
    assert (bluesky.limited_until, bluesky.coverage) == (CUTOFF + timedelta(minutes=5), "truncated")
    assert found(again_in_time(waiting))["bluesky"].limited == 0


def again_in_time(state: SourceState) -> SourceState:
    """Return the state of a search whose window has begun again."""
    return a_state(state.source_id, limited=state.limited, next_poll_at=CUTOFF - timedelta(seconds=1))


def test_a_refused_credential_needs_authorisation() -> None:
    """A platform that refuses our credential is not active, and says what it said."""
    refused = a_state("b1", failures=3, failure="unauthorised: the app password was revoked")
    bluesky = found(refused)["bluesky"]
    assert (bluesky.status, bluesky.trouble) == ("needs_authorisation", "the app password was revoked")
    assert "renouveler" in told(bluesky, "fr", ZoneInfo("UTC"))


def test_an_instance_is_a_sample_from_the_start() -> None:
    """Mastodon's coverage is sampled even before the first answer."""
    assert found()[MAMOT].coverage == "sampled"
    assert label_of(MAMOT) == "Mastodon (mamot.example)"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("configured", [False, True])
def test_every_standing_can_be_told(locale: str, configured: bool) -> None:
    """Each platform, set up or not, has a sentence of its own in each language."""
    stack = StackPlan(connectors=tuple(family.family for family in FAMILIES)) if configured else StackPlan()
    sentences = [told(standing, locale, ZoneInfo("UTC")) for standing in found(stack=stack).values()]
    assert all(sentence.endswith(".") for sentence in sentences)
    assert configured or len(set(sentences)) >= len(FAMILIES) - 1


def test_a_platform_switched_off_is_not_said_to_be_followed() -> None:
    """Google News needs nothing: where it is missing, somebody switched it off."""
    news = found(stack=StackPlan(version="1", connectors=("bluesky",)))["google-news"]
    assert (news.status, news.searches) == ("not_offered", 0)
    assert told(news, "fr", ZoneInfo("UTC")) == "Google News n'est pas suivi par cette installation."


def test_a_connector_of_its_own_is_shown_too() -> None:
    """A connector that no listed platform has is shown under its own name."""
    assert found(stack=StackPlan(connectors=("youtube-comments",)))["youtube-comments"].status == "active"
