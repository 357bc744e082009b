"""Label each grouped document and record its mentions.

Reads   grouped queue (documents-grouped)
Writes  mentions table
Fails   message by message; a mention is recorded once, whoever tries again
"""

from vigie import wiring
from vigie.handling import queue_handler
from vigie.messages import DocumentsGrouped

handler = queue_handler(
    "classify",
    DocumentsGrouped,
    lambda message, _: wiring.classify().run(message),
    metrics={"recorded": "MentionsRecorded"},
)
