"""A digest and the language it is printed in: the way the views ask for words, hours and safe titles."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from vigie.adapters.mail.catalogue import Catalogue
from vigie.domain.digest import Digest
from vigie.domain.digest_build import rhythm_in
from vigie.domain.rhythms import OPENING
from vigie.domain.typography import french_spaces, isolated, moment, one_line

TITLE_LIMIT = 140
Span = Literal["opening", "day", "days", "week"]


@dataclass(frozen=True)
class Printer:
    """A digest and the language it is printed in: the way the views ask for words, hours and safe titles."""

    catalogue: Catalogue
    digest: Digest

    @cached_property
    def client(self) -> str:
        """The client's name, fit for one line."""
        return self.title(self.digest.client_name, 60)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The client's zone."""
        return ZoneInfo(self.digest.zone)

    @cached_property
    def day(self) -> date:
        """The local day the digest is of: the one it closes on."""
        return self.local(self.digest.interval.until).date()

    @cached_property
    def span(self) -> Span:
        """Whether the digest is of a day, of several (a week-end, a holiday), of a week, or of before."""
        if rhythm_in(self.digest.digest_id) == OPENING:
            return "opening"
        length = self.digest.interval.until - self.digest.interval.since
        if length >= timedelta(days=6):
            return "week"
        return "days" if length >= timedelta(days=1, hours=12) else "day"

    def local(self, at: datetime) -> datetime:
        """Return an instant in the client's zone."""
        return at.astimezone(self.zone)

    def moment(self, at: datetime) -> str:
        """Return when something happened, for a reader of this digest."""
        return moment(self.local(at), self.day, self.digest.locale)

    def say(self, key: str, **fields: str) -> str:
        """Return a message of the catalogue."""
        return self.catalogue.say(key, **fields)

    def count(self, key: str, count: int, **fields: str) -> str:
        """Return a message of the catalogue that agrees with a count."""
        return self.catalogue.count(key, count, **fields)

    def title(self, text: str, limit: int = TITLE_LIMIT) -> str:
        """Return a foreign text on one line, cut, and unable to turn what stands beside it."""
        line = one_line(text, limit)
        if self.digest.locale == "fr":
            line = french_spaces(line)  # a line must not begin with the colon of a title
        return isolated(line) or self.say("untitled")
