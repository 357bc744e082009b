"""Unsubscribe: a recipient leaves a client's digests, by their own hand or because they complained."""

from dataclasses import dataclass, replace

from vigie.domain.clients import Client
from vigie.ports import AccountStore


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Takes addresses off. Pressing the button again, or twice at once, changes nothing more (RFC 8058)."""

    accounts: AccountStore

    def run(self, client_id: str, email: str) -> bool:
        """Take an address off a client's recipients; return whether it was one.

        A digest already built goes to those who are left; a rhythm that nobody follows any more ends by itself.
        """
        gone = email.casefold()
        was_there = False

        def without(client: Client) -> Client:
            nonlocal was_there
            left = tuple(each for each in client.recipients if each.email.casefold() != gone)
            was_there = len(left) < len(client.recipients)
            return replace(client, recipients=left)

        self.accounts.change_client(client_id, without)
        return was_there
