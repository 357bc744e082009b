"""Logger and metrics, made once: one log line a batch, and few metrics, because each costs every month.

The only dimension of a metric is the function (``service``), by the name it has in the account, which begins with its
stack's: two stacks do not count together. Nothing is published when there is nothing to count, so that an idle stack
pays for none.
"""

import os
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACE = "vigie"
_IDS = (
    "batch_id",
    "shard",
    "source_id",
    "client_id",
    "digest_id",
    "story_id",
    "mention_id",
    "watch_id",
    "event_id",
)


def make_logger(function: str) -> Logger:
    """Return the logger of a function: JSON lines with its name, whose instants Lambda's log filter reads too."""
    return Logger(service=function, utc=True, use_rfc3339=True)


def make_metrics(function: str) -> Metrics:
    """Return the metrics of a function, under its full name where it runs as one."""
    return Metrics(namespace=NAMESPACE, service=os.environ.get("AWS_LAMBDA_FUNCTION_NAME", function))


def fields_of(report: object) -> dict[str, Any]:
    """Return a step's report as log fields, without what is empty."""
    values: Mapping[str, Any] = (
        asdict(report) if is_dataclass(report) and not isinstance(report, type) else {}
    )
    return {name: value for name, value in values.items() if value not in (None, "", 0, [], {}, ())}


def ids_of(message: object) -> dict[str, str]:
    """Return what a message names, as log fields: by these a batch or a digest is followed from log to log."""
    return {name: str(value) for name in _IDS if (value := getattr(message, name, None))}


def count(metrics: Metrics, **values: int) -> None:
    """Publish what is not zero, at once."""
    counted = {name: value for name, value in values.items() if value}
    for name, value in counted.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
    if counted:
        metrics.flush_metrics()


def gauge_seconds(metrics: Metrics, **values: int | None) -> None:
    """Publish what was measured, at once; what could not be is left out."""
    measured = {name: value for name, value in values.items() if value is not None}
    for name, value in measured.items():
        metrics.add_metric(name=name, unit=MetricUnit.Seconds, value=value)
    if measured:
        metrics.flush_metrics()
