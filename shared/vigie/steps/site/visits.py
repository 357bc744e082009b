"""Visits: from a token to who holds it. Every page of the site starts here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vigie.domain.alerts.settings import AlertSettings
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
    """Lets in who holds a link of ours: unchanged, in time, and still meant for them.

    ``enter`` goes on under the credentials of the link's client, before anything of it is read.
    """

    accounts: AccountStore
    alert_settings: Callable[[str], AlertSettings]
    secret: Callable[[], str]
    clock: Clock
    enter: Callable[[str], None] = lambda _client_id: None

    def open(self, purpose: LinkPurpose, token: str) -> Visit:
        """Return what a token opens.

        Raises NotFound for a token that is not ours or whose client is gone, Expired when its time is past or the
        address it was sent to no longer receives the client's mails.
        """
        link = read_link(self.secret(), token, purpose, self.clock())
        self.enter(link.client_id)
        client = self.accounts.client(link.client_id)
        if client is None:
            raise NotFound("What this link was about is no longer here.")
        if link.recipient and purpose not in TO_LEAVE and not self._may_still(client, link):
            raise Expired("This link was sent to an address that no longer receives these mails.")
        return Visit(link, client)

    def _may_still(self, client: Client, link: Link) -> bool:
        """Whether a link's holder is still who they were.

        The client's reviewer; one of its recipients; or, to take an alert in charge, somebody of its chain.
        """
        if link.purpose == "review":
            return _is_one_of(link.recipient, [client.reviewer.email] if client.reviewer else [])
        if _is_one_of(link.recipient, [recipient.email for recipient in client.recipients]):
            return True
        if link.purpose != "acknowledge":
            return False
        return self.alert_settings(client.client_id).person(client, link.recipient) is not None

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


def _is_one_of(email: str, emails: Sequence[str]) -> bool:
    return email.casefold() in {each.casefold() for each in emails}
