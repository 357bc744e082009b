"""The form of a watch: three boxes of words, a line each, or a query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vigie.domain.clients import PURPOSES, Purpose, Watch
from vigie.domain.query import parse
from vigie.domain.query.builder import wishes_of
from vigie.errors import BadField, BadQuery
from vigie.requests import EntityRequest, WatchRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchForm:
    """What the form holds, as typed. ``keeps`` is what it does not show, and leaves as it is."""

    name: str = ""
    purpose: str = "brand"
    any: str = ""
    all: str = ""
    none: str = ""
    query: str = ""
    is_query: bool = False
    keeps: EntityRequest | None = None

    def as_query(self, query: str) -> "WatchForm":
        """Return the same watch, to be written as a query."""
        return replace(self, query=query, is_query=True)

    def request(self) -> WatchRequest:
        """Return the watch asked for. Raises BadField."""
        name, purpose = self.name.strip(), _purpose(self.purpose)
        if self.is_query:
            return WatchRequest(name=name, purpose=purpose, query=self.query.strip(), entity=self.keeps)
        return WatchRequest(
            name=name,
            purpose=purpose,
            any=_lines(self.any),
            all=_lines(self.all),
            none=_lines(self.none),
            entity=self.keeps,
        )


def form_of(watch: Watch) -> WatchForm:
    """Return the form of a watch as it stands: in boxes where its query is as simple, else as a query."""
    entity = watch.entity
    keeps = EntityRequest(entity.name, entity.aliases, entity.about) if entity else None
    form = WatchForm(name=watch.name, purpose=watch.purpose, keeps=keeps)
    try:
        wishes = wishes_of(parse(watch.query))
    except BadQuery:
        wishes = None
    if wishes is None:
        return form.as_query(watch.query)
    anyone, needed = wishes.any, wishes.all
    if not anyone and len(needed) == 1:  # one name alone: another spelling of it is to go beside it
        anyone, needed = needed, ()
    return replace(form, any="\n".join(anyone), all="\n".join(needed), none="\n".join(wishes.none))


def read_form(form: Mapping[str, Sequence[str]], watch: Watch | None) -> WatchForm:
    """Return what a form holds; what it does not show stays as ``watch`` has it."""

    def one(name: str) -> str:
        return (form.get(name) or ("",))[-1]

    keeps = form_of(watch).keeps if watch else None
    return WatchForm(
        name=one("name"),
        purpose=one("purpose"),
        any=one("any"),
        all=one("all"),
        none=one("none"),
        query=one("query"),
        is_query="query" in form,
        keeps=keeps,
    )


def _purpose(text: str) -> Purpose:
    for purpose in PURPOSES:
        if purpose == text:
            return purpose
    raise BadField("purpose", f"{text!r:.40} is unknown", f"Use one of {', '.join(PURPOSES)}.")


def _lines(text: str) -> tuple[str, ...]:
    """Return the items of a box: one a line; commas part them too, since people type them."""
    parts = (part.strip() for line in text.splitlines() for part in line.split(","))
    return tuple(part for part in parts if part)
