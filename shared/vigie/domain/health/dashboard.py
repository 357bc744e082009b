"""The fleet's dashboard: one for all stacks of an account, as CloudWatch reads it.

Metrics are found by search, so that a stack deployed tomorrow is drawn without a new dashboard; only the table of
health reports names the stacks' logs. One dashboard, not one a stack: each beyond the account's third costs three
dollars a month.
Source: "Dashboard body structure and syntax", Amazon CloudWatch API Reference; "Metric search expression syntax",
Amazon CloudWatch User Guide.
"""

from collections.abc import Sequence
from typing import Any

Widget = dict[str, Any]

_OWN = "{vigie,service}"
_QUEUES = "{AWS/SQS,QueueName}"
_FUNCTIONS = "{AWS/Lambda,FunctionName}"
COLUMNS = (
    "stack", "well", "freshness_p50_seconds", "freshness_p95_seconds", "sources.failing", "sources.late",
    "oldest_minutes", "dead_letters", "digests_due", "digests_sent", "digests_late", "alerts_unacknowledged",
    "ledger_gap", "clients", "spent_usd", "cap_usd", "problems.0.says",
)  # fmt: skip
"""Of a health report's summary."""


def dashboard_of(stacks: Sequence[str], region: str) -> dict[str, Any]:
    """Return the dashboard's body; ``stacks`` are those whose reports are in the table."""
    drawn = [
        _chart("Publication to mention, p95", region, _OWN, "FreshnessP95", "Maximum"),
        _chart("Publication to mention, p50", region, _OWN, "FreshnessP50", "Maximum"),
        _chart("Oldest message", region, _QUEUES, "ApproximateAgeOfOldestMessage", "Maximum"),
        _chart(
            "Dead letters", region, _QUEUES, "ApproximateNumberOfMessagesVisible", "Maximum", "DeadLetters"
        ),
        _chart("Digests overdue", region, _OWN, "DigestsOverdue", "Maximum"),
        _chart("Alerts that could not be told", region, _OWN, "AlertsUntold", "Sum"),
        _chart("Mentions recorded", region, _OWN, "MentionsRecorded", "Sum"),
        _chart("Functions that fail", region, _FUNCTIONS, "Errors", "Sum", *_tokens(stacks)),
    ]
    table = [_table(stacks, region)] if stacks else []
    return {"widgets": [*table, *(_placed(number, widget) for number, widget in enumerate(drawn))]}


def _chart(title: str, region: str, dimensions: str, metric: str, statistic: str, *also: str) -> Widget:
    terms = " ".join([f'MetricName="{metric}"', *([f"({' OR '.join(also)})"] if also else [])])
    return {
        "type": "metric",
        "properties": {
            "title": title,
            "region": region,
            "view": "timeSeries",
            "period": 900,
            "metrics": [[{"expression": f"SEARCH('{dimensions} {terms}', '{statistic}', 900)", "id": "e1"}]],
        },
    }


def _tokens(stacks: Sequence[str]) -> list[str]:
    """Return what functions' names begin with: other functions of the account are not drawn."""
    return [f'"{stack}"' for stack in stacks]


def _table(stacks: Sequence[str], region: str) -> Widget:
    groups = " | ".join(f"SOURCE '/aws/lambda/{stack}-health'" for stack in stacks)
    fields = ", ".join(f"report.{name}" for name in COLUMNS)
    query = (
        f'{groups} | fields {fields} | filter message = "health" | sort @timestamp desc | dedup report.stack'
    )
    properties = {"title": "Stacks, as last reported", "region": region, "view": "table", "query": query}
    return {"type": "log", "x": 0, "y": 0, "width": 24, "height": 8, "properties": properties}


def _placed(number: int, widget: Widget) -> Widget:
    row, column = divmod(number, 2)
    return {**widget, "x": 12 * column, "y": 8 + 6 * row, "width": 12, "height": 6}
