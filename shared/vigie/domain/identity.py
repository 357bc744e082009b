"""Which entries of a feed are new, and the ids of those that are.

An entry is known by up to four keys, strongest first: its guid within the source, its canonical link within the
source (the page's, then that of a counter which sends readers on to it), and, when it has none of these, its
content. A key that two entries of one document share identifies neither, unless they are one entry printed
twice; a link to the feed or its site identifies none. One key more recognises an article whose publisher changed
guid and link together: its title (four words at least) with its minute.

An entry is new when none of its valid keys is in the source's window, nor among those that retired from it: an
article may come back after months, restored, or on a page of archives. Dates alone decide nothing, and the whole
document is looked at, because publishers insert late items at the bottom. When a site gives all its articles new
guids and links at once, and keeps no date either, their content still tells that nothing was published: that
weaker likeness counts only where most of a document changed its keys and nearly all of it is recognised.

What a platform brings is known by the platform's own id and nothing else, in whichever search it is found.

The id of a new document is the hash of its strongest key, so that any worker at any time gives the same document
the same id.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from vigie.domain.feeds import FeedEntry
from vigie.domain.sources import SourceWindow
from vigie.domain.urls import canonical_url

WINDOW_KEYS = 84  # remembered at least; with them a source's item stays within a write unit
WINDOW_DOCUMENTS = (
    1.2  # and what the last document showed, and a fifth as much: what retires is not forgotten
)
WINDOW_SHARE_KEPT = 1 / 2  # of a full window, when its oldest keys retire: many at once, each time is a write
TITLE_WORDS = 4  # shorter titles repeat: "Météo du jour"
REKEY_ENTRIES = 5  # a mass change of keys: of so many entries at least,
REKEY_SHARE = 0.6  # so many have keys never seen,
REKEY_RECOGNISED = 0.8  # and of those so many are recognised all the same
GAP_SHARE = 0.8  # new entries of a document, from which on some may have come and gone unseen
_KEY_HEX = 16  # 64 bits
_CACHED = 50_000


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry never seen in its source, with the id its document gets.

    ``identity`` are the keys that make it known from now on, ``remembered`` all those that go into the window.
    """

    document_id: str
    entry: FeedEntry
    identity: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Novelty:
    """What a feed's document brought: its new entries in document order, and the window to remember.

    ``known`` counts entries seen before. ``rekeyed`` counts those of them known otherwise than by the guid they
    have now. ``gap``: so little of the document is known that others may have come and gone between two polls.
    ``doubtful`` are the keys by which entries held to be new may yet be known: ask whether they have retired.
    """

    new: tuple[NewEntry, ...]
    window: SourceWindow
    doubtful: frozenset[str] = frozenset()
    known: int = 0
    rekeyed: int = 0
    gap: bool = False


@dataclass(frozen=True, slots=True)
class _Keys:
    """One entry's valid keys: those that identify it, strongest first, and its likenesses."""

    identity: tuple[str, ...]
    guid: str | None
    title: str | None
    minutes: tuple[str, ...]  # the title with the minute, and with the ones beside it

    @property
    def all(self) -> tuple[str, ...]:
        return self.identity if self.title is None else (*self.identity, self.title)


