"""Whom a watch names: a brand, a competitor, a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    """One watched entity: its ``key`` (the watch's id), its names, and a sentence on what it is and where."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    about: str = ""
