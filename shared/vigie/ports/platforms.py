"""Platforms that are searched, and what each lets one spend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from vigie.domain.connectors.budgets import Bucket, Cost
from vigie.domain.connectors.native import Syntax
from vigie.domain.connectors.outcomes import Answer, Refusal
from vigie.domain.connectors.pushdown import Place


class Platform(Protocol):
    """What planning needs to know of a platform under one credential; nothing of it touches the network.

    ``place`` and ``syntax`` compile watches into its queries, ``packed`` says that searches are so dear that all
    clients' words share them. ``bucket`` is what the credential may spend; one page of a search costs ``units``
    of it, and what ``also`` says of other budgets.
    """

    @property
    def place(self) -> Place:
        """What is known of every document it brings."""
        ...

    @property
    def syntax(self) -> Syntax:
        """How its queries are written."""
        ...

    @property
    def packed(self) -> bool:
        """Whether the alternatives of all watches share searches."""
        ...

    @property
    def bucket(self) -> Bucket:
        """The budget that pages are taken from."""
        ...

    @property
    def units(self) -> int:
        """What one page costs."""
        ...

    @property
    def also(self) -> Sequence[Cost]:
        """What one page costs besides; of budgets that are less scarce."""
        ...

    def page_url(self, native: str) -> str:
        """Return the web page on which a person sees the same search."""
        ...


class Connector(Platform, Protocol):
    """A platform that can be asked, while its connections are open."""

    async def poll(self, native: str, cursor: str | None, now: datetime) -> Answer:
        """Ask for one page, oldest unseen first where the platform can. No waiting, no retry.

        ``cursor`` is what the last answer gave, or None at first. Never raises for what the other side does.
        """
        ...


@runtime_checkable
class FollowsFeeds(Protocol):
    """A platform that watches ask nothing of: its searches are what feeds are followed (a channel's comments)."""

    def search_of_feed(self, feed_url: str) -> str | None:
        """Return the query to ask when this feed is followed, or None."""
        ...


@runtime_checkable
class Rechecks(Protocol):
    """A connector that can be asked whether what it brought is still there."""

    @property
    def recheck(self) -> Cost:
        """What asking costs."""
        ...

    @property
    def rechecked_at_once(self) -> int:
        """How many things may be asked about together."""
        ...

    async def missing(self, native_ids: Sequence[str], now: datetime) -> frozenset[str] | Refusal:
        """Return which of at most ``rechecked_at_once`` native ids are gone; those it cannot tell are not."""
        ...


@dataclass(frozen=True, slots=True)
class PlatformSetup:
    """The connectors that a stack has credentials for, by name; and, by platform, why a credential cannot be used."""

    connectors: Mapping[str, Connector]
    troubles: Mapping[str, str] = field(default_factory=dict)


class Budgets(Protocol):
    """What every credential has spent of its budgets."""

    def take(self, bucket: Bucket, units: int, now: datetime, *, urgent: bool = False) -> bool:
        """Spend ``units`` of the bucket's window at ``now`` unless that exceeds the allowance; say which."""
        ...

    def spent(self, bucket: Bucket, now: datetime) -> int:
        """Return how many units of the bucket's window at ``now`` are spent."""
        ...
