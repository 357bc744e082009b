"""What the provider tells of mails, and what comes of it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import CUTOFF, a_client
from tests.fakes import World
from tests.pipeline.spine import Spine, Web
from vigie.domain.addresses import MailEvent
from vigie.domain.clients import Recipient
from vigie.steps.deliver import delivery_key
from vigie.steps.unsubscribe import Unsubscribe

COM, DG = "com@banque.test", "dg@banque.test"
CLIENT = a_client(recipients=(Recipient(COM), Recipient(DG)))
KEY = delivery_key(CLIENT.client_id, "20261208T061500Z", COM)


@pytest.fixture
def world() -> World:
    """Return a stack with one client of two recipients."""
    world = World()
    world.clock.instant = CUTOFF
    world.accounts.put_client(CLIENT)
    return world


def tell(world: World, kind: str, email: str = COM, *, times: int = 1, **fields: Any) -> None:
    """Tell the stack of an event, perhaps several times."""
    event = MailEvent(
        kind=kind,  # type: ignore[arg-type]
        email=email,
        **{"provider_id": "p-1", "at": CUTOFF, "delivery_key": KEY, **fields},
    )
    for _ in range(times):
        Spine(world, Web()).mail_events.run(event)


def recipients(world: World) -> list[str]:
    """Return who receives the client's digest."""
    client = world.accounts.client(CLIENT.client_id)
    return [each.email for each in client.recipients] if client else []


def test_a_send_event_settles_a_delivery(world: World) -> None:
    """The provider's word is as good as our own mark; one without a key of ours says nothing."""
    tell(world, "sent", "")
    assert world.deliveries.is_sent(CLIENT.client_id, KEY)
    tell(world, "sent", "", delivery_key="")


def test_who_complains_is_written_to_no_more_and_taken_off(world: World) -> None:
    """Once, however often it is told."""
    tell(world, "complained", "COM@banque.test", times=2)
    assert recipients(world) == [DG]
    assert not world.addresses.get(COM).is_written_to(CUTOFF + timedelta(days=900))


def test_a_bounce_stops_the_address_and_leaves_the_recipient(world: World) -> None:
    """The agency sees who does not get it, and may lift it once the mailbox is back."""
    tell(world, "bounced", detail="550 user unknown")
    assert recipients(world) == [COM, DG]
    assert not world.addresses.get(COM).is_written_to(CUTOFF)
    assert world.addresses.get(DG).is_written_to(CUTOFF)


def test_a_full_mailbox_is_written_to_again(world: World) -> None:
    """One bounce that may pass stops nothing."""
    tell(world, "bounced_softly", times=5)
    assert world.addresses.get(COM).is_written_to(CUTOFF)


def test_a_mail_refused_for_what_it_holds_is_parked(world: World) -> None:
    """Ops see it; the address has done nothing."""
    tell(world, "rejected", "", detail="Bad content")
    assert [parked.reason for parked in world.ledger.parked()] == ["rejected: Bad content"]


def test_leaving_twice_is_leaving_once(world: World) -> None:
    """The second press of the button changes nothing and is no error; nor does one of somebody unknown."""
    leave = Unsubscribe(world.accounts)
    assert [leave.run(CLIENT.client_id, "Com@Banque.test") for _ in range(2)] == [True, False]
    assert recipients(world) == [DG]
    assert not leave.run("nobody", COM)
    assert leave.run(CLIENT.client_id, DG)
    assert recipients(world) == []
