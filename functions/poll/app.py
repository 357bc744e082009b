"""Poll the due sources of a shard.

Reads   shards queue (shard-due), the sources' feeds
Writes  archive, documents queue (documents-fetched), sources table
Fails   shard by shard; a worker that dies leaves a lease that runs out and a redo key the next one finishes
"""

from vigie import wiring
from vigie.handling import queue_handler
from vigie.messages import ShardDue

handler = queue_handler(
    "poll",
    ShardDue,
    lambda message, record: wiring.poll().run(
        message, holder=f"{record.message_id}.{record.receipt_handle[-24:]}"
    ),
    metrics={"documents": "DocumentsFetched"},
)
