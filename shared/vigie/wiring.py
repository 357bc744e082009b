"""The only room that names concrete adapters: each function's step, put together once per worker.

``SETTINGS_USED`` says which settings each function reads; the template gives it those variables and no others,
and a test compares the two. Adapters are imported where they are made, so that a function pays at its cold
start only for what it uses.
"""

import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from vigie.domain.clients import LOCALES, Locale, Watch
from vigie.domain.fetching import FetchOutcome, FetchRequest
from vigie.domain.mentions import Parked
from vigie.domain.websub.subscriptions import Subscription
from vigie.errors import BadField, Refused, Transient
from vigie.messages import (
    DigestReady,
    DocumentsFetched,
    DocumentsGrouped,
    DocumentsMatched,
    DocumentsWithdrawn,
    FeedPushed,
    M,
    ShardDue,
)
from vigie.observe import make_logger
from vigie.ports import (
    AccountStore,
    Blobs,
    DeliveryStore,
    LedgerStore,
    Outbox,
    Renderer,
    SourceStore,
    StoryStore,
    SubscriptionStore,
    Workers,
)
from vigie.settings import Settings

if TYPE_CHECKING:
    from vigie.adapters.http_guard import AllowList
    from vigie.adapters.platforms.setup import Platforms
    from vigie.steps.arrivals import Arrivals
    from vigie.steps.backfill import Backfill
    from vigie.steps.backtest import BackTests
    from vigie.steps.callbacks import Callbacks
    from vigie.steps.classify import Classify
    from vigie.steps.compact import Compact
    from vigie.steps.compile import CompileWatches
    from vigie.steps.connectors import Connectors
    from vigie.steps.deduplicate import Deduplicate
    from vigie.steps.desk import Desk
    from vigie.steps.digest import BuildDigests
    from vigie.steps.following import FollowedMentions
    from vigie.steps.ingest import Ingest
    from vigie.steps.jobs import Jobs
    from vigie.steps.match import Match
    from vigie.steps.plan_searches import PlanSearches
    from vigie.steps.poll import Poll
    from vigie.steps.pushes import Pushes
    from vigie.steps.schedule import Schedule
    from vigie.steps.searches import Searcher
    from vigie.steps.send import Send
    from vigie.steps.story_desk import StoryDesk
    from vigie.steps.subject_desk import SubjectDesk
    from vigie.steps.subjects import ClientSubjects
    from vigie.steps.watches import BrokenFile, BrokenWatch, Report
    from vigie.steps.why import Why
    from vigie.steps.withdraw import Withdraw

_QUEUE_SETTINGS: dict[type, str] = {
    ShardDue: "shards_queue_url",
    FeedPushed: "shards_queue_url",
    DocumentsFetched: "fetched_queue_url",
    DocumentsMatched: "matched_queue_url",
    DocumentsGrouped: "grouped_queue_url",
    DocumentsWithdrawn: "grouped_queue_url",
    DigestReady: "digests_queue_url",
}

