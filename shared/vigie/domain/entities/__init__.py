"""Watched entities: whom a watch names, and where a document speaks of them.

``derive`` reads whom a watch names in its query; ``names`` and ``find`` look for an entity in a text; ``cues`` and
``relevance`` say what part it plays there.
"""

from vigie.domain.entities.entity import Entity

__all__ = ["Entity"]
