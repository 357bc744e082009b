"""Poll the due sources of a shard, and take in what hubs pushed.

Reads   shards queue (shard-due, feed-pushed), the sources' feeds
Writes  archive, documents queue (documents-fetched), sources table, shards queue (pushes put off); asks hubs
Fails   shard by shard; a worker that dies leaves a lease that runs out and a redo key the next one finishes
"""

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from vigie import wiring
from vigie.handling import queue_handler
from vigie.messages import FeedPushed, ShardDue


def _holder(record: SQSRecord) -> str:
    """Name this try, and no other, as owner of a lease."""
    return f"{record.message_id}.{record.receipt_handle[-24:]}"


handler = queue_handler(
    "poll",
    ShardDue,
    lambda message, record: wiring.poll().run(message, holder=_holder(record)),
    metrics={"documents": "DocumentsFetched"},
    also={FeedPushed: lambda message, record: wiring.arrivals().run(message, holder=_holder(record))},
)
