"""The address desk: which addresses the stack does not write to, why, and writing to them again."""

from dataclasses import dataclass

from vigie.domain.addresses import Address, lifted
from vigie.errors import NotFound
from vigie.ports import AddressStore, Clock


@dataclass(frozen=True, slots=True)
class AddressDesk:
    """Shows operators what stands, and lifts it."""

    addresses: AddressStore
    clock: Clock

    def suppressed(self) -> list[Address]:
        """Return the addresses that are not written to now."""
        now = self.clock()
        return [address for address in self.addresses.all() if not address.is_written_to(now)]

    def lift(self, email: str) -> Address:
        """Write to an address again; what happened before counts no more. Raises NotFound when nothing stands."""
        now = self.clock()
        if self.addresses.get(email).is_written_to(now):
            raise NotFound(f"There is no suppression of {email}.")
        return self.addresses.change(email, lambda address: lifted(address, now))