SETTINGS_USED: dict[str, frozenset[str]] = {
    "schedule": frozenset(
        {
            "sources_table",
            "accounts_table",
            "shards_queue_url",
            "bucket",
            "shard_count",
            "connectors_prefix",
        }
    ),
    "poll": frozenset(
        {
            "sources_table",
            "ledger_table",
            "bucket",
            "fetched_queue_url",
            "grouped_queue_url",
            "shards_queue_url",
            "contact_url",
            "callback_url",
            "push_secret_name",
            "connectors_prefix",
            "poll_interval_seconds",
            "poll_lease_seconds",
            "poll_budget_seconds",
            "host_spacing_seconds",
        }
    ),
    "webhooks": frozenset({"sources_table", "bucket", "shards_queue_url", "push_secret_name"}),
    "compile": frozenset({"accounts_table", "bucket"}),
    "compact": frozenset({"bucket"}),
    "backtest": frozenset({"bucket", "accounts_table", "matched_queue_url"}),
    "match": frozenset({"accounts_table", "ledger_table", "bucket", "matched_queue_url"}),
    "deduplicate": frozenset(
        {
            "stories_table",
            "ledger_table",
            "bucket",
            "grouped_queue_url",
            "story_retention_days",
            "mention_retention_days",
        }
    ),
    "classify": frozenset(
        {"accounts_table", "mentions_table", "ledger_table", "bucket", "mention_retention_days"}
    ),
    "digest": frozenset(
        {
            "accounts_table",
            "digests_table",
            "mentions_table",
            "stories_table",
            "ledger_table",
            "sources_table",
            "bucket",
            "digests_queue_url",
            "settle_seconds",
            "poll_interval_seconds",
            "mention_retention_days",
        }
    ),
    "send": frozenset(
        {
            "accounts_table",
            "digests_table",
            "ledger_table",
            "bucket",
            "digests_queue_url",
            "sender",
            "configuration_set",
            "mention_retention_days",
        }
    ),
    "api": frozenset(
        {
            "accounts_table",
            "mentions_table",
            "stories_table",
            "digests_table",
            "ledger_table",
            "sources_table",
            "bucket",
            "settle_seconds",
            "poll_interval_seconds",
            "mention_retention_days",
            "locale",
            "backtest_function",
        }
    ),
}

BACKTEST_BUDGET_SECONDS = 240.0  # the worker's time-out leaves a minute to end well
LATE_AFTER_INTERVALS = 4  # a source is late when its poll is overdue by so many of an ordinary source's


@cache
def settings() -> Settings:
    """Return this process's settings."""
    return Settings.from_mapping(os.environ)


def now() -> datetime:
    """Return the time: the one place that asks for it."""
    return datetime.now(UTC)


def late_after_seconds() -> int:
    """Return how long a source's poll may be overdue before it counts as late."""
    return LATE_AFTER_INTERVALS * settings().poll_interval_seconds


# -- stores -------------------------------------------------------------------------------------------------


@cache
def blobs() -> Blobs:
    """Return the bucket."""
    from vigie.adapters import aws
    from vigie.adapters.s3 import S3Blobs

    return S3Blobs(aws.s3(), settings().need("bucket"))


@cache
def outbox() -> Outbox:
    """Return the queues this function may write to."""
    from vigie.adapters import aws
    from vigie.adapters.sqs import SqsOutbox

    urls = {kind: getattr(settings(), name) for kind, name in _QUEUE_SETTINGS.items()}
    return SqsOutbox(aws.sqs(), {kind: url for kind, url in urls.items() if url}, blobs())


@cache
def sources() -> SourceStore:
    """Return the sources table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.sources import DynamoSources

    return DynamoSources(aws.dynamodb(), settings().need("sources_table"))


@cache
def subscriptions() -> SubscriptionStore:
    """Return what hubs were asked to push, in the sources table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.subscriptions import DynamoSubscriptions

    return DynamoSubscriptions(aws.dynamodb(), settings().need("sources_table"))


@cache
def accounts() -> AccountStore:
    """Return the accounts table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.accounts import DynamoAccounts

    return DynamoAccounts(aws.dynamodb(), settings().need("accounts_table"))


@cache
def ledger() -> LedgerStore:
    """Return the ledger table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.ledger import DynamoLedger

    return DynamoLedger(aws.dynamodb(), settings().need("ledger_table"))


@cache
def _stories() -> StoryStore:
    from vigie.adapters import aws
    from vigie.adapters.dynamo.stories import DynamoStories

    return DynamoStories(
        aws.dynamodb(),
        settings().need("stories_table"),
        retention_days=settings().story_retention_days,
        alias_days=settings().mention_retention_days,
    )


@cache
def _mentions() -> Any:
    from vigie.adapters import aws
    from vigie.adapters.dynamo.mentions import DynamoMentions

    retention_days = settings().mention_retention_days
    return DynamoMentions(aws.dynamodb(), settings().need("mentions_table"), retention_days=retention_days)


