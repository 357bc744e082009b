"""The tables, the bucket and the queues."""

from functools import cache
from typing import TYPE_CHECKING, Any

from vigie.messages import (
    CollectorHeard,
    DigestReady,
    DocumentsCollected,
    DocumentsFetched,
    DocumentsGrouped,
    DocumentsMatched,
    DocumentsWithdrawn,
    FeedPushed,
    NoticeDue,
    PreviewReady,
    ShardDue,
    StoryUnsure,
)
from vigie.ports import (
    AccountStore,
    AddressStore,
    BillingStore,
    Blobs,
    DeliveryStore,
    FeedbackStore,
    LedgerStore,
    ObjectionStore,
    Outbox,
    ReviewStore,
    SourceStore,
    StoryStore,
    SubscriptionStore,
)
from vigie.wiring.common import now, settings

if TYPE_CHECKING:
    from vigie.ports.alerts import AlertStore
    from vigie.steps.billing.entitlements import Entitlements
    from vigie.steps.billing.history import PlanHistory
    from vigie.steps.billing.quotas import Quotas
    from vigie.steps.corrected import CorrectedMentions
    from vigie.steps.following import FollowedMentions
    from vigie.steps.reviewed import ReviewedDigests


_QUEUE_SETTINGS: dict[type, str] = {
    ShardDue: "shards_queue_url",
    FeedPushed: "shards_queue_url",
    DocumentsFetched: "fetched_queue_url",
    DocumentsCollected: "shards_queue_url",
    CollectorHeard: "shards_queue_url",
    DocumentsMatched: "matched_queue_url",
    DocumentsGrouped: "grouped_queue_url",
    DocumentsWithdrawn: "grouped_queue_url",
    StoryUnsure: "adjudicate_queue_url",
    NoticeDue: "notify_queue_url",
    DigestReady: "digests_queue_url",
    PreviewReady: "digests_queue_url",
}


@cache
def blobs() -> Blobs:
    """Return the bucket."""
    from vigie.adapters import aws
    from vigie.adapters.s3 import S3Blobs

    return S3Blobs(aws.s3(), settings().need("bucket"))


def queue_urls() -> dict[type[Any], str]:
    """Return the queues this process knows, by the kind of message that goes there."""
    urls = {kind: getattr(settings(), name) for kind, name in _QUEUE_SETTINGS.items()}
    return {kind: url for kind, url in urls.items() if url}


@cache
def collector_archive() -> dict[str, Blobs]:
    """Return the bucket of the stack that collects for this one, by its name; nothing where none does."""
    from vigie.adapters import aws
    from vigie.adapters.s3 import S3Blobs

    name = settings().collector_archive
    return {name: S3Blobs(aws.s3(), name)} if name else {}


@cache
def outbox() -> Outbox:
    """Return the queues this function may write to."""
    from vigie.adapters import aws
    from vigie.adapters.sqs import SqsOutbox

    return SqsOutbox(aws.sqs(), queue_urls(), blobs())


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
def stories() -> StoryStore:
    """Return the stories table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.stories import DynamoStories

    return DynamoStories(
        aws.dynamodb(),
        settings().need("stories_table"),
        retention_days=settings().story_retention_days,
        alias_days=settings().mention_retention_days,
    )


@cache
def mentions() -> Any:
    """Return the mentions table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.mentions import DynamoMentions

    retention_days = settings().mention_retention_days
    return DynamoMentions(aws.dynamodb(), settings().need("mentions_table"), retention_days=retention_days)


@cache
def objections() -> ObjectionStore:
    """Return the authors who object, in the mentions table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.objections import DynamoObjections

    return DynamoObjections(aws.dynamodb(), settings().need("mentions_table"))


@cache
def followed_mentions() -> "FollowedMentions":
    """Return the mentions table, each mention in the story that its own was merged into."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.stories import DynamoStoryRoots
    from vigie.steps.following import FollowedMentions

    stories = DynamoStoryRoots(aws.dynamodb(), settings().need("stories_table"))
    return FollowedMentions(mentions(), stories)


@cache
def feedback_store() -> FeedbackStore:
    """Return what people corrected, in the mentions table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.feedback import DynamoFeedback

    retention_days = settings().mention_retention_days
    return DynamoFeedback(aws.dynamodb(), settings().need("mentions_table"), retention_days=retention_days)


@cache
def billing_store() -> BillingStore:
    """Return the subscriptions of self-serve clients, in the accounts table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.billing import DynamoBilling

    return DynamoBilling(aws.dynamodb(), settings().need("accounts_table"))


@cache
def entitlements() -> "Entitlements":
    """Return what subscriptions entitle clients to."""
    from vigie.steps.billing.entitlements import Entitlements

    return Entitlements(billing_store())


@cache
def quotas() -> "Quotas":
    """Return what counts mentions against quotas."""
    from vigie.steps.billing.quotas import Quotas

    return Quotas(billing=billing_store(), mentions=mentions(), blobs=blobs(), clock=now)


@cache
def history() -> "PlanHistory":
    """Return how far back clients' plans show."""
    from vigie.steps.billing.history import PlanHistory

    return PlanHistory(billing_store(), now)


@cache
def current_mentions() -> "CorrectedMentions":
    """Return the mentions as they are to be read: in the stories of today, within plan and quota, corrected."""
    from vigie.steps.billing.history import RecentMentions
    from vigie.steps.billing.quotas import MeteredMentions
    from vigie.steps.corrected import CorrectedMentions

    followed = followed_mentions()
    recent = RecentMentions(followed, history())
    return CorrectedMentions(MeteredMentions(recent, quotas()), feedback_store(), followed.stories)


@cache
def digests() -> Any:
    """Return the digests table and their contents."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.digests import DynamoDigests

    retention_days = settings().mention_retention_days
    return DynamoDigests(
        aws.dynamodb(), settings().need("digests_table"), blobs(), retention_days=retention_days
    )


@cache
def reviews() -> ReviewStore:
    """Return what reviewers decided, in the digests table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.reviews import DynamoReviews

    retention_days = settings().mention_retention_days
    return DynamoReviews(aws.dynamodb(), settings().need("digests_table"), retention_days=retention_days)


@cache
def addresses() -> AddressStore:
    """Return how addresses take our mails, in the digests table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.addresses import DynamoAddresses

    return DynamoAddresses(aws.dynamodb(), settings().need("digests_table"))


@cache
def reviewed_digests() -> "ReviewedDigests":
    """Return the digests as they left."""
    from vigie.steps.reviewed import ReviewedDigests

    return ReviewedDigests(digests(), reviews(), history().edge)


@cache
def deliveries() -> DeliveryStore:
    """Return the mails sent, in the digests table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.deliveries import DynamoDeliveries

    retention_days = settings().mention_retention_days
    return DynamoDeliveries(aws.dynamodb(), settings().need("digests_table"), retention_days=retention_days)


@cache
def alert_store() -> "AlertStore":
    """Return alerts and what is remembered to judge by, in the digests table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.alerts import DynamoAlerts

    retention_days = settings().mention_retention_days
    return DynamoAlerts(aws.dynamodb(), settings().need("digests_table"), retention_days=retention_days)
