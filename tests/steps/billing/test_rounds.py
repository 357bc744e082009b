"""What time does to subscriptions."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import CUTOFF, a_client
from tests.fakes import World
from vigie.domain.clients import Client, Recipient
from vigie.domain.subscriptions import KEPT, Notice, Subscription, trial_of
from vigie.errors import AddressRefused, Transient
from vigie.steps.billing.rounds import BillingRound

DAY = timedelta(days=1)


class Post:
    """A letter box: what was told, to whom; ``refused`` and ``down`` are addresses that take nothing."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.refused: set[str] = set()
        self.down = False

    def __call__(
        self, client: Client, person: Recipient, notice: Notice, standing: Subscription, key: str
    ) -> str:
        """Tell one person."""
        assert client.client_id == standing.client_id
        if self.down:
            raise Transient("the provider is down")
        if person.email in self.refused:
            raise AddressRefused(person.email)
        self.told.append((person.email, notice))
        return f"provider-{key}"


def a_round(world: World, post: Post, erased: list[str]) -> BillingRound:
    """Return the step on a world."""

    def erase(client_id: str) -> None:
        erased.append(client_id)
        world.billing.change(client_id, world.clock(), lambda _: None)

    return BillingRound(
        billing=world.billing,
        accounts=world.accounts,
        deliveries=world.deliveries,
        tell=post,
        erase=erase,
        clock=world.clock,
    )


def a_world(**fields: Any) -> World:
    """Return a world with the bank in its trial since the cut-off."""
    world = World()
    world.clock.instant = CUTOFF
    world.accounts.put_client(a_client(**fields))
    world.billing.change("banque-armelie", CUTOFF, lambda _: trial_of("banque-armelie", CUTOFF))
    return world


def test_a_trial_nobody_pays_for_is_reminded_ended_and_erased() -> None:
    """Hour by hour for fifty days: each mail once, and at the end nothing is left."""
    world, post, erased = a_world(), Post(), list[str]()
    for _ in range(50 * 24):
        a_round(world, post, erased).run()
        world.clock.advance(3600)
    assert [notice for _, notice in post.told] == [
        "trial_ends_soon",
        "trial_ends_tomorrow",
        "trial_ended",
        "erased_soon",
    ]
    assert erased == ["banque-armelie"]
    assert world.billing.due(world.clock()) == []


def test_money_is_told_to_managers_or_else_to_everybody() -> None:
    """Who only reads digests is not told of cards, as long as somebody else is."""
    manager, reader = Recipient("chef@example.org", manager=True), Recipient("lecteur@example.org")
    for recipients, told in (((manager, reader), 1), ((reader, Recipient("b@example.org")), 2)):
        world, post = a_world(recipients=recipients), Post()
        world.clock.advance(10 * 86_400)
        report = a_round(world, post, []).run()
        assert report.mails == len(post.told) == told


def test_a_mail_that_cannot_leave_now_leaves_at_the_next_round_and_keeps_no_other_client_waiting() -> None:
    """The provider is down for one round; an address that is refused for ever is passed over."""
    world, post = a_world(recipients=(Recipient("a@example.org"), Recipient("b@example.org"))), Post()
    world.clock.advance(10 * 86_400)
    post.down, post.refused = True, {"a@example.org"}
    with pytest.raises(ExceptionGroup, match="subscriptions"):
        a_round(world, post, []).run()
    post.down = False
    world.clock.advance(3600)
    a_round(world, post, []).run()
    a_round(world, post, []).run()
    assert post.told == [("b@example.org", "trial_ends_soon")]


def test_a_client_that_is_gone_is_erased_with_its_subscription() -> None:
    """Nothing else looks after it any more."""
    world, post, erased = World(), Post(), list[str]()
    world.billing.change("gone", CUTOFF, lambda _: trial_of("gone", CUTOFF))
    world.clock.instant = CUTOFF + 14 * DAY + KEPT
    a_round(world, post, erased).run()
    assert (erased, post.told) == (["gone"], [])
