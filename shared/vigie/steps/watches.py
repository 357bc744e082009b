"""The watches of every client, compiled, and fresh at every batch.

The table is the truth: each change of a watch is written there with a number, together with the change. A compiled
file in the bucket saves reading them all; what changed since it was made is read as changes and put over it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vigie.domain.clients import Watch
from vigie.domain.documents import Document
from vigie.domain.entities.derive import entity_of
from vigie.domain.mentions import ClientMatch, Evidence, WatchHit
from vigie.domain.query import Match, Query, evaluate, parse, prepare_document
from vigie.domain.query.engine import BadFile, Index, open_compiled
from vigie.errors import BadQuery
from vigie.messages import decode_value, encode
from vigie.ports import AccountStore, Blobs, WatchChange, WatchesState

EVIDENCE_KEPT = 12  # places shown for one watch; a long article may hold hundreds
_READ_AGAIN = 5_000  # watches kept as read, after they matched


@dataclass(frozen=True, slots=True)
class BrokenWatch:
    """A stored watch today's parser refuses: it matches nothing until its client mends it."""

    client_id: str
    watch_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A compiled file that cannot be used: the watches are read from the table, which takes longer."""

    key: str
    reason: str


Report = Callable[[BrokenWatch | BrokenFile], None]


class CurrentWatches:
    """Follows the watches: a warm worker asks for their version only, and reads what changed."""

    def __init__(self, accounts: AccountStore, blobs: Blobs, report: Report) -> None:
        self._accounts = accounts
        self._blobs = blobs
        self._report = report
        self._version = 0
        self._watches = CompiledWatches(Index(), report)

    def __call__(self) -> "CompiledWatches":
        """Return the watches as they stand now."""
        state = self._accounts.watches_state()
        if state.version != self._version:
            if state.compiled_version > self._version:
                self._open(state)
            self._follow(state)
        return self._watches

    def _open(self, state: WatchesState) -> None:
        """Start from the compiled file; from nothing when it is gone or cannot be used."""
        content = self._blobs.get(state.compiled_key)
        try:
            index = open_compiled(content or b"")
        except BadFile as error:
            self._report(BrokenFile(state.compiled_key, str(error)))
            return
        self._version = state.compiled_version
        self._watches = CompiledWatches(index, self._report)

    def _follow(self, state: WatchesState) -> None:
        """Put the changes over what there is; read all watches when changes are missing between."""
        changes = self._accounts.watch_changes(self._version)
        if [change.version for change in changes] == list(
            range(self._version + 1, self._version + len(changes) + 1)
        ):
            last = self._version + len(changes)
            if last >= state.version:
                self._watches.change(changes)
                self._version = last
                return
        # Read after the version: a watch saved in between is compiled now and once more, never missed.
        self._watches = CompiledWatches(Index(), self._report)
        for watch in self._accounts.all_watches():
            self._watches.put(watch)
        self._version = state.version


class CompiledWatches:
    """A set of watches put to one document at a time."""

    def __init__(self, index: Index, report: Report) -> None:
        self._index = index
        self._report = report
        self._read: dict[int, tuple[Watch, Query]] = {}

    def put(self, watch: Watch) -> None:
        """Add or replace a watch; one that today's parser refuses is reported, and matches nothing."""
        name = name_of(watch.client_id, watch.watch_id)
        try:
            query = parse(watch.query)
        except BadQuery as error:
            self._index.remove(name)
            self._report(BrokenWatch(watch.client_id, watch.watch_id, str(error)))
            return
        self._index.add(name, query, label_of(watch))

    def change(self, changes: Sequence[WatchChange]) -> None:
        """Do what was done to the watches, in the order it was."""
        for change in changes:
            if change.watch is None:
                self._index.remove(name_of(change.client_id, change.watch_id))
            else:
                self.put(change.watch)

    def __call__(self, document: Document) -> list[ClientMatch]:
        """Return the clients a document concerns, by id, each with the watches that say so."""
        prepared = prepare_document(document)
        hits: dict[str, list[WatchHit]] = {}
        for number in self._index.matching(self._index.recognise(prepared)):
            watch, query = self._watch(number)
            if match := evaluate(query, prepared):
                hits.setdefault(watch.client_id, []).append(hit_of(watch, match, query))
        return [
            ClientMatch(client_id, tuple(sorted(own, key=lambda hit: hit.watch_id)))
            for client_id, own in sorted(hits.items())
        ]

    def _watch(self, number: int) -> tuple[Watch, Query]:
        """Return a watch and its query, for the evidence."""
        if len(self._read) > _READ_AGAIN:
            self._read.clear()
        if number not in self._read:
            watch = decode_value(self._index.label(number).encode(), Watch)
            self._read[number] = watch, parse(watch.query)
        return self._read[number]


def name_of(client_id: str, watch_id: str) -> str:
    """Return what an index calls a watch; neither id holds a slash."""
    return f"{client_id}/{watch_id}"


def label_of(watch: Watch) -> str:
    """Return what an index keeps of a watch."""
    return encode(watch).decode()


def hit_of(watch: Watch, match: Match, query: Query) -> WatchHit:
    """Return what is told of a watch that matched: whom it names, and a few of the words that did it."""
    return WatchHit(
        watch_id=watch.watch_id,
        watch_name=watch.name,
        purpose=watch.purpose,
        evidence=tuple(
            Evidence(hit.field, hit.start, hit.end, hit.term) for hit in match.hits[:EVIDENCE_KEPT]
        ),
        entity=entity_of(watch, query),
    )
