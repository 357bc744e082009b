"""Send: one mail per recipient and digest, as its reviewer left it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from vigie.domain.clients import Client, Recipient
from vigie.domain.digest import Digest
from vigie.domain.lateness import LATE_AFTER
from vigie.domain.review import apply_review
from vigie.domain.site_links import DigestLinks
from vigie.errors import Permanent, Transient
from vigie.messages import DigestReady
from vigie.ports import (
    AccountStore,
    Clock,
    DigestStore,
    Mail,
    Outbox,
    Renderer,
    ReviewStore,
)
from vigie.steps.deliver import Deliver, SendReport, delivery_key
from vigie.steps.pen import Pen
from vigie.steps.putting_off import put_off

_AGAIN_SECONDS = 60

LinkMaker = Callable[..., DigestLinks | None]
"""Makes the addresses of one recipient's mail: (client id, digest id, address, now); None without a site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Mails stored digests."""

    accounts: AccountStore
    digests: DigestStore
    reviews: ReviewStore
    deliver: Deliver
    outbox: Outbox
    render: Renderer
    pen: Pen
    links: LinkMaker
    clock: Clock
    budget_seconds: int
    announce: Callable[[str, str], int] = lambda _client_id, _digest_id: 0

    def run(self, message: DigestReady) -> SendReport:
        """Mail a digest to each recipient it was built for.

        When another worker is at one of them, when the provider asks to wait or when this worker's time is up, the
        digest goes back to the queue; those already served are not served again. Raises Permanent for a digest that
        is not there.
        """
        report = SendReport()
        if put_off(message, message.send_at, self.outbox, self.clock()):
            report.put_off = True
            return report
        client = self.accounts.client(message.client_id)
        found = self.digests.get(message.client_id, message.digest_id)
        if client is None or found is None:
            raise Permanent(f"digest {message.digest_id} of client {message.client_id} is not there any more")
        digest = self._reviewed(client, found)
        waits: list[Transient] = []
        until = self.clock() + timedelta(seconds=self.budget_seconds)
        for recipient in _meant(client, message):
            if self.clock() >= until:
                self.outbox.send([message])  # the next worker goes on
                report.waits_for = "this worker's time is up"
                return report
            key = delivery_key(client.client_id, digest.digest_id, recipient.email)
            write = partial(self._mail, client, digest, recipient, key)
            try:
                self.deliver.run(client.client_id, key, recipient.email, write, report)
            except Transient as error:
                waits.append(error)
        self._finish(message, waits, report)
        return report

    def _finish(self, message: DigestReady, waits: Sequence[Transient], report: SendReport) -> None:
        """Settle a digest, or have those who wait tried again in a minute; once it is late, ``Overdue`` does that."""
        if not waits:
            self.announce(message.client_id, message.digest_id)
            self.digests.settle(message)
            return
        report.waits_for = str(waits[-1])
        if self.clock() - message.send_at < LATE_AFTER:
            self.outbox.send([message], delay_seconds=_AGAIN_SECONDS)

    def _reviewed(self, client: Client, digest: Digest) -> Digest:
        """Return the digest as it leaves: from the first mail on its review is closed, and all read the same."""
        if client.reviewer is None:
            return digest
        return apply_review(digest, self.reviews.close(client.client_id, digest.digest_id, self.clock()))

    def _mail(self, client: Client, digest: Digest, recipient: Recipient, key: str) -> Mail:
        """Write one recipient's mail, in their language."""
        digest = replace(digest, locale=recipient.locale or client.locale)
        links = self.links(client.client_id, digest.digest_id, recipient.email, self.clock())
        return self.pen.write(
            key,
            self.render(digest, links),
            client=client,
            digest=digest,
            recipient=recipient,
            unsubscribe_url=links.unsubscribe if links else None,
        )


def _meant(client: Client, message: DigestReady) -> list[Recipient]:
    """Return who is to get a digest: who followed its rhythm when it was built, and has not left since."""
    emails = {email.casefold() for email in message.emails}
    return [each for each in client.recipients if each.email.casefold() in emails]
