"""Label each grouped document and record its mentions; blank those of documents taken back.

Reads   grouped queue (documents-grouped, documents-withdrawn), the directory of clients
Writes  mentions table
Fails   message by message; a mention is recorded once, whoever tries again
"""

from vigie import wiring
from vigie.handling import queue_handler
from vigie.messages import DocumentsGrouped, DocumentsWithdrawn

handler = queue_handler(
    "classify",
    DocumentsGrouped,
    lambda message, _: wiring.classify().run(message),
    metrics={"recorded": "MentionsRecorded"},
    also={DocumentsWithdrawn: lambda message, _: wiring.withdraw().run(message)},
)
