"""What every queue's function does around its step: open the message, call the step, log, answer SQS.

Each record succeeds or fails alone (partial batch reply). A *permanent* error parks the message with its reason
and acknowledges it; any other goes back to the queue, and after five receives to the dead letters. A record that the
worker has no time for any more goes back untouched: a worker cut off in the middle would bring back all of its batch.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring
from vigie.errors import Permanent, Transient
from vigie.messages import M, Message

MAXIMUM_RECEIVES = 5  # as each queue's redrive policy has it: a test compares
Handler = Callable[[dict[str, Any], LambdaContext], PartialItemFailureResponse]


class NoTimeLeft(Transient):
    """A record that would not be done before the worker is cut off: another worker takes it."""


class TimeLeft:
    """Whether one more record of a batch fits, as long as it takes no half more than the longest so far."""

    def __init__(self, context: LambdaContext) -> None:
        self._context = context
        self._before: int | None = None
        self._longest = 0

    def check(self) -> None:
        """Begin a record; the one before is done. Raises NoTimeLeft: never for the first."""
        left = int(self._context.get_remaining_time_in_millis())
        if self._before is not None:
            self._longest = max(self._longest, self._before - left)
        self._before = left
        if left < self._longest * 1.5:
            raise NoTimeLeft(f"{left} ms are left, and a record of this batch took {self._longest}")


def queue_handler(
    function: str,
    kind: type[M],
    run: Callable[[M, SQSRecord], object],
    metrics: dict[str, str] | None = None,
    also: Mapping[type[Message], Callable[[Any, SQSRecord], object]] | None = None,
) -> Handler:
    """Return the Lambda handler that gives each message of ``kind`` to ``run`` and logs the report it returns.

    ``metrics`` maps names of the report's counts to names of metrics to publish. ``also`` are other kinds that
    travel on the same queue, and what runs them.
    """
    runs: dict[type[Any], Callable[[Any, SQSRecord], object]] = {kind: run, **(also or {})}
    logger = observe.make_logger(function)
    meter = observe.make_metrics(function)
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

    def handle_record(record: SQSRecord, time_left: TimeLeft) -> None:
        told: dict[str, Any] = {"sqs_message_id": record.message_id}
        try:
            time_left.check()
            own = wiring.kind_in(record.body, runs) or kind
            message = wiring.open_message(record.body, own)
            told |= observe.ids_of(message)
            report = runs[own](message, record)
        except Permanent as error:
            logger.exception("message parked", reason=str(error), **told)
            wiring.park_message(function, _thing_id(record), str(error), record.body)
            return
        except Exception as error:
            logger.exception("message goes back to the queue", **told)
            try:
                _note_last_words(function, record, error)
            except Exception:
                logger.exception("what the last try said is not kept", **told)
            raise
        logger.info("message done", **told | observe.fields_of(report))
        names = metrics or {}
        observe.count(meter, **{names[name]: int(getattr(report, name, 0)) for name in names})

    def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
        """Handle a batch of SQS records; return those to deliver again."""
        logger.append_keys(function_request_id=context.aws_request_id)
        time_left = TimeLeft(context)

        def in_time(record: SQSRecord) -> None:
            handle_record(record, time_left)

        return process_partial_response(
            event=event,
            record_handler=in_time,
            processor=processor,
            context=context,
        )

    return handler


def _note_last_words(function: str, record: SQSRecord, error: Exception) -> None:
    """Keep what a message's last try says: a dead letter itself tells nothing of what it died of."""
    if int(record.attributes.approximate_receive_count) >= MAXIMUM_RECEIVES:
        wiring.note_failure(function, record.message_id, f"{type(error).__name__}: {error}")


def _thing_id(record: SQSRecord) -> str:
    return hashlib.sha256(record.body.encode("utf-8", "surrogatepass")).hexdigest()[:32]
