"""Deliver: one mail to one address, never none, and never two that could be helped.

Before a mail is handed to the provider its delivery is claimed; after it is accepted the delivery is marked sent.
The provider has no idempotency key, so a worker that dies in between leaves a claim nobody can judge at once.
The provider's own Send event marks such a delivery sent (``confirm``); a claim that ran out without one is sent
again, ``CLAIM_SECONDS`` later: a lost mail is worse than a doubled one.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from vigie.domain.addresses import MailEvent, after
from vigie.domain.mentions import Parked
from vigie.errors import AddressRefused, Busy, Permanent, Transient, Unanswered
from vigie.ports import AddressStore, Clock, DeliveryStore, LedgerStore, Mail, Mailer

CLAIM_SECONDS = 300
"""Five times a worker's life, and long enough for the provider's event to come."""


@dataclass(slots=True, kw_only=True)
class SendReport:
    """What became of one message's mails, by delivery key."""

    sent: list[str] = field(default_factory=list)
    sent_before: list[str] = field(default_factory=list)
    sent_in_doubt: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    suppressed: list[str] = field(default_factory=list)
    put_off: bool = False
    waits_for: str = ""  # why some are tried again later


@dataclass(slots=True)
class Pace:
    """Keeps a worker within its share of the mails a second that the provider takes.

    ``seconds_between`` is asked when there is a mail, for the provider may have to be asked; it may raise Transient.
    """

    seconds_between: Callable[[], float]
    sleep: Callable[[float], None]
    tick: Callable[[], float]
    _free_at: float = 0.0

    def wait(self) -> None:
        """Return when the next mail may leave."""
        seconds_between = self.seconds_between()
        now = self.tick()
        if self._free_at > now:
            self.sleep(self._free_at - now)
        self._free_at = max(self._free_at, now) + seconds_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Hands mails to the provider, each once, none to an address that is not written to."""

    deliveries: DeliveryStore
    ledger: LedgerStore
    mailer: Mailer
    addresses: AddressStore
    pace: Pace
    clock: Clock

    def run(self, client_id: str, key: str, email: str, make: Callable[[], Mail], report: SendReport) -> None:
        """Send the mail that ``make`` composes unless the delivery is done with, and say so in ``report``.

        Raises Busy when another worker is at it, Transient when the provider asks to wait.
        """
        if not self.addresses.get(email).is_written_to(self.clock()):
            report.suppressed.append(key)
            return
        claim = self.deliveries.claim(client_id, key, self.clock(), CLAIM_SECONDS)
        if claim == "sent":
            report.sent_before.append(key)
            return
        if claim == "held":
            raise Busy(f"delivery {key} is claimed; it is looked at again when the claim has run out")
        try:
            mail = make()
            self.pace.wait()
            provider_id = self.mailer.send(mail)
        except Unanswered:
            raise  # perhaps sent: the claim stays until the provider's event, or its time, settles it
        except Transient:
            self.deliveries.give_back(client_id, key)
            raise
        except Permanent as error:
            # The claim stays: this address was refused for good, trying it again would harm the sender's name.
            if isinstance(error, AddressRefused):
                bounce = MailEvent(kind="bounced", provider_id=key, at=self.clock(), detail=str(error))
                self.addresses.change(email, lambda address: after(address, bounce))
            self.ledger.park(Parked("send", key, str(error), self.clock(), {"client_id": client_id}))
            self.deliveries.mark_sent(client_id, key, f"refused: {error}", self.clock())
            report.refused[key] = str(error)
            return
        self.deliveries.mark_sent(client_id, key, provider_id, self.clock())
        (report.sent_in_doubt if claim == "doubtful" else report.sent).append(key)

    def confirm(self, delivery_key: str, provider_id: str) -> None:
        """Take the provider's word that it accepted a mail."""
        client_id = delivery_key.partition("_")[0]
        self.deliveries.mark_sent(client_id, delivery_key, provider_id, self.clock())


def delivery_key(client_id: str, digest_id: str, email: str) -> str:
    """Return the key of one mail: the same for the same recipient and digest on every try.

    Letters, digits, ``-`` and ``_`` only, as SES message tags want; it starts with the client, whose id has
    no ``_``.
    """
    return f"{client_id}_{digest_id}_{hashlib.sha256(email.lower().encode()).hexdigest()[:16]}"


def message_id_of(key: str, sender: str) -> str:
    """Return a delivery's Message-ID: the same on every try."""
    return f"<{key}@{sender.rpartition('@')[2].rstrip('>')}>"
