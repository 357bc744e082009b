"""Post what happened to clients' own addresses, signed; on a stack whose webhooks are on.

Reads   notify queue (notice-due), accounts, mentions and stories tables
Writes  accounts table (how endpoints do, what they were told), ledger table (parked), notify queue (later tries)
Fails   message by message; what a receiver does not take is tried for a day
"""

from vigie import wiring
from vigie.handling import queue_handler
from vigie.messages import NoticeDue

handler = queue_handler(
    "notify",
    NoticeDue,
    lambda message, _: wiring.notify().run(message),
    metrics={"delivered": "NoticesDelivered"},
)
