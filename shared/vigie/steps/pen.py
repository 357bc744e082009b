"""Writing mails of digests: one envelope for all of them."""

from collections.abc import Callable
from dataclasses import dataclass

from vigie.domain.clients import Client, Recipient
from vigie.domain.digest import Digest
from vigie.ports import Mail, RenderedDigest
from vigie.steps.deliver import message_id_of

Composer = Callable[..., bytes]
"""Makes the bytes of a mail; see ``compose_mail`` for what it is told."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes mails, all from one ``sender``."""

    compose: Composer
    sender: str

    def write(
        self,
        key: str,
        rendered: RenderedDigest,
        *,
        client: Client,
        digest: Digest,
        recipient: Recipient,
        unsubscribe_url: str | None = None,
    ) -> Mail:
        """Return the mail of one delivery; its Message-ID follows from the delivery's key."""
        message_id = message_id_of(key, self.sender)
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
                unsubscribe_url=unsubscribe_url,
            ),
        )
