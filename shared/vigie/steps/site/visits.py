"""Visits: from a token to who holds it. Every page of the site starts here."""

from collections.abc import Callable
from dataclasses import dataclass

from vigie.domain.clients import Client, Locale, Recipient
from vigie.domain.links import Link, LinkPurpose, read_link
from vigie.domain.site_links import SiteLinks
from vigie.errors import Expired, NotFound
from vigie.ports import AccountStore, Clock

TO_LEAVE: frozenset[LinkPurpose] = frozenset({"unsubscribe", "preferences"})
"""Links that open for who is no longer a recipient too: whoever left may press the button again, or come back."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A link that opened, and the client it is about."""

    link: Link
    client: Client

    @property
    def recipient(self) -> Recipient | None:
        """The recipient who holds the link, when it was sent to one who still is."""
        email = self.link.recipient.casefold()
        return next((each for each in self.client.recipients if each.email.casefold() == email), None)

    @property
    def locale(self) -> Locale:
        """The language of who reads: their own, else the client's."""
        own = self.recipient.locale if self.recipient else None
        return own or self.client.locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Lets in who holds a link of ours: unchanged, in time, and still meant for them."""

    accounts: AccountStore
    secret: Callable[[], str]
    clock: Clock

    def open(self, purpose: LinkPurpose, token: str) -> Visit:
        """Return what a token opens.

        Raises NotFound for a token that is not ours or whose client is gone, Expired when its time is past or the
        address it was sent to no longer receives the client's mails.
        """
        link = read_link(self.secret(), token, purpose, self.clock())
        client = self.accounts.client(link.client_id)
        if client is None:
            raise NotFound("What this link was about is no longer here.")
        if link.recipient and purpose not in TO_LEAVE and not _may_still(client, link):
            raise Expired("This link was sent to an address that no longer receives these mails.")
        return Visit(link, client)

    def links(self, visit: Visit, site_url: str) -> SiteLinks:
        """Return what makes the addresses on a visit's pages; they end with the link that opened it."""
        return SiteLinks(
            site_url=site_url,
            secret=self.secret(),
            client_id=visit.client.client_id,
            recipient=visit.link.recipient,
            now=self.clock(),
            until=visit.link.expires_at,
        )


def _may_still(client: Client, link: Link) -> bool:
    """Whether a link's holder is still who they were: the client's reviewer, or one of its recipients."""
    if link.purpose == "review":
        allowed = [client.reviewer.email] if client.reviewer else []
    else:
        allowed = [recipient.email for recipient in client.recipients]
    return link.recipient.casefold() in {email.casefold() for email in allowed}
