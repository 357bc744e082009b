"""Segments: many documents kept ready to be asked any query, without reading them again.

``write`` prepares documents once (their tokens by the engine's own cutter, with positions and filters) and makes
bytes of them; ``read`` opens these; ``search`` puts a query to a segment: sets of documents first, positions only of
those that may match, texts only for ``raw:``. ``items`` keeps what does not belong in an index (whole documents),
to be fetched a few at a time.
"""

from vigie.domain.query.segment.items import Items, write_items
from vigie.domain.query.segment.read import Segment
from vigie.domain.query.segment.search import Opened, Search
from vigie.domain.query.segment.write import DOCUMENTS_LIMIT, Entry, write_segment

__all__ = ["DOCUMENTS_LIMIT", "Entry", "Items", "Opened", "Search", "Segment", "write_items", "write_segment"]
