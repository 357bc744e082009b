"""What is followed, as the client area shows it: how many sources do well, which do not, and the platforms."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from vigie.adapters.mail.links import web_link
from vigie.adapters.web.catalogue import site_catalogue
from vigie.domain.clients import Locale
from vigie.domain.connectors.sentences import told
from vigie.domain.connectors.standings import Standing
from vigie.domain.typography import number, one_line

SHOWN = 60
_WELL = frozenset({"fresh", "new", "slow", "moved", "limited"})


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source: what it is, and how it does."""

    name: str
    url: str | None
    kind: str
    health: str
    is_well: bool


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A platform, and how it stands for the client."""

    name: str
    is_active: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesPage:
    """Everything on the page."""

    intro: str
    question: str
    kinds: tuple[tuple[str, str], ...]
    lines: tuple[SourceLine, ...]
    more: str
    platforms: tuple[PlatformLine, ...]


def sources_page(
    sources: Sequence[Mapping[str, Any]],
    standings: Sequence[Standing],
    locale: Locale,
    zone: tzinfo,
    *,
    question: str,
) -> SourcesPage:
    """Return the page; ``question`` is looked for in names and addresses. Those that do badly come first."""
    catalogue = site_catalogue(locale)
    feeds = [each for each in sources if each["connector"] is None]
    wanted = question.casefold()
    found = [each for each in feeds if wanted in f"{each['name']} {each['url']}".casefold()]
    found.sort(key=lambda each: (each["health"] in _WELL, str(each["name"]).casefold()))
    kinds = Counter(each["tier"] or each["platform"] for each in feeds)
    well = sum(each["health"] in _WELL for each in feeds)
    return SourcesPage(
        intro=catalogue.count("sources_count", len(feeds), well=number(well, locale)),
        question=question,
        kinds=tuple((_kind(kind, locale), number(count, locale)) for kind, count in kinds.most_common()),
        lines=tuple(_line(each, locale) for each in found[:SHOWN]),
        more=catalogue.count("sources_more", len(found) - SHOWN) if len(found) > SHOWN else "",
        platforms=tuple(
            PlatformLine(each.label, each.status == "active", told(each, locale, ZoneInfo(str(zone))))
            for each in standings
        ),
    )


def _line(source: Mapping[str, Any], locale: Locale) -> SourceLine:
    say = site_catalogue(locale).say
    return SourceLine(
        name=one_line(str(source["name"]), 80),
        url=web_link(str(source["url"])),
        kind=_kind(source["tier"] or source["platform"], locale),
        health=say(f"health_{source['health']}"),
        is_well=source["health"] in _WELL,
    )


def _kind(kind: str, locale: Locale) -> str:
    catalogue = site_catalogue(locale)
    key = f"kind_{kind}"
    return catalogue.say(key) if key in catalogue else one_line(kind, 40)
