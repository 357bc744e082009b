"""Steps that ask sources: schedule, poll, pushes, searches on platforms."""

from functools import cache
from typing import TYPE_CHECKING, Any

from vigie.domain.fetching import FetchOutcome, FetchRequest
from vigie.errors import Refused
from vigie.wiring.collecting import collected_feeds, handover
from vigie.wiring.common import now, settings
from vigie.wiring.operating import paid_budgets
from vigie.wiring.stores import accounts, blobs, outbox, sources, subscriptions

if TYPE_CHECKING:
    from vigie.adapters.dynamo.packs import DynamoPacks
    from vigie.adapters.http import HttpFetcher
    from vigie.adapters.http_guard import AllowList
    from vigie.adapters.platforms.setup import Platforms
    from vigie.steps.arrivals import Arrivals
    from vigie.steps.callbacks import Callbacks
    from vigie.steps.check_sources import CheckSources
    from vigie.steps.connectors import Connectors
    from vigie.steps.ingest import Ingest
    from vigie.steps.packs import KeepUp, PackDesk
    from vigie.steps.plan_searches import PlanSearches
    from vigie.steps.poll import Poll
    from vigie.steps.pushes import Pushes
    from vigie.steps.schedule import Schedule
    from vigie.steps.searches import Searcher


@cache
def schedule() -> "Schedule":
    """Return the schedule step."""
    from vigie.steps.schedule import Schedule

    return Schedule(sources=sources(), outbox=outbox(), clock=now)


@cache
def poll() -> "Poll":
    """Return the poll step."""
    from vigie.adapters.feeds import skim_feed
    from vigie.adapters.http import HttpFetcher
    from vigie.adapters.http_guard import AllowList
    from vigie.domain.polling import PollPolicy
    from vigie.steps.poll import Poll

    user_agent = f"vigie/0.1 (+{settings().need('contact_url')})"
    allow = AllowList.parse(settings().local_allow)
    return Poll(
        sources=sources(),
        fetcher=lambda: HttpFetcher(user_agent=user_agent, allow=allow),
        parse=skim_feed,
        outbox=outbox(),
        blobs=blobs(),
        clock=now,
        policy=PollPolicy(interval_seconds=settings().poll_interval_seconds),
        lease_seconds=settings().poll_lease_seconds,
        budget_seconds=settings().poll_budget_seconds,
        host_spacing_seconds=settings().host_spacing_seconds,
        searcher=_searcher(),
        pushes=_pushes(user_agent, allow) if settings().callback_url else None,
        handover=handover(),
        collected=collected_feeds(),
    )


def _searcher() -> "Searcher":
    from vigie.domain.polling import PollPolicy
    from vigie.steps.searches import Searcher

    return Searcher(
        connectors=lambda: platforms().open(),
        sources=sources(),
        budgets=paid_budgets(),
        clock=now,
        policy=PollPolicy(interval_seconds=settings().poll_interval_seconds),
        budget_seconds=settings().poll_budget_seconds,
        spacing_seconds=settings().host_spacing_seconds,
    )


@cache
def platforms() -> "Platforms":
    """Return the platforms this stack has credentials for."""
    from vigie.adapters import aws, ssm
    from vigie.adapters.http_guard import AllowList
    from vigie.adapters.platforms.client import PlatformHttp
    from vigie.adapters.platforms.setup import Platforms, base_urls_of

    prefix = settings().need("connectors_prefix")
    return Platforms(
        lambda: ssm.parameters_under(aws.ssm(), prefix),
        PlatformHttp(
            user_agent=f"vigie/0.1 (+{settings().contact_url})",
            allow=AllowList.parse(settings().local_allow),
        ),
        now,
        base_urls_of(settings().local_platforms),
    )


@cache
def plan_searches() -> "PlanSearches":
    """Return the step that turns watches into searches."""
    from vigie.steps.plan_searches import PlanSearches

    return PlanSearches(
        accounts=accounts(),
        sources=sources(),
        outbox=outbox(),
        platforms=lambda: platforms().setup(),
        clock=now,
        shard_count=settings().shard_count,
    )


@cache
def keep_up() -> "KeepUp":
    """Return what follows the sources of clients' packs; it remembers what it did."""
    from vigie.domain.packs.pack import packs
    from vigie.steps.packs import KeepUp

    return KeepUp(
        store=_packs(),
        sources=sources(),
        outbox=outbox(),
        packs=packs,
        clock=now,
        shard_count=settings().shard_count,
    )


