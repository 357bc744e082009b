"""Put stories that the classifier is not sure of to a large model, on a stack that has one.

Reads   adjudicate queue (story-unsure), accounts, mentions and stories tables
Writes  mentions table (answers), stories table (answers to keep), sources table (what was spent), adjudicate queue
Fails   message by message; a case is settled once, and parked with its reason when no answer comes
"""

from vigie import wiring
from vigie.handling import queue_handler
from vigie.messages import StoryUnsure

handler = queue_handler(
    "adjudicate",
    StoryUnsure,
    lambda message, _: wiring.adjudicate().run(message),
    metrics={"asked": "LargeModelAsked", "cost_microdollars": "LargeModelMicrodollars"},
)
