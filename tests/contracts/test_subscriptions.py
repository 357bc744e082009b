"""Contract of SubscriptionStore."""

from dataclasses import replace
from typing import Any

from tests.builders import CUTOFF, a_source
from tests.contracts.together import at_once
from vigie.domain.sources import shard_of
from vigie.domain.websub.offers import PushOffer
from vigie.domain.websub.subscriptions import Subscription, confirmed, heard, wanted

SHARD = shard_of(a_source().host, 4)
OFFER = PushOffer("https://hub.example/", "https://courrier-armelie.example/rss")
WANTED = wanted(SHARD, "courrier-armelie", OFFER, CUTOFF)


def put(stores: Any, *found: Subscription) -> None:
    """Keep subscriptions."""
    stores.sources.put_sources([a_source()], 4)
    for each in found:
        stores.subscriptions.change(each.key, lambda _, new=each: new)


def test_a_subscription_comes_back_whole(stores: Any) -> None:
    """Every field is read back, by key, by shard, and among all."""
    active = heard(confirmed(replace(WANTED, status="pending"), None, CUTOFF), CUTOFF)
    put(stores, active)
    assert stores.subscriptions.get(active.key) == active
    assert stores.subscriptions.of(SHARD) == [active] == stores.subscriptions.all()
    assert stores.subscriptions.of("9999") == []


def test_a_source_may_have_several(stores: Any) -> None:
    """Two offers of one source are two subscriptions."""
    other = wanted(SHARD, "courrier-armelie", PushOffer("https://h2.example/", OFFER.topic), CUTOFF)
    put(stores, WANTED, other)
    assert {found.hub for found in stores.subscriptions.of(SHARD)} == {WANTED.hub, other.hub}


def test_a_change_sees_what_is_there_and_returns_what_stands(stores: Any) -> None:
    """Nothing is nothing, the same is left alone, ``left`` is forgotten."""
    store = stores.subscriptions
    assert store.change(WANTED.key, lambda found: found) is None
    assert store.get(WANTED.key) is None
    put(stores, WANTED)
    assert store.change(WANTED.key, lambda found: found) == WANTED
    gone = replace(WANTED, status="left")
    assert store.change(WANTED.key, lambda _: gone) == gone
    assert store.get(WANTED.key) is None
    assert store.change(WANTED.key, lambda _: gone) == gone


def test_removing_a_source_leaves_its_subscription_to_be_ended(stores: Any) -> None:
    """The hub must still be told: the next poll of the shard finds it."""
    put(stores, WANTED)
    assert stores.sources.remove_source("courrier-armelie")
    assert stores.subscriptions.of(SHARD) == [WANTED]


def test_changes_at_once_are_all_made(stores: Any) -> None:
    """No worker overwrites what another wrote meanwhile: eight pushes are eight."""
    put(stores, WANTED)
    at_once(
        8,
        lambda _: stores.subscriptions.change(
            WANTED.key, lambda found: replace(found, tries=found.tries + 1)
        ),
    )
    assert stores.subscriptions.get(WANTED.key).tries == 8
