"""What operators see of addresses, and lift."""

from datetime import timedelta

import pytest

from tests.builders import CUTOFF
from tests.fakes import World
from vigie.domain.addresses import MailEvent, after
from vigie.errors import NotFound
from vigie.steps.address_desk import AddressDesk

EMAIL = "com@banque.test"


def test_what_stands_is_shown_until_it_is_lifted() -> None:
    """Then mails go there again, and lifting once more finds nothing."""
    world = World()
    world.clock.instant = CUTOFF
    desk = AddressDesk(world.addresses, world.clock)
    bounce = MailEvent(kind="bounced", provider_id="p-1", at=CUTOFF - timedelta(hours=1), email=EMAIL)
    world.addresses.change(EMAIL, lambda address: after(address, bounce))
    assert [address.email for address in desk.suppressed()] == [EMAIL]
    assert desk.lift(EMAIL.upper()).is_written_to(CUTOFF)
    assert desk.suppressed() == []
    with pytest.raises(NotFound):
        desk.lift(EMAIL)
