"""Watched entities: whom a watch names, and where a document speaks of them."""

from vigie.domain.entities.entity import Entity
from vigie.domain.entities.find import Occurrence, find

__all__ = ["Entity", "Occurrence", "find"]
