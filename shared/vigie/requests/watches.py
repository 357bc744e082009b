"""Watches, tried before and mended after."""

from datetime import datetime

import msgspec

from vigie.domain.clients import Purpose, Watch, WatchedEntity, check_watch
from vigie.domain.query.builder import Wishes, query_of
from vigie.domain.query_fix import Decision
from vigie.errors import BadField
from vigie.requests.fields import Name, Reason


class EntityRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a watch names: as texts write it, what else they call it, and a sentence on what it is and where."""

    name: str
    aliases: tuple[str, ...] = ()
    about: str = ""


class WatchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A watch as its client writes it: with a query, or with words of which it wants any, all and none."""

    name: str
    purpose: Purpose
    query: str | None = None
    any: tuple[str, ...] | None = None
    all: tuple[str, ...] | None = None
    none: tuple[str, ...] | None = None
    watch_id: str | None = None
    entity: EntityRequest | None = None

    def to_query(self) -> str:
        """Return the query, or the one that asks for the words given. Raises BadField, or BadQuery on a word."""
        words = [self.any, self.all, self.none]
        if self.query is not None:
            if any(given is not None for given in words):
                raise BadField(
                    "query", "stands beside any, all or none", "Give the query or words, not both."
                )
            return self.query
        if all(given is None for given in words):
            raise BadField("query", "is missing", "Give a query, or words in any, all and none.")
        return query_of(Wishes(any=self.any or (), all=self.all or (), none=self.none or ()))

    def to_watch(self, client_id: str, watch_id: str, created_at: datetime) -> Watch:
        """Return the watch asked for. Raises BadField naming what cannot be kept (the query is not read)."""
        if self.watch_id not in {None, watch_id}:
            raise BadField("watch_id", "is not the one of the address", "Leave it out; an id never changes.")
        entity = self.entity
        watch = Watch(
            client_id=client_id,
            watch_id=watch_id,
            name=self.name,
            purpose=self.purpose,
            query=self.to_query(),
            created_at=created_at,
            entity=WatchedEntity(entity.name, entity.aliases, entity.about) if entity else None,
        )
        return check_watch(watch)


class BackTestRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A back-test asked for: the query, over how many days, and the mentions a month that the plan includes."""

    query: str
    days: int = 30
    monthly_mentions: int | None = None


class FixRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is decided of a proposed fix (its ``fix_id``), by whom, and why."""

    fix_id: str
    decision: Decision
    by: Name = ""
    reason: Reason = ""
