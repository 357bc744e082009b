"""Visits: who a token lets in, and who it no longer does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_client
from tests.fakes import World
from vigie.domain.alerts.settings import Channel, Person
from vigie.domain.clients import Recipient, Reviewer
from vigie.domain.links import LINK_PURPOSES, Link, LinkPurpose, sign
from vigie.errors import Expired, NotFound
from vigie.steps.site.visits import Visits

SECRET = "kQ3vZ0b1Jm5u7n9p2r4t6w8y"
READER, REVIEWER = "Claire@armelie.example", "jeanne@agence.example"
CLIENT = replace(a_client(), recipients=(Recipient(READER, locale="en"),), reviewer=Reviewer(REVIEWER))


def visits_of(world: World) -> Visits:
    """Return a door whose client has a recipient and a reviewer."""
    world.accounts.put_client(CLIENT)
    return Visits(
        accounts=world.accounts,
        alert_settings=world.alerts.settings,
        secret=lambda: SECRET,
        clock=world.clock,
    )


def token(world: World, purpose: LinkPurpose, recipient: str = READER, **changes: str) -> str:
    """Return the token of a link that lasts a day."""
    link = Link(
        purpose=purpose,
        client_id=CLIENT.client_id,
        subject="20261208T061500Z",
        recipient=recipient,
        expires_at=world.clock() + timedelta(days=1),
    )
    return sign(SECRET, replace(link, **changes))


@pytest.mark.parametrize("purpose", [purpose for purpose in LINK_PURPOSES if purpose != "review"])
def test_recipients_are_let_in_until_their_links_end(purpose: LinkPurpose) -> None:
    """A recipient is known in any case of letters, with their language; a day later the link opens nothing."""
    world = World()
    door, key = visits_of(world), token(world, purpose, READER.upper())
    visit = door.open(purpose, key)
    assert visit.recipient == CLIENT.recipients[0]
    assert visit.locale == "en"
    world.clock.advance(86_400)
    with pytest.raises(Expired):
        door.open(purpose, key)


@pytest.mark.parametrize("purpose", ["digest", "act", "acknowledge", "review"])
def test_strangers_are_not(purpose: LinkPurpose) -> None:
    """A link sent to who is no recipient any more (for a review: no reviewer) opens nothing."""
    world = World()
    door = visits_of(world)
    with pytest.raises(Expired):
        door.open(purpose, token(world, purpose, "gone@armelie.example"))


def test_a_reviewer_reviews_and_does_nothing_else() -> None:
    """The reviewer's address opens reviews alone, a recipient's none."""
    world = World()
    door = visits_of(world)
    assert door.open("review", token(world, "review", REVIEWER)).recipient is None
    for purpose, email in (("digest", REVIEWER), ("review", READER)):
        with pytest.raises(Expired):
            door.open(purpose, token(world, purpose, email))  # type: ignore[arg-type]


@pytest.mark.parametrize("taker", ["garde@agence.example", "Garde", "GARDE@agence.example"])
def test_who_is_in_the_chain_takes_alerts_and_reads_nothing_else(taker: str) -> None:
    """The duty desk is no recipient: its address or its name opens alerts, as long as it is in the chain."""
    world = World()
    door = visits_of(world)
    duty = Person(name="Garde", channels=(Channel("mail", "garde@agence.example"),))
    world.alerts.change_settings(CLIENT.client_id, lambda standing: replace(standing, people=(duty,)))
    assert door.open("acknowledge", token(world, "acknowledge", taker)).link.recipient == taker
    with pytest.raises(Expired):
        door.open("digest", token(world, "digest", taker))
    world.alerts.change_settings(CLIENT.client_id, lambda standing: replace(standing, people=()))
    with pytest.raises(Expired):
        door.open("acknowledge", token(world, "acknowledge", taker))


@pytest.mark.parametrize("purpose", ["unsubscribe", "preferences"])
def test_who_left_may_open_the_way_out_again(purpose: LinkPurpose) -> None:
    """Pressing the button twice is no error; a link that goes from hand to hand needs no recipient."""
    world = World()
    door = visits_of(world)
    assert door.open(purpose, token(world, purpose, "gone@armelie.example")).recipient is None
    assert door.open("share", token(world, "share", "")).locale == CLIENT.locale


def test_a_client_that_is_gone_is_not_found() -> None:
    """Links outlive a client without opening anything."""
    world = World()
    door = visits_of(world)
    with pytest.raises(NotFound):
        door.open("digest", token(world, "digest", client_id="another"))


def test_addresses_made_on_a_visit_end_with_it() -> None:
    """A page's links are for who reads it, and end when its own does."""
    world = World()
    door = visits_of(world)
    visit = door.open("digest", token(world, "digest"))
    made = door.links(visit, "..").to("act", "20261208T061500Z/st-1").rpartition("/")[2]
    act = door.open("act", made).link
    assert (act.recipient, act.expires_at) == (READER, visit.link.expires_at)