def find_new(
    source_id: str,
    entries: Sequence[FeedEntry],
    window: SourceWindow,
    homes: Iterable[str] = (),
    retired: Iterable[str] = (),
) -> Novelty:
    """Tell new entries from known ones. The window comes back with every key just seen, the newest last.

    ``homes`` are addresses that identify no entry: the feed's and its site's. ``retired`` are keys that left the
    window and are known all the same.
    """
    remembered = {*window.keys, *retired}
    not_theirs = {_canonical(home) for home in homes}
    drafts = [_draft(source_id, entry, not_theirs) for entry in entries]
    named = _valid_keys(source_id, entries, drafts)
    idle = _idle_guids(drafts, remembered)
    keys = _valid_keys(source_id, entries, drafts, idle) if idle else named
    aliases = {own.identity[0] for own in keys if _is_known(own, remembered)}
    aliases |= _mass_rekeyed(keys, aliases, remembered)
    new: list[NewEntry] = []
    taken: set[str] = set()
    for entry, own, name in zip(entries, keys, named, strict=True):
        if own.identity[0] not in aliases and taken.isdisjoint(own.identity):
            own_keys = tuple(dict.fromkeys((*name.identity, *own.identity)))
            new.append(NewEntry(name.identity[0], entry, identity=own_keys, remembered=(*own_keys, *own.all)))
        taken.update(own.identity)
    known = [own for own in keys if own.identity[0] in aliases]
    doubtful = (own for own in keys if own.identity[0] not in aliases)
    kept, left = remember(window.keys, _worth_remembering(keys, remembered))
    return Novelty(
        new=tuple(new),
        window=SourceWindow(source_id, kept, left),
        doubtful=frozenset(key for own in doubtful for key in (*own.all, *own.minutes)),
        known=len(known),
        rekeyed=sum(1 for own in known if own.guid is not None and own.guid not in remembered),
        gap=bool(window.keys) and len(new) >= GAP_SHARE * max(len(entries), 1),
    )


def _is_known(own: _Keys, remembered: set[str]) -> bool:
    return not remembered.isdisjoint(own.identity) or not remembered.isdisjoint(own.minutes)


def _changed(keys: Sequence[_Keys], remembered: set[str]) -> list[_Keys]:
    """Return the entries whose guids were never seen, when those are most of a document's; none otherwise."""
    changed = [own for own in keys if own.guid is not None and own.guid not in remembered]
    return changed if len(keys) >= REKEY_ENTRIES and len(changed) >= REKEY_SHARE * len(keys) else []


def _idle_guids(keys: Sequence[_Keys], remembered: set[str]) -> set[str | None]:
    """Return the guids of a document that say nothing: most are new, and nearly all their entries' links are not."""
    changed = _changed(keys, remembered)
    linked = sum(1 for own in changed if not remembered.isdisjoint(own.identity))
    return {own.guid for own in changed} if linked >= REKEY_RECOGNISED * len(changed) else set()


def _worth_remembering(keys: Sequence[_Keys], remembered: set[str]) -> list[str]:
    """Return the keys to remember of a document, in its order.

    A feed that makes new guids at each rendering would fill its window with guids that never come back: where most
    changed, those of entries whose links are known are left out. The links go on telling these entries.
    """
    changed = [own for own in _changed(keys, remembered) if not remembered.isdisjoint(own.identity)]
    idle = {own.guid for own in changed}
    return [key for own in keys for key in own.all if key not in idle]


def _mass_rekeyed(keys: Sequence[_Keys], aliases: set[str], remembered: set[str]) -> set[str]:
    """Return the entries that a mass change of keys makes look new, recognised by their likeness alone."""
    changed = _changed(keys, remembered)
    if not changed:
        return set()
    alike = {own.identity[0] for own in changed if own.title is not None and own.title in remembered}
    recognised = sum(1 for own in changed if own.identity[0] in aliases or own.identity[0] in alike)
    return alike if recognised >= REKEY_RECOGNISED * len(changed) else set()


def _valid_keys(
    source_id: str,
    entries: Sequence[FeedEntry],
    drafts: Sequence[_Keys],
    idle: Set[str | None] = frozenset(),
) -> list[_Keys]:
    """Return each entry's keys, without those that two different entries share.

    One entry printed twice shares its keys with nobody else, and two ``idle`` guids make it no two.
    """
    shared = _twice(own.all for own in drafts)
    if shared:
        distinct = {
            (tuple(key for key in own.all if key not in idle), _content(entry)): own.all
            for entry, own in zip(entries, drafts, strict=True)
        }
        shared = _twice(distinct.values())
    return [
        _valid(source_id, entry, own, shared) if not shared.isdisjoint(own.all) or not own.identity else own
        for entry, own in zip(entries, drafts, strict=True)
    ]


def _twice(keys: Iterable[tuple[str, ...]]) -> set[str]:
    counts = Counter(key for own in keys for key in own)
    return {key for key, count in counts.items() if count > 1}


