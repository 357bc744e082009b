"""The alarms of a stack: which ring, why, and where it says what to do."""

import re
from dataclasses import dataclass
from typing import Any

from infra.stacks.accounts import Account
from infra.stacks.formation import Formation

_RUNBOOK = re.compile(r"https?://\S+")
"""Each alarm's description ends with its runbook's address: a test of the template sees to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm that rings; ``reason`` is CloudWatch's own sentence."""

    name: str
    reason: str = ""
    runbook: str | None = None


def ringing(account: Account, formation: Formation, stack: str) -> list[Alarm]:
    """Return the alarms of a stack that ring, by name; none where there is no stack yet."""
    own = formation.resources(stack, "AWS::CloudWatch::Alarm") if formation.stack(stack) else []
    if not own:  # asked for no names, CloudWatch returns everybody's
        return []
    pages = account.client("cloudwatch").get_paginator("describe_alarms")
    found = pages.paginate(AlarmNames=own, StateValue="ALARM")
    return sorted(
        (_alarm(each) for page in found for each in page["MetricAlarms"]), key=lambda each: each.name
    )


def _alarm(told: dict[str, Any]) -> Alarm:
    runbook = _RUNBOOK.search(told.get("AlarmDescription", ""))
    return Alarm(
        name=told["AlarmName"], reason=told.get("StateReason", ""), runbook=runbook[0] if runbook else None
    )
