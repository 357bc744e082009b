"""Who follows which packs, and what a stack must follow for it.

A source is a client's own decision once it has removed it from a pack: a later version of the pack brings it what is
new and takes away what is gone, and does not bring that source back, at whatever address.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from vigie.domain.packs.pack import Pack, PackSource
from vigie.domain.sources import Source

PACKS_LIMIT = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A pack that a client follows, but for the sources that it ``removed``, by their ids."""

    client_id: str
    pack: str
    followed_at: datetime
    removed: tuple[str, ...] = ()

    def has_removed(self, source: PackSource) -> bool:
        """Return whether the client wants this source no more, by this address or one before."""
        return not source.ids.isdisjoint(self.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """The sources that packs brought to a stack, by id: when ``version`` and ``edition`` were those of today.

    What ops imported by hand is not among them, and stays whatever becomes of packs.
    """

    version: int = 0
    edition: str = ""
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What makes a stack follow what it should: sources to add or replace, ids to follow no more.

    ``source_ids`` are what packs have brought once that is done.
    """

    add: tuple[Source, ...]
    remove: tuple[str, ...]
    source_ids: tuple[str, ...]


def edition_of(packs: Iterable[Pack]) -> str:
    """Return a text that changes whenever any pack does."""
    return " ".join(f"{pack.name}/{pack.version}" for pack in packs)


def wanted(followings: Iterable[Following], packs: Mapping[str, Pack]) -> dict[str, Source]:
    """Return the sources that some client wants of some pack. Of a pack that is there no more, none."""
    found: dict[str, Source] = {}
    for following in followings:
        pack = packs.get(following.pack)
        for each in pack.sources if pack else ():
            if pack and not following.has_removed(each):
                found.setdefault(each.source_id, pack.source(each))
    return found


def upkeep(wanted: Mapping[str, Source], followed: Mapping[str, Source], brought: Set[str]) -> Upkeep:
    """Return what to change when ``followed`` are a stack's sources and packs ``brought`` some of them."""
    new = wanted.keys() - followed.keys()
    changed = {id_ for id_ in wanted.keys() & followed.keys() & brought if wanted[id_] != followed[id_]}
    return Upkeep(
        add=tuple(wanted[id_] for id_ in sorted(new | changed)),
        remove=tuple(sorted((brought & followed.keys()) - wanted.keys())),
        source_ids=tuple(sorted(new | (brought & wanted.keys()))),
    )
