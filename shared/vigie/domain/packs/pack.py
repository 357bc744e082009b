"""What a pack is, and the packs there are: one file each under ``catalogue/``, read once.

An address in a pack is a fact to be checked, not a promise: ``answered`` and ``checked_at`` say what is known of it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from vigie.domain.clients import Locale
from vigie.domain.sources import Source, Tier, check_source, source_id_of
from vigie.domain.stories.publishers import Family, family_of_host
from vigie.errors import BadField, NotFound

PackKind = Literal["national", "regional", "trade", "town"]

_CATALOGUE = Path(__file__).with_name("catalogue")
_TIERS: Mapping[str, Tier] = {
    "national": "national",
    "regional": "regional",
    "trade": "trade",
    "town": "regional",
}
_PLACES = {"regional": "region", "trade": "sector", "town": "town"}
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSource:
    """One source of a pack.

    ``site`` is the publisher's host, which a feed's address does not always tell. ``answered`` is the year in which
    the address is last known to have answered, None when nobody here has seen it. ``was`` are the addresses it had
    in earlier versions: who had removed one of those has removed this.
    """

    name: str
    url: str
    site: str
    answered: int | None = None
    was: tuple[str, ...] = ()

    @property
    def source_id(self) -> str:
        """The id that a source followed at this address has."""
        return source_id_of(self.url)

    @property
    def ids(self) -> frozenset[str]:
        """Its id, and those that it had."""
        return frozenset(map(source_id_of, (self.url, *self.was)))

    @property
    def family(self) -> Family:
        """The press group behind it; itself when none is known."""
        return family_of_host(self.site) or Family(self.site, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A list of sources under one name; ``version`` grows whenever it changes.

    ``place`` is its region, its sector or its town, ``department`` a town's. ``checked_at`` is the day on which every
    address was asked, None for never.
    """

    name: str
    version: int
    kind: PackKind
    title: Mapping[str, str]
    licence: str
    sources: tuple[PackSource, ...]
    place: str = ""
    department: str = ""
    checked_at: date | None = None
    language: str = "fr"
    by_id: Mapping[str, PackSource] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {source.source_id: source for source in self.sources})

    def title_in(self, locale: Locale) -> str:
        """Return its title in a language."""
        return self.title[locale]

    def source(self, each: PackSource) -> Source:
        """Return one of its sources as a stack follows it."""
        return Source(
            source_id=each.source_id,
            name=each.name,
            url=each.url,
            tier=_TIERS[self.kind],
            language=self.language,
        )


@cache
def packs() -> dict[str, Pack]:
    """Return every pack by its name, in their order."""
    return {
        path.stem: read_pack(path.stem, path.read_text("utf-8")) for path in sorted(_CATALOGUE.glob("*.toml"))
    }


def pack_named(name: str) -> Pack:
    """Return a pack. Raises NotFound."""
    found = packs().get(name)
    if found is None:
        raise NotFound(f"There is no source pack {name!r}; GET /packs or `vigie sources packs` list them.")
    return found


def read_pack(name: str, text: str) -> Pack:
    """Return the pack that a file describes. Raises BadField naming what is wrong with it."""
    if not _NAME.fullmatch(name):
        raise BadField("name", f"{name!r} is no pack's name", "Use small letters, digits and hyphens.")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadField(name, f"is no TOML: {error}", "Correct the file.") from error
    kind = _one_of(name, "kind", table.pop("kind", None), get_args(PackKind))
    title = _get(name, table, "title", dict)
    if missing := {"fr", "en"} - title.keys():
        raise BadField(
            f"{name}.title", f"is missing in {', '.join(sorted(missing))}", "Give it in fr and en."
        )
    pack = Pack(
        name=name,
        version=_get(name, table, "version", int),
        kind=kind,
        title=title,
        licence=_get(name, table, "licence", str),
        place=_get(name, table, _PLACES[kind], str) if kind in _PLACES else "",
        department=_get(name, table, "department", str) if kind == "town" else "",
        checked_at=_get(name, table, "checked_at", date) if "checked_at" in table else None,
        language=_get(name, table, "language", str) if "language" in table else "fr",
        sources=tuple(_source(name, place, each) for place, each in enumerate(table.pop("sources", ()))),
    )
    if table:
        raise BadField(f"{name}.{min(table)}", "is unknown", "Leave it out.")
    return _checked(pack)


def _source(name: str, place: int, table: dict[str, Any]) -> PackSource:
    field_name = f"{name}.sources[{place}]"
    made = PackSource(
        name=_get(field_name, table, "name", str),
        url=_get(field_name, table, "url", str),
        site=_get(field_name, table, "site", str),
        answered=_get(field_name, table, "answered", int) if "answered" in table else None,
        was=tuple(table.pop("was", ())),
    )
    if table:
        raise BadField(f"{field_name}.{min(table)}", "is unknown", "Leave it out.")
    return made


def _checked(pack: Pack) -> Pack:
    if pack.version < 1:
        raise BadField(f"{pack.name}.version", "is less than 1", "Count from 1.")
    if not pack.sources:
        raise BadField(f"{pack.name}.sources", "are none", "List at least one.")
    seen: set[str] = set()
    for place, each in enumerate(pack.sources):
        try:
            check_source(pack.source(each))
        except BadField as error:
            raise BadField(
                f"{pack.name}.sources[{place}].{error.field}", error.problem, error.remedy
            ) from error
        if not seen.isdisjoint(each.ids):
            raise BadField(f"{pack.name}.sources[{place}].url", "is listed already", "List it once.")
        seen |= each.ids
    return pack


def _get(name: str, table: dict[str, Any], key: str, kind: type) -> Any:
    value = table.pop(key, None)
    if type(value) is not kind or value == "":
        problem = "is missing" if value in (None, "") else f"{value!r} is no {kind.__name__}"
        raise BadField(f"{name}.{key}", problem, f"Give a {kind.__name__}.")
    return value


def _one_of(name: str, key: str, value: object, choices: tuple[str, ...]) -> Any:
    if value not in choices:
        raise BadField(f"{name}.{key}", f"{value!r} is unknown", f"Use one of {', '.join(choices)}.")
    return value
