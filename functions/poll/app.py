"""Poll the due sources of a shard, and take in what hubs pushed and what a collector polled.

Reads   shards queue (shard-due, feed-pushed, documents-collected, collector-heard), feeds; the
        collector's bucket (payloads/)
Writes  archive, documents queue (documents-fetched), sources table, shards queue (what is put off);
        asks hubs; a collector hands on what it polled to its topic
Fails   shard by shard; a worker that dies leaves a lease that runs out and a redo key the next one finishes
"""

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from vigie import wiring
from vigie.handling import queue_handler
from vigie.messages import CollectorHeard, DocumentsCollected, FeedPushed, ShardDue


def _holder(record: SQSRecord) -> str:
    """Name this try, and no other, as owner of a lease."""
    return f"{record.message_id}.{record.receipt_handle[-24:]}"


handler = queue_handler(
    "poll",
    ShardDue,
    lambda message, record: wiring.poll().run(message, holder=_holder(record)),
    metrics={"documents": "DocumentsFetched"},
    also={
        FeedPushed: lambda message, record: wiring.arrivals().run(message, holder=_holder(record)),
        DocumentsCollected: lambda message, record: wiring.collected().run(message, holder=_holder(record)),
        CollectorHeard: lambda message, _: wiring.collected().hear(message),
    },
)
