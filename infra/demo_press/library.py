"""Read the data files: the outlets, the clients, the words, and the templates of what is told."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from infra.demo_press.model import FeedStyle

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a story appears: ``minutes`` after its first time, word for word, ``retitled`` or ``cropped``."""

    outlet: str
    minutes: int = 0
    how: str = "full"

    @classmethod
    def parse(cls, text: str) -> "Placing":
        """Read ``outlet``, ``outlet +95`` or ``outlet +95 cropped``."""
        outlet, *rest = text.split()
        return cls(outlet, int(rest[0]) if rest else 0, rest[1] if len(rest) > 1 else "full")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A story as it is written in the data files; the texts are in the small language of ``compose``.

    ``days`` and ``hour`` are empty for background news, which is drawn; scripted stories have both.
    """

    id: str
    beat: str
    titles: tuple[str, ...]
    lead: tuple[str, ...]
    more: tuple[str, ...] = ()
    wire: bool = False
    once: bool = False  # a figure or an appointment that the month has only once
    days: tuple[int, ...] = ()
    hour: str = ""
    placings: tuple[Placing, ...] = ()
    event: str = ""
    event_offset: int = 0
    about: dict[str, str] = field(default_factory=dict)
    misprint: tuple[str, str] | None = None  # what was right, what was printed at first


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A feed and the habits of the people who fill it."""

    slug: str
    name: str
    host: str
    path: str
    tier: str
    language: str
    style: FeedStyle
    items_per_day: float
    hours: str
    beats: dict[str, int]
    authors: tuple[str, ...]
    section: str
    wire: bool = False
    bulletins: bool = False
    mirrors: str = ""  # the other feed of the same outlet, whose business news this one repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Everything under data/."""

    outlets: tuple[Outlet, ...]
    hours: dict[str, list[int]]
    words: dict[str, Any]
    names: dict[str, dict[str, Any]]
    clients: list[dict[str, Any]]
    events: dict[str, dict[str, Any]]
    background: tuple[Template, ...]
    scripted: tuple[Template, ...]


@cache
def library() -> Library:
    """Return the data files, read once."""
    outlets = _read(DATA / "outlets.toml")
    cast = _read(DATA / "clients.toml")
    return Library(
        outlets=tuple(_outlet(row) for row in outlets["outlet"]),
        hours=outlets["hours"],
        words=_read(DATA / "words.toml"),
        names=cast["names"],
        clients=cast["client"],
        events=cast["events"],
        background=_templates(DATA / "background"),
        scripted=_templates(DATA / "scripted"),
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _templates(folder: Path) -> tuple[Template, ...]:
    return tuple(
        _template(f"{path.stem}-{number}", row)
        for path in sorted(folder.glob("*.toml"))
        for number, row in enumerate(_read(path)["story"], 1)
    )


def _template(name: str, row: dict[str, Any]) -> Template:
    days = row.pop("day", [])
    misprint = row.pop("misprint", None)
    return Template(
        id=name,
        titles=tuple(row.pop("titles")),
        lead=tuple(row.pop("lead")),
        more=tuple(row.pop("more", ())),
        days=tuple(days) if isinstance(days, list) else (days,),
        placings=tuple(Placing.parse(text) for text in row.pop("in", ())),
        misprint=(misprint["right"], misprint["printed"]) if misprint else None,
        **row,
    )


def _outlet(row: dict[str, Any]) -> Outlet:
    style = {
        "format": "rss",
        "answer": "ok",
        "charset": "utf-8",
        "guid": "permalink",
        "markup": False,
        "full_text": False,
        "straight_quotes": False,
        "undated_share": 0.0,
        "links": ["plain"],
    } | row.pop("style")
    style["links"] = tuple(style["links"])
    return Outlet(**row | {"style": FeedStyle(**style), "authors": tuple(row["authors"])})
