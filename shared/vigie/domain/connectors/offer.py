"""The platforms there are, and on what terms an agency may follow them. Never by scraping."""

from dataclasses import dataclass
from typing import Literal

from vigie.domain.connectors.followed import family_of, part_of

Access = Literal["open", "feeds", "authorisation", "contract", "never"]
"""Needs nothing; is read like any feed; needs an account or a key; needs a contract; is not offered to agencies."""


@dataclass(frozen=True, slots=True)
class Family:
    """A platform as clients know it."""

    family: str
    label: str
    access: Access
    sampled: bool = False  # what can be searched there is never all there is


FAMILIES: tuple[Family, ...] = (
    Family("google-news", "Google News", "open"),
    Family("bluesky", "Bluesky", "authorisation"),
    Family("mastodon", "Mastodon", "authorisation", sampled=True),
    Family("youtube", "YouTube", "authorisation"),
    Family("forums", "Forums", "feeds"),
    Family("reddit", "Reddit", "contract"),
    Family("x", "X", "contract"),
    Family("linkedin", "LinkedIn", "never"),
    Family("tiktok", "TikTok", "never"),
)
_BY_NAME = {family.family: family for family in FAMILIES}


def family_named(connector: str) -> Family:
    """Return the platform a connector is of; one we do not list needs authorisation."""
    name = family_of(connector)
    return _BY_NAME.get(name) or Family(name, name, "authorisation")


def label_of(connector: str) -> str:
    """Return what a connector is called: ``Bluesky``, ``Mastodon (mamot.fr)``."""
    label, part = family_named(connector).label, part_of(connector)
    return f"{label} ({part})" if part else label