def _draft(source_id: str, entry: FeedEntry, homes: set[str]) -> _Keys:
    if entry.native is not None:  # a platform's ids are its own business: one post is one, whoever found it
        own = _hash("n", entry.native.platform, entry.native.native_id)
        return _Keys((own,), own, None, ())
    guid = _guid_key(source_id, entry.guid) if entry.guid and entry.guid.strip() else None
    # A counter's address beside the page's: a feed may begin or cease to tell the latter.
    pages = (entry.link,) if entry.original_link is None else (entry.original_link, entry.link)
    links = [_link_key(source_id, each) for each in pages if each and _canonical(each) not in homes]
    identity = tuple(dict.fromkeys((guid, *links) if guid is not None else links))
    if not identity and not entry.page:
        identity = (_hash("c", source_id, "", "", _content(entry)),)
    if entry.published_at is None:
        return _Keys(identity, guid, _undated_key(source_id, entry), ())
    minutes = _title_keys(source_id, entry.title, int(entry.published_at.timestamp() // 60))
    return _Keys(identity, guid, minutes[0] if minutes else None, minutes)


def _valid(source_id: str, entry: FeedEntry, own: _Keys, shared: set[str]) -> _Keys:
    """Return the keys nobody shares; an entry that has none left is known by its content."""
    identity = tuple(key for key in own.identity if key not in shared)
    if not identity:
        identity = (_hash("c", source_id, entry.guid or "", entry.page or "", _content(entry)),)
    alone = own.title not in shared
    return _Keys(
        identity,
        own.guid if own.guid not in shared else None,
        own.title if alone else None,
        own.minutes if alone else (),
    )


# A feed shows the same entries again and again: a worker that stays warm has most of their keys already.


@lru_cache(maxsize=_CACHED)
def _guid_key(source_id: str, guid: str) -> str:
    text = unicodedata.normalize("NFC", guid.strip())
    return _hash("g", source_id, re.sub(r"^http://", "https://", text, flags=re.IGNORECASE))


@lru_cache(maxsize=_CACHED)
def _link_key(source_id: str, link: str) -> str:
    return _hash("l", source_id, _canonical(link))


@lru_cache(maxsize=_CACHED)
def _canonical(url: str) -> str:
    return canonical_url(url)


@lru_cache(maxsize=_CACHED)
def _title_keys(source_id: str, title: str, minute: int) -> tuple[str, ...]:
    """Return the key of a title with its minute, then with the minutes beside it; none for a short title."""
    folded = _folded(title)
    if folded.count(" ") + 1 < TITLE_WORDS:
        return ()
    return tuple(_hash("t", source_id, folded, str(minute + shift)) for shift in (0, -1, 1))


def _undated_key(source_id: str, entry: FeedEntry) -> str | None:
    """Return the key of an undated entry's content; that likeness alone makes nothing known: bulletins repeat."""
    words = _folded(entry.title).count(" ") + 1
    return _hash("u", source_id, _content(entry)) if words >= TITLE_WORDS else None


def _content(entry: FeedEntry) -> str:
    # The date tells two bulletins with one text apart; an entry without either is what it is.
    entry = entry.read()
    text = _folded(" ".join((entry.title, entry.summary or entry.body)))[:500]
    return f"{text}|{entry.published_at.isoformat() if entry.published_at else ''}"


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def document_id_of(platform: str, native_id: str) -> str:
    """Return the document id of a platform's own thing, wherever it came from."""
    return _hash("n", platform, native_id)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_HEX]


def remember(old: tuple[str, ...], seen: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys to remember, and those that retire: what is newest, at the top of the document, comes last.

    A window that is not full gets no shorter: a feed that is empty or cut for an hour shows its old entries again.
    """
    fresh = dict.fromkeys(reversed(seen))
    keys = (*(key for key in old if key not in fresh), *fresh)
    room = max(WINDOW_KEYS, len(old), round(WINDOW_DOCUMENTS * len(fresh)))
    if len(keys) <= room:
        return keys, ()
    kept = max(len(fresh), round(WINDOW_SHARE_KEPT * room))
    return keys[-kept:], keys[:-kept]
