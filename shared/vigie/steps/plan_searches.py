"""Plan searches: follow on every platform what the watches of today ask for, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vigie.domain.clients import Watch
from vigie.domain.connectors.plan import Plan, plan_searches, share_seconds
from vigie.domain.connectors.searches import reconcile, search_source
from vigie.domain.query import Query, parse
from vigie.domain.sources import Source
from vigie.errors import BadQuery
from vigie.ports import AccountStore, Platform, SourceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSearches:
    """Turns watches into searches. A plan depends on the watches and the platforms only: making it twice is harmless.

    ``platforms`` are those that the stack has credentials for.
    """

    accounts: AccountStore
    sources: SourceStore
    platforms: Callable[[], Mapping[str, Platform]]
    shard_count: int

    def run(self) -> int:
        """Follow what is planned and stop following the rest; return how many searches changed."""
        version = f"{self.accounts.watches_version()} {','.join(sorted(self.platforms()))}"
        if version == self.sources.planned_version():
            return 0
        # Read after the version: a watch saved in between is planned now and once more, never missed.
        changes = reconcile(self.sources.sources(), self._planned())
        self.sources.put_sources(changes.add, self.shard_count)
        for source_id in changes.remove:
            self.sources.remove_source(source_id)
        self.sources.set_planned_version(version)
        return len(changes.add) + len(changes.remove)

    def _planned(self) -> list[Source]:
        watches = readable(self.accounts.all_watches())
        return [
            source
            for name, platform in sorted(self.platforms().items())
            for source in searches_of(name, platform, plan_of(platform, watches))
        ]


def readable(watches: list[Watch]) -> list[tuple[Watch, Query]]:
    """Return the watches that can be read, with their queries; the match step reports the others."""
    read = []
    for watch in watches:
        try:
            read.append((watch, parse(watch.query)))
        except BadQuery:
            continue
    return read


def plan_of(platform: Platform, watches: list[tuple[Watch, Query]]) -> Plan:
    """Return what a platform is asked for these watches."""
    return plan_searches(watches, platform.place, platform.syntax, packed=platform.packed)


def searches_of(name: str, platform: Platform, plan: Plan) -> list[Source]:
    """Return the sources that a plan's searches are, each with its pace."""
    bucket = platform.bucket
    paces = share_seconds(
        plan.searches,
        calls=bucket.limit // platform.units,
        window_seconds=bucket.window_seconds,
        reserve=bucket.reserve,
    )
    return [
        search_source(
            name,
            platform.place.platform,
            search.native,
            page_url=platform.page_url(search.native),
            pace_seconds=round(paces[search.native]),
        )
        for search in plan.searches
    ]
