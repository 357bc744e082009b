"""The types of what is answered about packs."""

from datetime import date, datetime

import msgspec

from vigie.api.shapes import list_of
from vigie.domain.packs.pack import PackKind


class PackLine(msgspec.Struct, kw_only=True):
    """A pack, as one line of a list."""

    name: str
    version: int
    kind: PackKind
    title: dict[str, str]
    place: str
    department: str
    checked_at: date | None
    source_count: int


class PackSource(msgspec.Struct, kw_only=True):
    """A source of a pack."""

    source_id: str
    name: str
    url: str
    site: str
    family: str
    answered: int | None


class Pack(PackLine, kw_only=True):
    """A pack with its sources."""

    licence: str
    sources: list[PackSource]


class FollowedSource(PackSource, kw_only=True):
    """A source of a pack that a client follows."""

    removed: bool


class Following(msgspec.Struct, kw_only=True):
    """A pack that a client follows."""

    client_id: str
    pack: str
    version: int | None
    title: dict[str, str]
    followed_at: datetime
    removed: list[str]
    sources: list[FollowedSource]


Packs = list_of("Pack", "packs", PackLine)
Followings = list_of("Following", "packs", Following)
