"""Send: one mail per recipient and digest, as its reviewer left it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from vigie.domain.clients import Client, Recipient
from vigie.domain.digest import Digest
from vigie.domain.review import apply_review
from vigie.domain.site_links import DigestLinks
from vigie.errors import Permanent, Transient
from vigie.messages import DigestReady
from vigie.ports import (
    LONGEST_DELAY_SECONDS,
    AccountStore,
    Clock,
    DigestStore,
    Mail,
    Outbox,
    Renderer,
    ReviewStore,
)
from vigie.steps.deliver import Deliver, SendReport, delivery_key, message_id_of

Composer = Callable[..., bytes]
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
    compose: Composer
    links: LinkMaker
    clock: Clock
    sender: str

    def run(self, message: DigestReady) -> SendReport:
        """Mail a digest to each of its client's recipients.

        Raises Busy when another worker is at one of them and Transient when the provider asks to wait: the
        queue brings the digest back, and those already served are not served again.
        """
        report = SendReport()
        seconds_early = (message.send_at - self.clock()).total_seconds()
        if seconds_early > 1:
            self.outbox.send([message], delay_seconds=int(min(seconds_early + 1, LONGEST_DELAY_SECONDS)))
            report.put_off = True
            return report
        client = self.accounts.client(message.client_id)
        found = self.digests.get(message.client_id, message.digest_id)
        if client is None or found is None:
            raise Permanent(f"digest {message.digest_id} of client {message.client_id} is not there any more")
        digest = self._reviewed(client, found)
        again: Transient | None = None
        for recipient in _meant(client, message):
            key = delivery_key(client.client_id, digest.digest_id, recipient.email)
            mail = _Letter(self, client, digest, recipient, key)
            try:
                self.deliver.run(client.client_id, key, mail.write, report)
            except Transient as error:
                again = error
        if again is not None:
            raise again
        self.digests.settle(message)
        return report

    def _reviewed(self, client: Client, digest: Digest) -> Digest:
        """Return the digest as it leaves: from the first mail on its review is closed, and all read the same."""
        if client.reviewer is None:
            return digest
        return apply_review(digest, self.reviews.close(client.client_id, digest.digest_id, self.clock()))


@dataclass(frozen=True, slots=True)
class _Letter:
    """One recipient's mail, written when its delivery is claimed."""

    send: Send
    client: Client
    digest: Digest
    recipient: Recipient
    key: str

    def write(self) -> Mail:
        """Render and compose it."""
        send, email = self.send, self.recipient.email
        digest = replace(self.digest, locale=self.recipient.locale or self.client.locale)
        links = send.links(self.client.client_id, digest.digest_id, email, send.clock())
        message_id = message_id_of(self.key, send.sender)
        return Mail(
            delivery_key=self.key,
            message_id=message_id,
            sender=send.sender,
            to=email,
            raw=send.compose(
                send.render(digest, links),
                sender=send.sender,
                recipient=self.recipient,
                client=self.client,
                digest=digest,
                message_id=message_id,
                unsubscribe_url=links.unsubscribe if links else None,
            ),
        )


def _meant(client: Client, message: DigestReady) -> list[Recipient]:
    """Return who is to get a digest: who followed its rhythm when it was built, and has not left since."""
    emails = {email.casefold() for email in message.emails}
    return [each for each in client.recipients if each.email.casefold() in emails]
