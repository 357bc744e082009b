"""What a plan shows of the past: the same by every way of asking, and all of it again with a longer plan."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF, a_client, a_document, a_mention
from tests.domain.several import a_digest_of
from tests.fakes import World
from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Question
from vigie.domain.mentions import Mention
from vigie.domain.subscriptions import trial_of
from vigie.errors import BadField
from vigie.steps.billing.history import PlanHistory, RecentMentions
from vigie.steps.exports import Exports
from vigie.steps.mention_desk import MentionDesk
from vigie.steps.reviewed import ReviewedDigests

CLIENT = "banque-armelie"
YEAR = Interval(CUTOFF - timedelta(days=365), CUTOFF + timedelta(seconds=1))
ALL = (400.0, 364.0, 200.0, 91.0, 90.001, 89.999, 30.0, 0.5)
SHOWN = ["d89.999", "d30.0", "d0.5"]  # of the trial's 90 days


class Past:
    """A client on trial, and mentions so many days old."""

    def __init__(self, days: tuple[float, ...] = ALL) -> None:
        self.world = World()
        self.world.clock.instant = CUTOFF
        self.world.accounts.put_client(a_client())
        self.subscribe("trial")
        self.history = PlanHistory(self.world.billing, self.world.clock)
        self.mentions = RecentMentions(self.world.mentions, self.history)
        self.desk = MentionDesk(
            mentions=self.mentions,
            blobs=self.world.blobs,
            clock=self.world.clock,
            history_edge=self.history.edge,
        )
        some = [
            a_mention(a_document(document_id=f"d{each}"), recorded_at=CUTOFF - timedelta(days=each))
            for each in days
        ]
        self.world.mentions.record(some)

    def subscribe(self, plan_id: str) -> None:
        """Take a plan."""
        subscription = replace(trial_of(CLIENT, CUTOFF), state="active", plan_id=plan_id)
        self.world.billing.change(CLIENT, CUTOFF, lambda _: subscription)


def ids(mentions: list[Mention]) -> list[str]:
    """Return their ids."""
    return [mention.mention_id for mention in mentions]


def question(interval: Interval = YEAR, words: str | None = None) -> Question:
    """Return what asks for all mentions of an interval."""
    return Question(client_id=CLIENT, interval=interval, words=words)


def test_what_is_older_is_shown_by_no_way_of_asking() -> None:
    """By interval, page, place or id; a cursor of before leads nowhere."""
    past = Past()
    assert ids(past.mentions.recorded_in(CLIENT, YEAR)) == SHOWN
    assert ids(past.mentions.page(CLIENT, YEAR, 9).mentions) == SHOWN[::-1]
    places = [(CUTOFF - timedelta(days=each), f"d{each}") for each in ALL]
    assert sorted(ids(past.mentions.at(CLIENT, places))) == sorted(SHOWN)
    assert [each for each in ALL if past.mentions.get(CLIENT, f"d{each}")] == [89.999, 30.0, 0.5]
    long_ago = Interval(YEAR.since, CUTOFF - timedelta(days=100))
    assert past.mentions.recorded_in(CLIENT, long_ago) == []
    assert past.mentions.page(CLIENT, long_ago, 9).mentions == []
    cursor = past.world.mentions.cursor_after(CLIENT, places[2])
    assert past.mentions.page(CLIENT, YEAR, 9, cursor).mentions == []


def test_a_longer_plan_shows_it_again() -> None:
    """Nothing was thrown away; a client of an agency, who has no plan, sees all of it."""
    past = Past()
    past.subscribe("plus")
    assert len(past.mentions.recorded_in(CLIENT, YEAR)) == 7
    assert past.desk.page(question(), 9).history_since is None
    past.world.billing.change(CLIENT, CUTOFF, lambda _: None)
    assert past.history.since(CLIENT) is None
    assert past.mentions.get(CLIENT, "d400.0") is not None


def test_what_every_plan_shows_is_not_asked_of_the_subscription() -> None:
    """Most of what is read is recent: only what lies further back costs that read too."""
    past = Past()
    asked = list[str]()

    class Counted(PlanHistory):
        def since(self, client_id: str) -> datetime | None:
            asked.append(client_id)
            return super().since(client_id)

    mentions = RecentMentions(past.world.mentions, Counted(past.world.billing, past.world.clock))
    recent = Interval(CUTOFF - timedelta(days=89), YEAR.until)
    assert ids(mentions.recorded_in(CLIENT, recent)) == ["d30.0", "d0.5"]
    assert mentions.get(CLIENT, "d30.0") is not None
    assert asked == []
    assert mentions.get(CLIENT, "d91.0") is None
    assert asked == [CLIENT]


@pytest.mark.parametrize("words", [None, "guichets OR article OR ferme"])
def test_a_list_says_how_far_back_it_goes(words: str | None) -> None:
    """Only when more was asked for."""
    past = Past()
    page = past.desk.page(question(words=words), 9)
    assert page.history_since == CUTOFF - timedelta(days=90)
    month = Interval(CUTOFF - timedelta(days=30), CUTOFF)
    assert past.desk.page(question(month, words), 9).history_since is None


def test_a_file_is_refused_rather_than_cut() -> None:
    """It names the field and the day; from the day after on it is whole."""
    past = Past()
    exports = Exports(past.desk)
    with pytest.raises(BadField, match=r"since.*2026-09-09"):
        exports.lines(question(), lambda mention: mention.mention_id, 100, None)
    recent = Interval(CUTOFF - timedelta(days=89), CUTOFF)
    assert exports.lines(question(recent), lambda mention: mention.mention_id, 100, None)[0] == "d0.5d30.0"


def test_digests_of_before_are_not_there() -> None:
    """Neither listed nor opened by an old address."""
    past, world = Past(), World()
    for days in (1, 80, 100):
        until = CUTOFF - timedelta(days=days)
        digest = replace(
            a_digest_of(1),
            client_id=CLIENT,
            digest_id=f"g{days}",
            interval=Interval(until - timedelta(days=1), until),
        )
        world.digests.put(digest, until, until)
    digests = ReviewedDigests(world.digests, world.reviews, past.history.edge)
    assert {entry.digest_id for entry in digests.entries(CLIENT)} == {"g1", "g80"}
    assert [digests.get(CLIENT, f"g{days}") is None for days in (1, 80, 100)] == [False, False, True]
    assert digests.entry(CLIENT, "g100") is None


@given(st.lists(st.floats(0, 200), unique=True, max_size=12), st.integers(1, 5))
def test_pages_are_the_interval(days: list[float], limit: int) -> None:
    """Put together they are what one answer shows, however they fall around the edge."""
    past = Past(tuple(days))
    shown, cursor = list[Mention](), None
    while True:
        page = past.mentions.page(CLIENT, YEAR, limit, cursor)
        shown += page.mentions
        cursor = page.cursor
        if cursor is None:
            break
    assert shown == past.mentions.recorded_in(CLIENT, YEAR)[::-1]