@cache
def pack_desk() -> "PackDesk":
    """Return what lets clients follow packs."""
    from vigie.steps.packs import PackDesk

    return PackDesk(store=_packs(), clock=now)


def _packs() -> "DynamoPacks":
    from vigie.adapters import aws
    from vigie.adapters.dynamo.packs import DynamoPacks

    return DynamoPacks(aws.dynamodb(), settings().need("accounts_table"))


def _pushes(user_agent: str, allow: "AllowList") -> "Pushes":
    from vigie.adapters.hub import HttpHub
    from vigie.steps.pushes import Pushes

    return Pushes(
        subscriptions=subscriptions(),
        hub=HttpHub(user_agent=user_agent, allow=allow),
        stack_secret=make_stack_secret,
        clock=now,
        callback_url=settings().callback_url,
        plain_http=bool(allow.grants),
    )


@cache
def make_stack_secret() -> str:
    """Return the secret that callbacks are signed with, made when there is none."""
    from vigie.adapters import aws, ssm

    return ssm.make_stack_secret(aws.ssm(), settings().need("push_secret_name"))


@cache
def stack_secret() -> str:
    """Return the secret that callbacks are signed with."""
    from vigie.adapters import aws, ssm

    return ssm.stack_secret(aws.ssm(), settings().need("push_secret_name"))


@cache
def ingest() -> "Ingest":
    """Return what takes in documents that hubs push."""
    from vigie.adapters.feeds import skim_feed
    from vigie.steps.ingest import Ingest

    return Ingest(
        sources=sources(),
        parse=skim_feed,
        outbox=outbox(),
        blobs=blobs(),
        clock=now,
        lease_seconds=settings().poll_lease_seconds,
        handover=handover(),
    )


@cache
def arrivals() -> "Arrivals":
    """Return what takes pushes from the queue."""
    from vigie.steps.arrivals import Arrivals

    return Arrivals(ingest=ingest(), subscriptions=subscriptions(), outbox=outbox(), clock=now)


@cache
def callbacks() -> "Callbacks":
    """Return what answers hubs."""
    from vigie.steps.callbacks import Callbacks

    return Callbacks(subscriptions=subscriptions(), outbox=outbox(), stack_secret=stack_secret, clock=now)


@cache
def connectors() -> "Connectors":
    """Return what says how the platforms stand."""
    from vigie.steps.connectors import Connectors

    return Connectors(accounts=accounts(), sources=sources(), clock=now)


def find_feeds(url: str) -> list[dict[str, Any]]:
    """Return the feeds a page announces, or the address itself when it is a feed: url, title, format.

    Raises Refused when the page cannot be had, saying why.
    """
    import asyncio

    from vigie.adapters.feed_links import announced_feeds
    from vigie.adapters.feeds import skim_feed

    async def fetch() -> FetchOutcome:
        async with _guarded_fetcher() as fetcher:
            return await fetcher.fetch(FetchRequest(url))

    answer = asyncio.run(fetch())
    if answer.failure is not None:
        raise Refused(f"{url} cannot be read: {answer.failure.detail}.")
    feed = skim_feed(answer.body, url=answer.final_url, content_type=answer.content_type)
    if feed.problem is None:
        return [{"url": answer.final_url, "title": feed.title, "format": None}]
    links = announced_feeds(answer.body, url=answer.final_url, content_type=answer.content_type)
    return [{"url": link.url, "title": link.title, "format": link.format} for link in links]


def check_sources() -> "CheckSources":
    """Return what asks addresses that are to be followed; it needs no stack."""
    from vigie.adapters.feeds import skim_feed
    from vigie.steps.check_sources import CheckSources

    return CheckSources(
        fetcher=_guarded_fetcher,
        parse=skim_feed,
        clock=now,
        host_spacing_seconds=settings().host_spacing_seconds,
    )


def _guarded_fetcher() -> "HttpFetcher":
    from vigie.adapters.http import HttpFetcher
    from vigie.adapters.http_guard import AllowList

    contact = settings().contact_url
    user_agent = f"vigie/0.1 (+{contact})" if contact else "vigie/0.1"
    return HttpFetcher(user_agent=user_agent, allow=AllowList.parse(settings().local_allow))
