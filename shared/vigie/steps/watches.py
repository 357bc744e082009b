"""The watches of every client, compiled, and fresh to the minute."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vigie.domain.clients import Watch
from vigie.domain.documents import Document
from vigie.domain.mentions import ClientMatch, Evidence, WatchHit
from vigie.domain.query import Match, Matcher, parse, prepare_document
from vigie.errors import BadQuery
from vigie.ports import AccountStore

EVIDENCE_KEPT = 12  # places shown for one watch; a long article may hold hundreds


@dataclass(frozen=True, slots=True)
class BrokenWatch:
    """A stored watch today's parser refuses: it matches nothing until its client mends it."""

    client_id: str
    watch_id: str
    reason: str


class CurrentWatches:
    """Compiles all watches once per version of them; a warm worker asks for the version only."""

    def __init__(self, accounts: AccountStore, report: Callable[[BrokenWatch], None]) -> None:
        self._accounts = accounts
        self._report = report
        self._version: str | None = None
        self._compiled = CompiledWatches([], lambda _: None)

    def __call__(self) -> "CompiledWatches":
        """Return the watches as they stand now."""
        version = self._accounts.watches_version()
        if version != self._version:
            # Read after the version: a watch saved in between is compiled now and once more, never missed.
            self._compiled = CompiledWatches(self._accounts.all_watches(), self._report)
            self._version = version
        return self._compiled


class CompiledWatches:
    """A set of watches put to one document at a time."""

    def __init__(self, watches: Iterable[Watch], report: Callable[[BrokenWatch], None]) -> None:
        parsed = []
        for watch in watches:
            try:
                parsed.append((watch, parse(watch.query)))
            except BadQuery as error:
                report(BrokenWatch(watch.client_id, watch.watch_id, str(error)))
        self._matcher = Matcher(parsed)

    def __call__(self, document: Document) -> list[ClientMatch]:
        """Return the clients a document concerns, by id, each with the watches that say so."""
        hits: dict[str, list[WatchHit]] = {}
        for watch, match in self._matcher.match(prepare_document(document)):
            hits.setdefault(watch.client_id, []).append(_hit(watch, match))
        return [
            ClientMatch(client_id, tuple(sorted(own, key=lambda hit: hit.watch_id)))
            for client_id, own in sorted(hits.items())
        ]


def _hit(watch: Watch, match: Match) -> WatchHit:
    return WatchHit(
        watch_id=watch.watch_id,
        watch_name=watch.name,
        purpose=watch.purpose,
        evidence=tuple(
            Evidence(hit.field, hit.start, hit.end, hit.term) for hit in match.hits[:EVIDENCE_KEPT]
        ),
    )
