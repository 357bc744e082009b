"""Lists of sources made ready, as the client area offers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from vigie.adapters.web.catalogue import site_catalogue
from vigie.domain.clients import Locale
from vigie.domain.packs.following import Following
from vigie.domain.packs.pack import Pack, PackKind, packs
from vigie.domain.typography import one_line


@dataclass(frozen=True, slots=True)
class PackLine:
    """A list: what it is called, and how much it holds."""

    name: str
    title: str
    size: str


@dataclass(frozen=True, slots=True)
class PackGroup:
    """The lists of one kind."""

    label: str
    packs: tuple[PackLine, ...]


@dataclass(frozen=True, slots=True)
class PacksView:
    """The lists a client follows, and those it may."""

    followed: tuple[PackLine, ...]
    offered: tuple[PackGroup, ...]


def packs_view(followings: Sequence[Following], locale: Locale) -> PacksView:
    """Return the lists by kind; one that is there no more is shown by its name, to be left."""
    say, followed = site_catalogue(locale).say, {each.pack for each in followings}
    known = packs()
    groups = (
        PackGroup(
            say(f"packs_{kind}"),
            tuple(
                _line(pack, locale)
                for pack in known.values()
                if pack.kind == kind and pack.name not in followed
            ),
        )
        for kind in get_args(PackKind)
    )
    return PacksView(
        followed=tuple(
            _line(known[name], locale) if name in known else PackLine(name, name, "")
            for name in sorted(followed)
        ),
        offered=tuple(group for group in groups if group.packs),
    )


def _line(pack: Pack, locale: Locale) -> PackLine:
    size = site_catalogue(locale).count("packs_size", len(pack.sources))
    return PackLine(pack.name, one_line(pack.title_in(locale), 80), size)
