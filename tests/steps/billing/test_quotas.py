"""Mentions read within their client's quota."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import CUTOFF, a_client, a_document, a_mention
from tests.fakes import World
from vigie.domain.cutoffs import Interval
from vigie.domain.mentions import Mention
from vigie.domain.plans import plans
from vigie.domain.quotas import month_of
from vigie.domain.subscriptions import trial_of
from vigie.steps.billing.quotas import MeteredMentions, Quotas
from vigie.steps.search_index import IndexMentions
from vigie.steps.usage_desk import UsageDesk

CLIENT = "banque-armelie"
DECEMBER = month_of(CUTOFF)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a world in which a trial includes four mentions a month, and Plus six."""
    small = {"trial": 4, "essentiel": 4, "plus": 6}
    for plan_id, plan in plans().items():
        monkeypatch.setitem(plans(), plan_id, replace(plan, monthly_mentions=small[plan_id]))
    world = World()
    world.clock.instant = CUTOFF
    world.accounts.put_client(a_client())
    world.billing.change(CLIENT, CUTOFF, lambda _: trial_of(CLIENT, CUTOFF))
    return world


def speak(world: World, number: int, *, hours_ago: float, **fields: Any) -> Mention:
    """Record one mention."""
    recorded_at = CUTOFF - timedelta(hours=hours_ago)
    mention = a_mention(a_document(document_id=f"d{number}"), recorded_at=recorded_at, **fields)
    world.mentions.record([mention])
    return mention


def metered(world: World) -> MeteredMentions:
    """Return the mentions within their quota."""
    quotas = Quotas(billing=world.billing, mentions=world.mentions, blobs=world.blobs, clock=world.clock)
    return MeteredMentions(world.mentions, quotas)


def held(mentions: list[Mention]) -> list[str]:
    """Return the ids of those held over the quota."""
    return [mention.mention_id for mention in mentions if mention.held_reason == "over_quota"]


def index(world: World) -> None:
    """Let the hourly index run."""
    IndexMentions(
        accounts=world.accounts,
        mentions=world.mentions,
        blobs=world.blobs,
        clock=world.clock,
        retention_days=395,
    ).run()


@pytest.mark.parametrize("indexed", [False, True])
def test_what_is_past_the_quota_is_held_and_shown_once_the_plan_rises(world: World, *, indexed: bool) -> None:
    """Seven mentions over three days, four included: three held, by every way of reading; with Plus, one."""
    for number in range(7):
        speak(world, number, hours_ago=70 - 11 * number)
    if indexed:
        index(world)
    mentions = metered(world)
    assert held(mentions.recorded_in(CLIENT, DECEMBER)) == ["d4", "d5", "d6"]
    page = mentions.page(CLIENT, DECEMBER, 10)
    assert held(page.mentions) == ["d6", "d5", "d4"]
    places = [(mention.recorded_at, mention.mention_id) for mention in page.mentions]
    assert sorted(held(mentions.at(CLIENT, places))) == ["d4", "d5", "d6"]
    one = mentions.get(CLIENT, "d4")
    assert one
    assert one.document.title == ""
    rise = replace(trial_of(CLIENT, CUTOFF), state="active", plan_id="plus")
    world.billing.change(CLIENT, CUTOFF, lambda _: rise)
    assert held(mentions.recorded_in(CLIENT, DECEMBER)) == ["d6"]


def test_a_client_of_an_agency_has_no_quota(world: World) -> None:
    """No subscription, nothing held."""
    world.billing.change(CLIENT, CUTOFF, lambda _: None)
    for number in range(9):
        speak(world, number, hours_ago=20 - number)
    assert held(metered(world).recorded_in(CLIENT, DECEMBER)) == []
    assert metered(world).quotas.use(CLIENT) is None


def test_a_new_month_begins_anew_and_the_old_one_stays_as_it_was(world: World) -> None:
    """Five in November, two in December: one held, of November, whenever it is asked."""
    for number in range(5):
        speak(world, number, hours_ago=24 * 10 - number)
    for number in (5, 6):
        speak(world, number, hours_ago=10 - number)
    everything = Interval(CUTOFF - timedelta(days=30), CUTOFF)
    assert held(metered(world).recorded_in(CLIENT, everything)) == ["d4"]
    world.clock.advance(300 * 86_400)
    index(world)
    assert held(metered(world).recorded_in(CLIENT, everything)) == ["d4"]


def test_nothing_is_dropped_the_sums_hold_and_use_is_told(world: World) -> None:
    """All seven are there, held or not; the usage says four of four, and three held."""
    for number in range(7):
        speak(world, number, hours_ago=20 - number)
    speak(world, 7, hours_ago=2, backfilled=True)
    read = metered(world).recorded_in(CLIENT, DECEMBER)
    assert len(read) == 8
    use = metered(world).quotas.use(CLIENT)
    assert use
    assert (use.included, use.used, use.held) == (4, 4, 3)
    usage = UsageDesk(
        mentions=world.mentions,
        deliveries=world.deliveries,
        blobs=world.blobs,
        clock=world.clock,
        quota=metered(world).quotas.use,
    ).of(a_client())
    assert (usage.mentions, usage.held, usage.monthly_mentions, usage.share_of_plan) == (7, 3, 4, 1.75)


def test_below_the_quota_nothing_is_changed(world: World) -> None:
    """The very mentions that were recorded."""
    spoken = [speak(world, number, hours_ago=20 - number) for number in range(4)]
    assert metered(world).recorded_in(CLIENT, DECEMBER) == spoken
    use = metered(world).quotas.use(CLIENT)
    assert use
    assert (use.used, use.held, use.held_after) == (4, 0, spoken[-1].recorded_at)
