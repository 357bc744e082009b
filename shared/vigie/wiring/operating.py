"""What those who keep the stack ask of it: its health, what it may spend."""

import time
from functools import cache
from typing import TYPE_CHECKING

from vigie.domain.connectors.budgets import MONTH_SECONDS, Bucket
from vigie.wiring.collecting import collector_store
from vigie.wiring.common import late_after_seconds, now, settings
from vigie.wiring.stores import accounts, alert_store, digests, ledger, mentions, queue_urls, sources

if TYPE_CHECKING:
    from vigie.ports import Budgets
    from vigie.steps.dead_letters import DeadLetters
    from vigie.steps.health import Health, HealthStore

_MICRODOLLARS = 1_000_000
_QUEUES = ("shards", "fetched", "matched", "grouped", "adjudicate", "notify", "digests")


@cache
def health_store() -> "HealthStore":
    """Return the last health report, and what the spending lets the stack do."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.health import DynamoHealth

    return DynamoHealth(aws.dynamodb(), settings().need("ledger_table"), settings().need("sources_table"))


def is_saving() -> bool:
    """Return whether this month's spending is over its cap: what the stack can do without rests."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.health import DynamoThrift

    return DynamoThrift(aws.dynamodb(), settings().need("sources_table")).level() == "saving"


def large_model_bucket() -> Bucket:
    """Return what a large model's questions may cost in a month, in micro-dollars."""
    limit = round(settings().large_model_monthly_usd * _MICRODOLLARS)
    return Bucket(name="large-model", limit=limit, window_seconds=MONTH_SECONDS, reserve=0.0, paid=True)


def paid_budgets() -> "Budgets":
    """Return what credentials and the large model may spend: no money while the stack saves."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.budgets import DynamoBudgets
    from vigie.steps.thrift import ThriftyBudgets

    return ThriftyBudgets(DynamoBudgets(aws.dynamodb(), settings().need("sources_table")), is_saving)


@cache
def health() -> "Health":
    """Return the health step."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.budgets import DynamoBudgets
    from vigie.adapters.queue_counts import SqsCounts
    from vigie.steps.health import DEAD_LETTERS, Health

    urls = {name: settings().need(f"{name}_queue_url") for name in _QUEUES}
    return Health(
        stack=settings().need("stack"),
        accounts=accounts(),
        sources=sources(),
        mentions=mentions(),
        ledger=ledger(),
        digests=digests(),
        alerts=alert_store(),
        budgets=DynamoBudgets(aws.dynamodb(), settings().need("sources_table")),
        large_model=large_model_bucket(),
        queues=SqsCounts(aws.sqs(), urls | {DEAD_LETTERS: settings().need("dead_letters_url")}),
        reports=health_store(),
        clock=now,
        late_after_seconds=late_after_seconds(),
        cap_usd=settings().monthly_cap_usd,
        collector=collector_store() if settings().collector_archive else None,
    )


@cache
def dead_letters() -> "DeadLetters":
    """Return what ops do with dead letters."""
    from vigie.adapters import aws
    from vigie.adapters.dead_letters import DynamoFailures, SqsDeadLetters
    from vigie.adapters.sqs import kind_of
    from vigie.steps.dead_letters import DeadLetters

    urls = {kind_of(kind): url for kind, url in queue_urls().items()}
    return DeadLetters(
        queue=SqsDeadLetters(aws.sqs(), aws.functions(), settings().need("dead_letters_url"), urls),
        failures=DynamoFailures(aws.dynamodb(), settings().need("ledger_table")),
        accounts=accounts(),
        digests=digests(),
        ledger=ledger(),
        clock=now,
        sleep=time.sleep,
    )
