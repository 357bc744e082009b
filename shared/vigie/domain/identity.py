"""Which entries of a feed are new, and the ids of those that are.

An entry is known by up to three keys, strongest first: its guid within the source, its canonical link within the
source, and, when it has neither, its content. A key that two entries of one document share identifies neither,
unless they are one entry printed twice. An entry is new when none of its valid keys is in the source's window;
dates decide nothing, and the whole document is looked at, because publishers insert late items at the bottom.
The id of a new document is the hash of its strongest key, so that any worker at any time gives the same document
the same id.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from vigie.domain.feeds import FeedEntry
from vigie.domain.sources import SourceWindow
from vigie.domain.urls import canonical_url

WINDOW_KEYS = 240  # remembered at least; about 120 entries, and written with every new document
WINDOW_DOCUMENTS = 3  # or three times what one document shows, for large feeds
_KEY_HEX = 16  # 64 bits


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry never seen in its source, with the id its document gets."""

    document_id: str
    entry: FeedEntry


@dataclass(frozen=True, slots=True)
class Novelty:
    """What a feed's document brought: its new entries in document order, and the window to remember."""

    new: tuple[NewEntry, ...]
    window: SourceWindow


def find_new(source_id: str, entries: Sequence[FeedEntry], window: SourceWindow) -> Novelty:
    """Tell new entries from known ones. The window comes back with every key just seen, newest last."""
    keys = [_keys(source_id, entry) for entry in entries]
    distinct = {(tuple(own), _content(entry)): own for entry, own in zip(entries, keys, strict=True)}
    shared = {
        key for key, count in Counter(key for own in distinct.values() for key in own).items() if count > 1
    }
    known = set(window.keys)
    new: list[NewEntry] = []
    seen: list[str] = []
    taken: set[str] = set()
    for entry, own in zip(entries, keys, strict=True):
        valid = _valid(source_id, entry, own, shared)
        if not known.intersection(valid) and valid[0] not in taken:
            new.append(NewEntry(document_id=valid[0], entry=entry))
        taken.update(valid)
        seen.extend(valid)
    return Novelty(tuple(new), SourceWindow(source_id, _remember(window.keys, seen)))


def _valid(source_id: str, entry: FeedEntry, own: list[str], shared: set[str]) -> list[str]:
    """Return the entry's keys nobody shares; one that has none left is known by its content."""
    valid = [key for key in own if key not in shared]
    return valid or [_hash("c", source_id, entry.guid or "", entry.link or "", _content(entry))]


def _keys(source_id: str, entry: FeedEntry) -> list[str]:
    keys = []
    if entry.guid and entry.guid.strip():
        guid = unicodedata.normalize("NFC", entry.guid.strip())
        keys.append(_hash("g", source_id, re.sub(r"^http://", "https://", guid, flags=re.IGNORECASE)))
    if entry.link:
        keys.append(_hash("l", source_id, canonical_url(entry.link)))
    return keys or [_hash("c", source_id, "", "", _content(entry))]


def _content(entry: FeedEntry) -> str:
    text = " ".join((entry.title, entry.summary or entry.body))
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    # The date tells two bulletins with one text apart; an entry without either is what it is.
    return f"{folded[:500]}|{entry.published_at.isoformat() if entry.published_at else ''}"


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_HEX]


def _remember(old: tuple[str, ...], seen: Sequence[str]) -> tuple[str, ...]:
    fresh = dict.fromkeys(seen)
    kept = [key for key in old if key not in fresh]
    return tuple([*kept, *fresh][-max(WINDOW_KEYS, WINDOW_DOCUMENTS * len(fresh)) :])
