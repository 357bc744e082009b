"""Every stack of an account: found by what CloudFormation says, read by its last health report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import boto3
from botocore.config import Config

from vigie.adapters.aws import transient_failures
from vigie.adapters.dynamo.health import DynamoHealth
from vigie.domain.health.report import HealthReport

_TELLING = ("HealthFunction", "LedgerTable", "SourcesTable")


@cache
def account_client(service: Literal["cloudformation", "cloudwatch"]) -> Any:
    """Return the client of a service that those who keep stacks ask; no function does, and the layer has none."""
    config = Config(connect_timeout=2, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 4})
    return boto3.client(service, config=config)


@dataclass(frozen=True, slots=True)
class FleetStack:
    """A deployed stack, with what its template gives out."""

    name: str
    status: str
    outputs: Mapping[str, str]


def fleet(formation: Any) -> Iterator[FleetStack]:
    """Yield the account's stacks that are vigie's, in CloudFormation's order."""
    request: dict[str, str] = {}
    while True:
        with transient_failures("list the account's stacks"):
            answer = formation.describe_stacks(**request)
        for stack in answer["Stacks"]:
            outputs = {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}
            if all(name in outputs for name in _TELLING):
                yield FleetStack(stack["StackName"], stack["StackStatus"], outputs)
        if not answer.get("NextToken"):
            return
        request = {"NextToken": answer["NextToken"]}


def last_report(dynamodb: Any, stack: FleetStack) -> HealthReport | None:
    """Return a stack's last health report, None before its first."""
    return DynamoHealth(dynamodb, stack.outputs["LedgerTable"], stack.outputs["SourcesTable"]).latest()