@cache
def _followed_mentions() -> "FollowedMentions":
    from vigie.adapters import aws
    from vigie.adapters.dynamo.stories import DynamoStoryRoots
    from vigie.steps.following import FollowedMentions

    stories = DynamoStoryRoots(aws.dynamodb(), settings().need("stories_table"))
    return FollowedMentions(_mentions(), stories)


@cache
def _digests() -> Any:
    from vigie.adapters import aws
    from vigie.adapters.dynamo.digests import DynamoDigests

    retention_days = settings().mention_retention_days
    return DynamoDigests(
        aws.dynamodb(), settings().need("digests_table"), blobs(), retention_days=retention_days
    )


@cache
def _deliveries() -> DeliveryStore:
    from vigie.adapters import aws
    from vigie.adapters.dynamo.deliveries import DynamoDeliveries

    retention_days = settings().mention_retention_days
    return DynamoDeliveries(aws.dynamodb(), settings().need("digests_table"), retention_days=retention_days)


@cache
def renderer() -> Renderer:
    """Return what turns digests into mails."""
    from vigie.adapters.mail.render import MailRenderer

    return MailRenderer()


# -- steps --------------------------------------------------------------------------------------------------


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
    )


def _searcher() -> "Searcher":
    from vigie.adapters import aws
    from vigie.adapters.dynamo.budgets import DynamoBudgets
    from vigie.domain.polling import PollPolicy
    from vigie.steps.searches import Searcher

    return Searcher(
        connectors=lambda: platforms().open(),
        sources=sources(),
        budgets=DynamoBudgets(aws.dynamodb(), settings().need("sources_table")),
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


def _pushes(user_agent: str, allow: "AllowList") -> "Pushes":
    from vigie.adapters.hub import HttpHub
    from vigie.steps.pushes import Pushes

    return Pushes(
        subscriptions=subscriptions(),
        hub=HttpHub(user_agent=user_agent, allow=allow),
        stack_secret=_make_stack_secret,
        clock=now,
        callback_url=settings().callback_url,
        plain_http=bool(allow.grants),
    )


@cache
def _make_stack_secret() -> str:
    from vigie.adapters import aws, ssm

    return ssm.make_stack_secret(aws.ssm(), settings().need("push_secret_name"))


@cache
def _stack_secret() -> str:
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

    return Callbacks(subscriptions=subscriptions(), outbox=outbox(), stack_secret=_stack_secret, clock=now)


def _report_watch(function: str) -> "Report":
    from vigie.steps.watches import BrokenWatch

    logger = make_logger(function)

    def report(broken: "BrokenWatch | BrokenFile") -> None:
        what = (
            "watch cannot be read" if isinstance(broken, BrokenWatch) else "compiled watches cannot be used"
        )
        logger.error(what, **asdict(broken))

    return report


@cache
def compile_watches() -> "CompileWatches":
    """Return the compile step."""
    from vigie.steps.compile import CompileWatches

    return CompileWatches(accounts=accounts(), blobs=blobs(), clock=now, report=_report_watch("compile"))


@cache
def compact() -> "Compact":
    """Return the compact step."""
    from vigie.steps.compact import Compact

    return Compact(blobs=blobs(), clock=now)


@cache
def jobs() -> "Jobs":
    """Return what takes, shows and does clients' back-tests."""
    from vigie.steps.jobs import Jobs

    return Jobs(
        blobs=blobs(), workers=_workers(), clock=now, backtests=lambda: backtests(BACKTEST_BUDGET_SECONDS)
    )


def _start_backfill(watch: Watch) -> None:
    """Have a watch's past looked up. The watch is saved and follows what is new, whatever becomes of this."""
    try:
        _workers().start({"backfill": {"client_id": watch.client_id, "watch_id": watch.watch_id}})
    except Transient as error:
        make_logger("api").error(
            "backfill not started", client_id=watch.client_id, watch_id=watch.watch_id, reason=str(error)
        )


def backfill() -> "Backfill":
    """Return what looks up a watch's past."""
    from vigie.steps.backfill import Backfill

    return Backfill(
        accounts=accounts(),
        blobs=blobs(),
        outbox=outbox(),
        clock=now,
        budget_seconds=BACKTEST_BUDGET_SECONDS,
    )


def _workers() -> Workers:
    from vigie.adapters import aws
    from vigie.adapters.workers import LambdaWorkers

    return LambdaWorkers(aws.functions, settings().need("backtest_function"))


def backtests(budget_seconds: float) -> "BackTests":
    """Return what puts queries to the archive, for so long at most."""
    from vigie.steps.backtest import BackTests

    return BackTests(blobs=blobs(), clock=now, budget_seconds=budget_seconds)


@cache
def match() -> "Match":
    """Return the match step, which keeps the compiled watches between messages."""
    from vigie.steps.match import Match
    from vigie.steps.watches import CurrentWatches

    watches = CurrentWatches(accounts(), blobs(), _report_watch("match"))
    return Match(watches=watches, ledger=ledger(), outbox=outbox(), clock=now)


@cache
def deduplicate() -> "Deduplicate":
    """Return the deduplicate step."""
    from vigie.steps.deduplicate import Deduplicate

    return Deduplicate(stories=_stories(), ledger=ledger(), outbox=outbox(), clock=now)


@cache
def classify() -> "Classify":
    """Return the classify step."""
    from vigie.domain.classification import classify as offline_classifier
    from vigie.steps.classify import Classify

    return Classify(classifier=offline_classifier, mentions=_mentions(), ledger=ledger(), clock=now)


def _subjects(*, may_count: bool) -> "ClientSubjects":
    from vigie.steps.subjects import ClientSubjects, StackTerms

    return ClientSubjects(
        mentions=_followed_mentions(),
        accounts=accounts(),
        terms=StackTerms(blobs(), may_count=may_count),
    )


@cache
def withdraw() -> "Withdraw":
    """Return the step that honours deletions."""
    from vigie.steps.withdraw import Withdraw

    return Withdraw(accounts=accounts(), mentions=_mentions())


@cache
def digest() -> "BuildDigests":
    """Return the digest step."""
    from vigie.steps.digest import BuildDigests

    return BuildDigests(
        accounts=accounts(),
        mentions=_followed_mentions(),
        ledger=ledger(),
        sources=sources(),
        digests=_digests(),
        subjects=_subjects(may_count=True),
        outbox=outbox(),
        clock=now,
        settle_seconds=settings().settle_seconds,
        late_after_seconds=late_after_seconds(),
    )


@cache
def send() -> "Send":
    """Return the send step."""
    from vigie.adapters import aws
    from vigie.adapters.mail.compose import compose_mail
    from vigie.adapters.ses import SesMailer
    from vigie.steps.send import Send

    return Send(
        accounts=accounts(),
        digests=_digests(),
        deliveries=_deliveries(),
        ledger=ledger(),
        mailer=SesMailer(aws.ses(), configuration_set=settings().need("configuration_set")),
        outbox=outbox(),
        render=renderer(),
        compose=compose_mail,
        clock=now,
        sender=settings().need("sender"),
    )


@cache
def desk() -> "Desk":
    """Return what answers the API."""
    from vigie.steps.desk import Desk

    return Desk(
        accounts=accounts(),
        mentions=_followed_mentions(),
        digests=_digests(),
        enrol=digest().enrol,
        clock=now,
        backfill=_start_backfill,
        default_locale=_locale(),
    )


@cache
def story_desk() -> "StoryDesk":
    """Return what shows a client's stories."""
    from vigie.steps.story_desk import StoryDesk

    mentions = _followed_mentions()
    return StoryDesk(mentions, mentions.stories, now)


@cache
def subject_desk() -> "SubjectDesk":
    """Return what shows subjects and keeps what people decide of them."""
    from vigie.steps.subject_desk import SubjectDesk

    return SubjectDesk(
        accounts=accounts(),
        mentions=_followed_mentions(),
        digests=_digests(),
        sources=sources(),
        subjects=_subjects(may_count=False),
        clock=now,
    )


def _locale() -> Locale:
    for locale in LOCALES:
        if locale == settings().locale:
            return locale
    raise BadField("VIGIE_LOCALE", f"{settings().locale!r} is unknown", f"Use one of {', '.join(LOCALES)}.")


@cache
def why() -> "Why":
    """Return what answers ``vigie why``."""
    from vigie.steps.fates import Fates
    from vigie.steps.why import Why

    fates = Fates(
        accounts=accounts(),
        mentions=_followed_mentions(),
        digests=_digests(),
        deliveries=_deliveries(),
        clock=now,
    )
    return Why(
        sources=sources(),
        blobs=blobs(),
        ledger=ledger(),
        accounts=accounts(),
        fates=fates,
        clock=now,
        late_after_seconds=late_after_seconds(),
    )


# -- for handlers and the command line ----------------------------------------------------------------------


def open_message(body: str, kind: type[M]) -> M:
    """Return a queue's message, fetched from the bucket when it travelled by reference. Raises BadMessage."""
    from vigie.adapters.sqs import open_body

    return open_body(body, kind, blobs())


def kind_in(body: str, kinds: Iterable[type[Any]]) -> type[Any] | None:
    """Return which of ``kinds`` a queue's body says it is."""
    from vigie.adapters.sqs import kind_of, schema_in

    schema = schema_in(body)
    return next((kind for kind in kinds if kind_of(kind) == schema), None)


def park_message(stage: str, thing_id: str, reason: str, body: str) -> None:
    """Keep a message that can never succeed."""
    ledger().park(Parked(stage, thing_id, reason, now(), {"content": body[:2_000]}))


def find_feeds(url: str) -> list[dict[str, Any]]:
    """Return the feeds a page announces, or the address itself when it is a feed: url, title, format.

    Raises Refused when the page cannot be had, saying why.
    """
    import asyncio

    from vigie.adapters.feed_links import announced_feeds
    from vigie.adapters.feeds import skim_feed
    from vigie.adapters.http import HttpFetcher
    from vigie.adapters.http_guard import AllowList

    contact = settings().contact_url
    user_agent = f"vigie/0.1 (+{contact})" if contact else "vigie/0.1"

    async def fetch() -> FetchOutcome:
        async with HttpFetcher(
            user_agent=user_agent, allow=AllowList.parse(settings().local_allow)
        ) as fetcher:
            return await fetcher.fetch(FetchRequest(url))

    answer = asyncio.run(fetch())
    if answer.failure is not None:
        raise Refused(f"{url} cannot be read: {answer.failure.detail}.")
    feed = skim_feed(answer.body, url=answer.final_url, content_type=answer.content_type)
    if feed.problem is None:
        return [{"url": answer.final_url, "title": feed.title, "format": None}]
    links = announced_feeds(answer.body, url=answer.final_url, content_type=answer.content_type)
    return [{"url": link.url, "title": link.title, "format": link.format} for link in links]


@cache
def connectors() -> "Connectors":
    """Return what says how the platforms stand."""
    from vigie.steps.connectors import Connectors

    return Connectors(accounts=accounts(), sources=sources(), clock=now)


def source_views(client_id: str | None = None) -> list[dict[str, Any]]:
    """Return every source and how it does, as the API and the command line show it.

    A client sees no search but its own: the words of the others are theirs.
    """
    from vigie import views

    plan = accounts().search_plan(client_id) if client_id is not None else None
    own = {source_id for found in plan.searches.values() for source_id in found} if plan else set()
    states = sources().states()
    pushes: dict[str, list[Subscription]] = {}
    for found in subscriptions().all():
        pushes.setdefault(found.source_id, []).append(found)
    return [
        views.of_source(source, states.get(source.source_id), now(), late_after_seconds())
        | {"push": views.of_pushes(pushes.get(source.source_id, []), now())}
        for source in sources().sources()
        if source.connector is None or client_id is None or source.source_id in own
    ]
