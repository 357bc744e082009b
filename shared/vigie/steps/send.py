"""Send: one mail per recipient and digest, never none, and never two that could be helped.

Before a mail is handed to the provider its delivery is claimed; after it is accepted the delivery is marked sent.
The provider has no idempotency key, so a worker that dies in between leaves a claim nobody can judge at once.
The provider's own Send event marks such a delivery sent (``confirm``); a claim that ran out without one is sent
again, ``CLAIM_SECONDS`` later: a lost mail is worse than a doubled one.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from vigie.domain.clients import Client, Recipient
from vigie.domain.digest import Digest
from vigie.domain.mentions import Parked
from vigie.errors import Busy, Permanent, Transient, Unanswered
from vigie.messages import DigestReady
from vigie.ports import (
    LONGEST_DELAY_SECONDS,
    AccountStore,
    Clock,
    DeliveryStore,
    DigestStore,
    LedgerStore,
    Mail,
    Mailer,
    Outbox,
    RenderedDigest,
    Renderer,
)

CLAIM_SECONDS = 600

Composer = Callable[..., bytes]


@dataclass(slots=True, kw_only=True)
class SendReport:
    """What became of one digest's mails, by delivery key."""

    sent: list[str] = field(default_factory=list)
    sent_before: list[str] = field(default_factory=list)
    sent_in_doubt: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    put_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Mails stored digests."""

    accounts: AccountStore
    digests: DigestStore
    deliveries: DeliveryStore
    ledger: LedgerStore
    mailer: Mailer
    outbox: Outbox
    render: Renderer
    compose: Composer
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
        digest = self.digests.get(message.client_id, message.digest_id)
        if client is None or digest is None:
            raise Permanent(f"digest {message.digest_id} of client {message.client_id} is not there any more")
        rendered = self.render(digest, {})
        again: Transient | None = None
        for recipient in client.recipients:
            try:
                self._deliver(client, digest, recipient, rendered, report)
            except Transient as error:
                again = error
        if again is not None:
            raise again
        return report

    def confirm(self, delivery_key: str, provider_id: str) -> None:
        """Take the provider's word that it accepted a mail."""
        client_id = delivery_key.partition("_")[0]
        self.deliveries.mark_sent(client_id, delivery_key, provider_id, self.clock())

    def _deliver(
        self,
        client: Client,
        digest: Digest,
        recipient: Recipient,
        rendered: RenderedDigest,
        report: SendReport,
    ) -> None:
        key = delivery_key(client.client_id, digest.digest_id, recipient.email)
        claim = self.deliveries.claim(client.client_id, key, self.clock(), CLAIM_SECONDS)
        if claim == "sent":
            report.sent_before.append(key)
            return
        if claim == "held":
            raise Busy(f"delivery {key} is claimed; it is looked at again when the claim has run out")
        try:
            provider_id = self.mailer.send(self._mail(client, digest, recipient, rendered, key))
        except Unanswered:
            raise  # perhaps sent: the claim stays until the provider's event, or its time, settles it
        except Transient:
            self.deliveries.give_back(client.client_id, key)
            raise
        except Permanent as error:
            # The claim stays: this address was refused for good, trying it again would harm the sender's name.
            self.ledger.park(Parked("send", key, str(error), self.clock(), {"client_id": client.client_id}))
            self.deliveries.mark_sent(client.client_id, key, f"refused: {error}", self.clock())
            report.refused[key] = str(error)
            return
        self.deliveries.mark_sent(client.client_id, key, provider_id, self.clock())
        (report.sent_in_doubt if claim == "doubtful" else report.sent).append(key)

    def _mail(
        self, client: Client, digest: Digest, recipient: Recipient, rendered: RenderedDigest, key: str
    ) -> Mail:
        message_id = f"<{key}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        return Mail(
            delivery_key=key,
            message_id=message_id,
            sender=self.sender,
            to=recipient.email,
            raw=self.compose(
                rendered,
                sender=self.sender,
                recipient=recipient,
                client=client,
                digest=digest,
                message_id=message_id,
            ),
        )


def delivery_key(client_id: str, digest_id: str, email: str) -> str:
    """Return the key of one mail: the same for the same recipient and digest on every try.

    Letters, digits, ``-`` and ``_`` only, as SES message tags want; it starts with the client, whose id has
    no ``_``.
    """
    return f"{client_id}_{digest_id}_{hashlib.sha256(email.lower().encode()).hexdigest()[:16]}"
