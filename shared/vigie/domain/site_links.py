"""The addresses of the site that a mail or a page may hold: what each is about, and how long it lasts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal, get_args

from vigie.domain.links import Link, LinkPurpose, sign
from vigie.errors import NotFound

Action = Literal["irrelevant", "correct", "share"]
ACTIONS: tuple[Action, ...] = get_args(Action)

DAYS_VALID: dict[LinkPurpose, int] = {
    "digest": 31,
    "act": 31,
    "share": 14,
    "unsubscribe": 400,  # a way out must outlast the memory of how one came in
    "preferences": 31,
    "review": 7,
    "acknowledge": 7,
}

PATHS: dict[LinkPurpose, str] = {
    "digest": "digest",
    "act": "story",
    "share": "shared",
    "unsubscribe": "unsubscribe",
    "preferences": "preferences",
    "review": "review",
    "acknowledge": "alert",
}
"""The first part of each kind of address; the token is the second."""


@dataclass(frozen=True, slots=True)
class StoryRef:
    """A story as one digest tells it: what ``act`` and ``share`` links are about."""

    digest_id: str
    story_id: str

    def __str__(self) -> str:
        return f"{self.digest_id}/{self.story_id}"

    @classmethod
    def read(cls, subject: str) -> "StoryRef":
        """Read a link's subject. Raises NotFound."""
        digest_id, slash, story_id = subject.partition("/")
        if not slash:
            raise NotFound("This link names no story.")
        return cls(digest_id, story_id)


def valid_until(purpose: LinkPurpose, now: datetime) -> datetime:
    """Return when a link made now ends: at a midnight, so that a mail composed again the same day is the same."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=DAYS_VALID[purpose] + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLinks:
    """Makes addresses of the site for one recipient of one client.

    ``site_url`` has no slash at its end; on a page it may be relative (``..``). ``until`` is the end of the link
    that opened the page: those made there end no later, or following them would prolong it for ever.
    """

    site_url: str
    secret: str
    client_id: str
    recipient: str
    now: datetime
    until: datetime | None = None

    def to(self, purpose: LinkPurpose, subject: str = "") -> str:
        """Return a signed address."""
        end = valid_until(purpose, self.now)
        return self._signed(purpose, subject, self.recipient, min(end, self.until or end))

    def to_share(self, story: StoryRef) -> str:
        """Return the address of one story, to be read by whoever it is given to."""
        return self._signed("share", str(story), "", valid_until("share", self.now))

    def _signed(self, purpose: LinkPurpose, subject: str, recipient: str, expires_at: datetime) -> str:
        link = Link(
            purpose=purpose,
            client_id=self.client_id,
            subject=subject,
            recipient=recipient,
            expires_at=expires_at,
        )
        return f"{self.site_url}/{PATHS[purpose]}/{sign(self.secret, link)}"


@dataclass(frozen=True, kw_only=True)
class DigestLinks:
    """The addresses that one recipient's mail of one digest holds."""

    site_url: str
    secret: str
    client_id: str
    digest_id: str
    recipient: str
    now: datetime

    @cached_property
    def _links(self) -> SiteLinks:
        return SiteLinks(
            site_url=self.site_url,
            secret=self.secret,
            client_id=self.client_id,
            recipient=self.recipient,
            now=self.now,
        )

    @cached_property
    def page(self) -> str:
        """The digest on the web."""
        return self._links.to("digest", self.digest_id)

    @property
    def held(self) -> str:
        """What the digest left out, and why."""
        return f"{self.page}/held"

    def act(self, story_id: str, action: Action) -> str:
        """Return the page that says what the action would do, and does it when asked there."""
        return f"{self._links.to('act', str(StoryRef(self.digest_id, story_id)))}/{action}"

    def alert(self, alert_id: str) -> str:
        """Return the page of an alert: its timeline, and what may be done about it."""
        return self._links.to("acknowledge", alert_id)

    @cached_property
    def unsubscribe(self) -> str:
        """The page to leave by; a POST to it leaves at once (RFC 8058)."""
        return self._links.to("unsubscribe")

    @cached_property
    def review(self) -> str:
        """The page to look the digest over, before it leaves."""
        return self._links.to("review", self.digest_id)

    @cached_property
    def preferences(self) -> str:
        """Hour, days and how often."""
        return self._links.to("preferences")
