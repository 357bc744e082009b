"""One digest as the bytes of one mail: RFC 5322, MIME, and the headers big mailboxes ask of a sender.

The same arguments give the same bytes, so that a second try is the same mail and not another one.
"""

from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import SMTP, Policy
from email.utils import parseaddr
from urllib.parse import quote

from vigie.adapters.mail.message import close_message, mail_address, open_message
from vigie.domain.clients import Client, Recipient
from vigie.domain.digest import Digest
from vigie.ports import RenderedDigest


class _AddressList(UnstructuredHeader, BaseHeader):
    """A header of addresses in angle brackets, folded between them and nowhere else.

    The library's own folding would turn a long address into encoded words, which no mailbox reads there.
    """

    def fold(self, *, policy: Policy) -> str:
        """Return the header with one address a line."""
        addresses = str(self).replace(", ", f",{policy.linesep} ")
        return f"{self.name}: {addresses}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _AddressList)
_POLICY = SMTP.clone(header_factory=_HEADERS)


def compose_mail(
    rendered: RenderedDigest,
    *,
    sender: str,
    recipient: Recipient,
    client: Client,
    digest: Digest,
    message_id: str,
    unsubscribe_url: str | None = None,
    unsubscribe_mailto: str | None = None,
) -> bytes:
    """Return the mail, lines ended by CR LF: text first, then HTML.

    ``sender`` is an address, with a name in front (``Veille <veille@…>``) or else ``vigie``;
    ``unsubscribe_mailto`` is the address that takes unsubscriptions, the sender's unless told;
    ``unsubscribe_url`` must act on POST (RFC 8058) and stands only when given.
    Raises Permanent for an address that no mail can carry.
    """
    message = open_message(
        sender=sender,
        to=mail_address(recipient.name, recipient.email),
        subject=rendered.subject,
        at=digest.built_at,
        message_id=message_id,
        feedback_id=f"{client.client_id}:digest:vigie",
        policy=_POLICY,
    )
    message["X-Vigie-Digest"] = f"{client.client_id}/{digest.digest_id}"
    ways_out = [
        f"<mailto:{quote(unsubscribe_mailto or parseaddr(sender)[1], safe='@+.')}?subject=unsubscribe>"
    ]
    if unsubscribe_url and unsubscribe_url.startswith("https://"):
        ways_out.insert(0, f"<{quote(unsubscribe_url, safe=':/?&=%#+,;@~')}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["List-Unsubscribe"] = ", ".join(ways_out)
    return close_message(message, text=rendered.text, html=rendered.html, language=digest.locale)
