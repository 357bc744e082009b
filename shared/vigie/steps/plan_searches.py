"""Plan searches: follow on every platform what the watches of today ask for, and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from vigie.domain.clients import Watch
from vigie.domain.connectors.followed import ClientPlan, StackPlan
from vigie.domain.connectors.plan import Plan, follow_feeds, plan_searches, share_seconds
from vigie.domain.connectors.searches import reconcile, search_id, search_source
from vigie.domain.query import Query, parse
from vigie.domain.sources import Source
from vigie.errors import BadQuery
from vigie.messages import ShardDue
from vigie.ports import AccountStore, Clock, FollowsFeeds, Outbox, Platform, PlatformSetup, SourceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSearches:
    """Turns watches into searches. A plan depends on watches and platforms only: making it twice is harmless."""

    accounts: AccountStore
    sources: SourceStore
    outbox: Outbox
    platforms: Callable[[], PlatformSetup]
    clock: Clock
    shard_count: int

    def run(self) -> int:
        """Follow what is planned and stop following the rest; return how many searches changed.

        Shards that a search was added to are polled at once. Raises Transient when credentials cannot be read now:
        what was planned before stays.
        """
        setup = self.platforms()
        # Read before the watches: one saved in between is planned now and once more, never missed.
        wanted = StackPlan(
            version=self._version(setup),
            connectors=tuple(sorted(setup.connectors)),
            troubles=dict(setup.troubles),
        )
        if wanted == self.sources.search_plan():
            return 0
        watches = readable(self.accounts.all_watches())
        feeds = self._feeds(setup)
        plans = {
            name: plan_of(platform, watches, feeds) for name, platform in sorted(setup.connectors.items())
        }
        changed = self._follow(
            [
                source
                for name, plan in plans.items()
                for source in searches_of(name, setup.connectors[name], plan)
            ]
        )
        for client in self.accounts.clients():
            self.accounts.put_search_plan(client_plan(client.client_id, plans))
        self.sources.keep_search_plan(wanted)
        return changed

    def _version(self, setup: PlatformSetup) -> str:
        """Return what plans depend on, besides the platforms; of the feeds followed it knows the hour."""
        version = self.accounts.watches_version()
        if not any(isinstance(platform, FollowsFeeds) for platform in setup.connectors.values()):
            return version
        return f"{version} {self.clock():%Y%m%d%H}"

    def _feeds(self, setup: PlatformSetup) -> list[str]:
        """Return the addresses of the feeds followed, if some platform wants to know them."""
        if not any(isinstance(platform, FollowsFeeds) for platform in setup.connectors.values()):
            return []
        return [source.url for source in self.sources.sources() if source.connector is None]

    def _follow(self, planned: Sequence[Source]) -> int:
        changes = reconcile(self.sources.sources(), planned)
        self.sources.put_sources(changes.add, self.shard_count)
        for source_id in changes.remove:
            self.sources.remove_source(source_id)
        shards = {self.sources.place(source.source_id) for source in changes.add}
        now = self.clock()
        self.outbox.send([ShardDue(shard=shard, due_at=now) for shard in sorted(filter(None, shards))])
        return len(changes.add) + len(changes.remove)


def readable(watches: list[Watch]) -> list[tuple[Watch, Query]]:
    """Return the watches that can be read, with their queries; the match step reports the others."""
    read = []
    for watch in watches:
        try:
            read.append((watch, parse(watch.query)))
        except BadQuery:
            continue
    return read


def plan_of(platform: Platform, watches: list[tuple[Watch, Query]], feeds: Sequence[str] = ()) -> Plan:
    """Return what a platform is asked for these watches, or for what is followed."""
    if isinstance(platform, FollowsFeeds):
        return follow_feeds(filter(None, map(platform.search_of_feed, feeds)))
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
            urgent=search.urgent,
        )
        for search in plan.searches
    ]


def client_plan(client_id: str, plans: Mapping[str, Plan]) -> ClientPlan:
    """Return a client's part of the plans of all connectors."""
    searches = {
        name: tuple(search_id(name, search.native) for search in plan.searches if client_id in search.clients)
        for name, plan in plans.items()
    }
    left_out = {
        name: tuple(left for left in plan.unsearchable if left.client_id == client_id)
        for name, plan in plans.items()
    }
    return ClientPlan(
        client_id=client_id,
        searches=searches,
        unsearchable={name: found for name, found in left_out.items() if found},
    )
