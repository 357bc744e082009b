"""Choosing: when a recipient's mails come, as they say so on their page."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from vigie.domain.clients import Client, DigestSchedule, Recipient, check_client
from vigie.errors import Expired
from vigie.ports import AccountStore
from vigie.steps.site.visits import Visit


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When somebody's mails come; ``is_own`` says that it is not as the team set it."""

    schedule: DigestSchedule
    zone: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """Shows and changes one recipient's hours. ``keep`` brings the client's digests to come in step."""

    accounts: AccountStore
    keep: Callable[[Client, Client | None], None]

    def stands(self, visit: Visit) -> Rhythm:
        """Return the hours of who holds the link. Raises Expired for who no longer receives anything."""
        client, recipient = visit.client, visit.recipient
        if recipient is None:
            raise Expired("This address no longer receives these mails.")
        return Rhythm(
            schedule=recipient.schedule or client.schedule,
            zone=recipient.zone or client.zone,
            is_own=recipient.schedule is not None or recipient.zone is not None,
        )

    def choose(self, visit: Visit, schedule: DigestSchedule, zone: str) -> None:
        """Let the mails come so; what is as the team's follows it. Raises BadField or Expired."""

        def changed(client: Client, recipient: Recipient) -> Recipient:
            return replace(
                recipient,
                schedule=None if schedule == client.schedule else schedule,
                zone=None if zone == client.zone else zone,
            )

        self._change(visit, changed)

    def follow_the_team(self, visit: Visit) -> None:
        """Let the mails come when the team's do. Raises Expired."""
        self._change(visit, lambda _client, recipient: replace(recipient, schedule=None, zone=None))

    def _change(self, visit: Visit, make: Callable[[Client, Recipient], Recipient]) -> None:
        before = visit.client

        def changed(client: Client) -> Client:
            nonlocal before
            before = client
            own = Visit(visit.link, client).recipient
            if own is None:
                raise Expired("This address no longer receives these mails.")
            recipients = tuple(make(client, own) if each == own else each for each in client.recipients)
            return check_client(replace(client, recipients=recipients))

        after = self.accounts.change_client(visit.client.client_id, changed)
        if after is not None:
            self.keep(after, before)
