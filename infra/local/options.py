"""What was asked for on the ``make run`` line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.emulator import PORT
from infra.local.trouble import CannotRun
from vigie.steps.desk import check_query


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """``feeds`` (a folder) or ``sources`` (a list of addresses) replace the demo press; ``watch`` adds a client.

    ``port`` is the emulator's; the feeds are served on the next one, the demo's platforms on the one after.
    """

    once: bool = False
    feeds: Path | None = None
    sources: Path | None = None
    watch: str | None = None
    port: int = PORT

    @classmethod
    def from_mapping(cls, environment: Mapping[str, str]) -> "Options":
        """Read ONCE, FEEDS, SOURCES, WATCH and PORT. Raises CannotRun or BadQuery before anything is started."""
        watch = environment.get("WATCH", "").strip() or None
        if watch is not None:
            check_query(watch)
        feeds, sources = _path(environment, "FEEDS"), _path(environment, "SOURCES")
        if feeds and sources:
            raise CannotRun("FEEDS and SOURCES exclude each other: give one of them.")
        if feeds and not feeds.is_dir():
            raise CannotRun(f"FEEDS={feeds} is not a folder: give one that holds feed files.")
        if sources and not sources.is_file():
            raise CannotRun(f"SOURCES={sources} is not a file: give an OPML or CSV list of addresses.")
        return cls(
            once=environment.get("ONCE", "") not in {"", "0"},
            feeds=feeds,
            sources=sources,
            watch=watch,
            port=_port(environment.get("PORT") or str(PORT)),
        )

    @property
    def feeds_port(self) -> int:
        """Where the demo press or the folder is served."""
        return self.port + 1

    @property
    def platforms_port(self) -> int:
        """Where the demo's networks, forum and videos are served."""
        return self.port + 2


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name, "").strip()
    return Path(text).expanduser().resolve() if text else None


def _port(text: str) -> int:
    if not text.isdecimal() or not 1024 <= int(text) <= 65_533:
        raise CannotRun(f"PORT={text} cannot be used: give a number from 1024 to 65533.")
    return int(text)
