"""What a stack costs in a month in which nothing happens: no source, no client, no call.

Public on-demand prices, US dollars, eu-west-3, arm64, without free tiers. Quantities are counted in template.yaml;
what AWS does by itself (how often a queue is asked, how long a line of log is) is said beside the figure.
"""

import re
from dataclasses import dataclass

from infra.template import Function, Template
from vigie.domain.costs.prices import price_table

LIMIT_USD = 2.0

PRICES = price_table()
HOURS = 730
SECONDS = HOURS * 3600

# What AWS does by itself, and what a tick is taken to need.
POLLERS_A_QUEUE = 5  # Lambda asks a quiet queue with five long polls at a time
LONG_POLL_SECONDS = 20
TICK_SECONDS = 0.1  # a warm schedule or digest that finds nothing due, at these memory sizes
TICK_READ_UNITS = (
    3  # digest's consistent queries of empty partitions; schedule's, and two versions of its searches'
)

TICK_LOG_BYTES = 26 + 210  # a line of ours at most; of Lambda's own only failures are kept
CODE_GB = 0.02  # zips of layer and functions, kept by whoever deploys
METRICS_WHEN_IDLE = 0  # vigie.observe publishes no zero


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill."""

    what: str
    quantity: float
    unit: str
    priced_as: str

    @property
    def month_usd(self) -> float:
        """What it comes to in a month."""
        return PRICES.of({self.priced_as: self.quantity})


def main() -> None:
    """Print the bill."""
    lines = bill(Template.read())
    print(f"{'what':<44} {'quantity':>10} {'unit':<14} {'US$ a month':>11}")
    for line in lines:
        print(f"{line.what:<44} {line.quantity:>10,.3g} {line.unit:<14} {line.month_usd:>11.4f}")
    total = sum(line.month_usd for line in lines)
    print(
        f"{'total':<44} {'':>10} {'':<14} {total:>11.4f}   limit {LIMIT_USD:.2f}, "
        f"prices of {PRICES.as_of} ({PRICES.region})"
    )


def bill(template: Template) -> list[Line]:
    """Return the lines of an idle month, dearest first."""
    ticking = [function for function in template.functions.values() if function.schedules]
    ticks = sum(ticks_a_month(function) for function in ticking)
    sources = sum(queue.enabled for function in template.functions.values() for queue in function.queues)
    log_gb = ticks * TICK_LOG_BYTES / 1e9
    gb_seconds = sum(
        ticks_a_month(function) * TICK_SECONDS * function.memory_mb / 1024 for function in ticking
    )
    empty_receives = sources * POLLERS_A_QUEUE * SECONDS / LONG_POLL_SECONDS
    asked = ticks_a_month(template.functions["health"]) * len(template.queues)
    alarms = len(template.resources("AWS::CloudWatch::Alarm"))
    retained_months = template.default("LogRetentionDays") * 24 / HOURS
    lines = [
        Line(f"SQS, empty receives of {sources} event sources", empty_receives, "requests", "sqs_requests"),
        Line("SQS, health asking what waits", asked, "requests", "sqs_requests"),
        Line("CloudWatch alarms", alarms, "alarms", "alarms"),
        Line("CloudWatch metrics of our own", METRICS_WHEN_IDLE, "metrics", "metrics"),
        Line("EventBridge Scheduler", ticks, "invocations", "scheduler_invocations"),
        Line("Lambda, requests", ticks, "requests", "lambda_requests"),
        Line("Lambda, time", gb_seconds, "GB-seconds", "lambda_gb_seconds"),
        Line("DynamoDB, reads of the ticks", ticks * TICK_READ_UNITS, "read units", "dynamodb_read_units"),
        Line("CloudWatch Logs, written", log_gb, "GB", "logs_gb"),
        Line("CloudWatch Logs, kept", log_gb * retained_months, "GB", "logs_gb_months"),
        Line("S3, code", CODE_GB, "GB", "s3_gb_months"),
    ]
    return sorted(lines, key=lambda line: -line.month_usd)


def ticks_a_month(function: Function) -> float:
    """Return how often a function's schedules fire in a month."""
    total = 0.0
    for expression in function.schedules:
        found = re.fullmatch(r"rate\((\d+) minutes?\)", expression)
        if found is None:
            raise ValueError(f"{function.room}: cannot count {expression!r}; say it as rate(n minutes)")
        total += HOURS * 60 / int(found[1])
    return total
