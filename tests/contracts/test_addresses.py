"""Contract of AddressStore, and of changing a client."""

from dataclasses import replace
from typing import Any

from tests.builders import CUTOFF, a_client
from tests.contracts.together import at_once
from vigie.domain.addresses import Address, SoftBounce
from vigie.domain.clients import Recipient

EMAIL = "com@banque.test"


def bounced(address: Address, name: str) -> Address:
    """Return an address with one more bounce."""
    return replace(address, soft_bounces=(*address.soft_bounces, SoftBounce(name, CUTOFF)))


def test_an_address_nothing_happened_to_is_new(stores: Any) -> None:
    """It is not listed, and looking keeps nothing."""
    assert Address(email=EMAIL) == stores.addresses.get("COM@banque.test")
    assert stores.addresses.all() == []
    assert Address(email=EMAIL) == stores.addresses.change(EMAIL, lambda address: address)
    assert stores.addresses.all() == []


def test_no_change_is_lost(stores: Any) -> None:
    """Of changes at once each counts; letters in any case are one address."""
    at_once(4, lambda n: stores.addresses.change(EMAIL.upper(), lambda address: bounced(address, f"p-{n}")))
    (address,) = stores.addresses.all()
    assert address == stores.addresses.get(EMAIL)
    assert {"p-0", "p-1", "p-2", "p-3"} == {bounce.provider_id for bounce in address.soft_bounces}


def test_no_change_of_a_client_is_lost(stores: Any) -> None:
    """Four recipients leave at once: all of them are gone."""
    recipients = tuple(Recipient(f"r{n}@banque.test") for n in range(5))
    client = a_client(recipients=recipients)
    stores.accounts.put_client(client)

    def leave(n: int) -> None:
        stores.accounts.change_client(
            client.client_id,
            lambda each: replace(each, recipients=tuple(r for r in each.recipients if r != recipients[n])),
        )

    at_once(4, leave)
    assert replace(client, recipients=recipients[4:]) == stores.accounts.client(client.client_id)
    assert [client.client_id] == [each.client_id for each in stores.accounts.clients()]
    assert stores.accounts.change_client("nobody", lambda each: each) is None
