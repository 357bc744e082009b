"""Mails, and digests as mails say them."""

from dataclasses import dataclass
from typing import Protocol

from vigie.domain.digest import Digest
from vigie.domain.site_links import DigestLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to one recipient. ``delivery_key`` is the same on every try."""

    delivery_key: str
    message_id: str
    sender: str
    to: str
    raw: bytes


class Mailer(Protocol):
    """Hands mails to the provider."""

    def send(self, mail: Mail) -> str:
        """Send, and return the provider's id.

        Raises Transient (not sent; try later), Permanent (not sent, never will be) or Unanswered (perhaps sent).
        """
        ...


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """One digest as a mail: subject, HTML and text, from one model."""

    subject: str
    html: str
    text: str


class Renderer(Protocol):
    """Turns a digest into what a client reads, in the client's language."""

    def __call__(self, digest: Digest, links: DigestLinks | None) -> RenderedDigest:
        """Return the three texts; ``links`` are one recipient's, None without a site to lead to."""
        ...
