"""Give each matched document its story.

Reads   matched queue (documents-matched)
Writes  stories table (fingerprints), grouped queue (documents-grouped)
Fails   message by message; done twice, it answers the same
"""

from vigie import wiring
from vigie.handling import queue_handler
from vigie.messages import DocumentsMatched

handler = queue_handler("deduplicate", DocumentsMatched, lambda message, _: wiring.deduplicate().run(message))
