"""Choosing hours: one recipient's, while others choose theirs."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from tests.builders import a_client
from tests.fakes import World
from vigie.domain.clients import Client, DigestSchedule, Recipient
from vigie.domain.links import Link
from vigie.errors import BadField, Expired
from vigie.steps.site.choosing import Choosing
from vigie.steps.site.visits import Visit

READER, COLLEAGUE = Recipient("claire@armelie.example", "Claire"), Recipient("paul@armelie.example")
CLIENT = replace(a_client(), recipients=(READER, COLLEAGUE))
EARLY = DigestSchedule(time(6, 45), (0, 1, 2, 3, 4))


class Kept:
    """Remembers the clients whose digests to come were brought in step."""

    def __init__(self) -> None:
        self.changes: list[tuple[Client, Client | None]] = []

    def __call__(self, client: Client, before: Client | None) -> None:
        """Take one."""
        self.changes.append((client, before))


def visit_of(world: World, recipient: Recipient = READER) -> Visit:
    """Return a visit of a recipient, made when the client was as it is first."""
    link = Link(
        purpose="preferences",
        client_id=CLIENT.client_id,
        subject="",
        recipient=recipient.email,
        expires_at=world.clock() + timedelta(days=1),
    )
    return Visit(link, CLIENT)


def choosing_of(world: World) -> tuple[Choosing, Kept]:
    """Return what changes hours, and what it told the appointments."""
    world.accounts.put_client(CLIENT)
    kept = Kept()
    return Choosing(accounts=world.accounts, keep=kept), kept


def now_of(world: World) -> Client:
    """Return the client as it stands."""
    client = world.accounts.client(CLIENT.client_id)
    assert client is not None
    return client


def test_what_is_as_the_teams_follows_the_team() -> None:
    """Nothing chosen is the team's rhythm, and choosing the team's own is choosing nothing."""
    world = World()
    choosing, _ = choosing_of(world)
    stands = choosing.stands(visit_of(world))
    assert (stands.schedule, stands.zone, stands.is_own) == (CLIENT.schedule, CLIENT.zone, False)
    choosing.choose(visit_of(world), CLIENT.schedule, CLIENT.zone)
    assert now_of(world) == CLIENT


def test_ones_own_hours_stand_until_one_follows_the_team_again() -> None:
    """What is chosen is kept for one recipient, told to the appointments with what it was before, and undone."""
    world = World()
    choosing, kept = choosing_of(world)
    choosing.choose(visit_of(world), EARLY, "Indian/Reunion")
    chosen = now_of(world)
    assert chosen.recipients == (replace(READER, schedule=EARLY, zone="Indian/Reunion"), COLLEAGUE)
    assert kept.changes == [(chosen, CLIENT)]
    assert choosing.stands(replace(visit_of(world), client=chosen)).is_own
    choosing.follow_the_team(visit_of(world))
    assert now_of(world) == CLIENT


def test_two_who_choose_at_once_both_have_their_way() -> None:
    """A visit that began before somebody else's choice does not undo it."""
    world = World()
    choosing, _ = choosing_of(world)
    choosing.choose(visit_of(world, COLLEAGUE), EARLY, CLIENT.zone)
    choosing.choose(visit_of(world), CLIENT.schedule, "Europe/London")
    assert now_of(world).recipients == (
        replace(READER, zone="Europe/London"),
        replace(COLLEAGUE, schedule=EARLY),
    )


def test_who_left_chooses_nothing() -> None:
    """An address taken off meanwhile is not brought back by its preferences."""
    world = World()
    choosing, kept = choosing_of(world)
    world.accounts.put_client(replace(CLIENT, recipients=(COLLEAGUE,)))
    with pytest.raises(Expired):
        choosing.choose(visit_of(world), EARLY, CLIENT.zone)
    with pytest.raises(Expired):
        choosing.stands(replace(visit_of(world), client=now_of(world)))
    assert (now_of(world).recipients, kept.changes) == ((COLLEAGUE,), [])


def test_what_cannot_be_kept_is_refused() -> None:
    """No day, or no such zone: nothing changes."""
    world = World()
    choosing, _ = choosing_of(world)
    for schedule, zone in ((replace(EARLY, days=()), CLIENT.zone), (EARLY, "Europe/Armelie")):
        with pytest.raises(BadField):
            choosing.choose(visit_of(world), schedule, zone)
    assert now_of(world) == CLIENT
