"""The addresses in a mail: one recipient's own, or places kept for them, to be filled in for each recipient.

A digest is laid out once, with places as long as the addresses that will stand there, so that it weighs as much.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from vigie.domain.site_links import Action

URL_LIMIT = 2_000  # characters; mail clients cut longer ones
_ROOM_CHARACTERS = 64  # addresses are as long as the recipient's own: their places come in steps
_PLACE = re.compile(r"https://place\.invalid/(\d+)/_*")


class MailLinks(Protocol):
    """What ``domain.site_links.DigestLinks`` makes: addresses of the site that are themselves the permission."""

    @property
    def page(self) -> str:
        """The digest on the web."""
        ...

    @property
    def held(self) -> str:
        """What the digest left out, and why."""
        ...

    @property
    def unsubscribe(self) -> str:
        """The page to leave by."""
        ...

    @property
    def preferences(self) -> str:
        """Hour, days and how often."""
        ...

    def act(self, story_id: str, action: Action) -> str:
        """Return the page of what a reader may do about a story."""
        ...

    def alert(self, alert_id: str) -> str:
        """Return the page of an alert."""
        ...


def web_link(url: str) -> str | None:
    """Return ``url`` when a reader may follow it: http or https, a host, nothing hidden; else None.

    A user name in front of the host is how an address pretends to be another's.
    """
    if len(url) > URL_LIMIT or not url.isprintable() or any(character in url for character in ' "<>\\'):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    safe = parts.scheme.lower() in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return url if safe else None


def width_for(links: MailLinks) -> int:
    """Return how many characters are kept for each of a recipient's addresses."""
    longest = max(len(links.act("0" * 40, "irrelevant")), len(links.held), len(links.preferences))
    return (longest // _ROOM_CHARACTERS + 1) * _ROOM_CHARACTERS


@dataclass(frozen=True, slots=True)
class Places:
    """Stands for a recipient's links while a digest is laid out; ``filled`` puts them in."""

    width: int
    _wanted: list[Callable[[MailLinks], str]] = field(default_factory=list)

    @property
    def page(self) -> str:
        """A place for the digest on the web."""
        return self._place(lambda links: links.page)

    @property
    def held(self) -> str:
        """A place for what the digest left out."""
        return self._place(lambda links: links.held)

    @property
    def unsubscribe(self) -> str:
        """A place for the page to leave by."""
        return self._place(lambda links: links.unsubscribe)

    @property
    def preferences(self) -> str:
        """A place for hour, days and how often."""
        return self._place(lambda links: links.preferences)

    def act(self, story_id: str, action: Action) -> str:
        """Return a place for the page of what a reader may do about a story."""
        return self._place(lambda links: links.act(story_id, action))

    def alert(self, alert_id: str) -> str:
        """Return a place for the page of an alert."""
        return self._place(lambda links: links.alert(alert_id))

    def filled(self, text: str, links: MailLinks, escape: Callable[[str], str] = str) -> str:
        """Return ``text`` with the recipient's addresses in their places."""
        made: dict[int, str] = {}

        def address(found: re.Match[str]) -> str:
            number = int(found[1])
            if number not in made:
                made[number] = escape(self._wanted[number](links))
            return made[number]

        return _PLACE.sub(address, text)

    def _place(self, wanted: Callable[[MailLinks], str]) -> str:
        self._wanted.append(wanted)
        return f"https://place.invalid/{len(self._wanted) - 1}/".ljust(self.width, "_")
