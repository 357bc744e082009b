"""What handlers do with a queue's messages."""

from collections.abc import Iterable
from typing import Any

from vigie.domain.mentions import Parked
from vigie.messages import M
from vigie.wiring.common import now, settings
from vigie.wiring.stores import blobs, collector_archive, ledger


def open_message(body: str, kind: type[M]) -> M:
    """Return a queue's message, fetched from the bucket when it travelled by reference. Raises BadMessage."""
    from vigie.adapters.sqs import open_body

    return open_body(body, kind, blobs(), collector_archive())


def kind_in(body: str, kinds: Iterable[type[Any]]) -> type[Any] | None:
    """Return which of ``kinds`` a queue's body says it is."""
    from vigie.adapters.sqs import kind_of, schema_in

    schema = schema_in(body)
    return next((kind for kind in kinds if kind_of(kind) == schema), None)


def park_message(stage: str, thing_id: str, reason: str, body: str) -> None:
    """Keep a message that can never succeed."""
    ledger().park(Parked(stage, thing_id, reason, now(), {"content": body[:2_000]}))


def note_failure(function: str, message_id: str, error: str) -> None:
    """Keep what a message's last try said, beside what is parked: its dead letter tells nothing."""
    from vigie.adapters import aws
    from vigie.adapters.dead_letters import DynamoFailures
    from vigie.domain.dead_letters import Failure

    failures = DynamoFailures(aws.dynamodb(), settings().need("ledger_table"))
    failures.note(Failure(message_id=message_id, function=function, error=error, at=now()))
