"""Match new documents against every client's watches.

Reads   documents queue (documents-fetched), accounts table
Writes  ledger table (the decision), matched queue (documents-matched)
Fails   message by message; a document that can never be matched is parked and its neighbours go on
"""

from vigie import wiring
from vigie.handling import queue_handler
from vigie.messages import DocumentsFetched

handler = queue_handler(
    "match", DocumentsFetched, lambda message, _: wiring.match().run(message), metrics={"parked": "Parked"}
)
