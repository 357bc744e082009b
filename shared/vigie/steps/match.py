"""Match: whom each new document concerns, decided once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from msgspec import Raw

from vigie.domain.documents import Document
from vigie.domain.matching import Decision, Pair, next_part
from vigie.domain.mentions import ClientMatch
from vigie.messages import (
    DocumentsFetched,
    DocumentsMatched,
    MatchedDocument,
    Unreadable,
    open_each,
    raw,
    split,
)
from vigie.ports import Clock, LedgerStore, Outbox
from vigie.steps.parking import park_failed, park_unreadable

WatchSet = Callable[[Document], Iterable[ClientMatch]]
"""Every client's watches, put to one document: who is concerned, by which watch, through which words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReport:
    """What one batch came to."""

    batch_id: str
    documents: int
    matched: int
    parked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Puts documents before every client's watches; what concerns nobody ends here."""

    watches: Callable[[], WatchSet]
    ledger: LedgerStore
    outbox: Outbox
    clock: Clock

    def run(self, message: DocumentsFetched) -> MatchReport:
        """Decide a batch, record the decision, queue what concerns somebody.

        Delivered again, it sends what the first decision said, whatever the watches have become since.
        """
        watches = self.watches()
        documents = list(open_each(message.documents, Document))
        pairs: list[Pair] = []
        parked = 0
        for position, document in enumerate(documents):
            found = self._match(message.batch_id, position, document, watches)
            if found is None:
                parked += 1
            else:
                pairs.extend(found)
        decided = self._record(message.batch_id, pairs, len(documents), parked)
        items = _items(documents, [pair for part in decided for pair in part.pairs])
        self.outbox.send(
            split(raw(items), lambda piece, _: _message(message.batch_id, piece)) if items else []
        )
        return MatchReport(
            batch_id=message.batch_id, documents=len(documents), matched=len(items), parked=decided[0].parked
        )

    def _match(
        self, batch_id: str, position: int, document: Document | Unreadable, watches: WatchSet
    ) -> list[Pair] | None:
        """Return the pairs of one document, or None after parking it."""
        if isinstance(document, Unreadable):
            park_unreadable(self.ledger, "match", f"{batch_id}#{position}", document, self.clock())
            return None
        try:
            return [Pair(position=position, match=match) for match in watches(document)]
        except Exception as error:  # noqa: BLE001 - matching is pure: this document would fail for ever
            park_failed(self.ledger, "match", document.document_id, error, url=document.url, now=self.clock())
            return None

    def _record(self, batch_id: str, pairs: Sequence[Pair], documents: int, parked: int) -> list[Decision]:
        decided: list[Decision] = []
        while not decided or not decided[-1].last:
            part = next_part(
                batch_id,
                pairs,
                decided[-1] if decided else None,
                documents=documents,
                parked=parked,
                now=self.clock(),
            )
            decided.append(self.ledger.record_decision(part))
        return decided


def _items(documents: Sequence[Document | Unreadable], pairs: Sequence[Pair]) -> list[MatchedDocument]:
    items = []
    for position, own in groupby(sorted(pairs, key=lambda pair: pair.key), key=lambda pair: pair.position):
        document = documents[position]
        if not isinstance(document, Unreadable):
            items.append(MatchedDocument(document=document, matches=tuple(pair.match for pair in own)))
    return items


def _message(batch_id: str, items: tuple[Raw, ...]) -> DocumentsMatched:
    return DocumentsMatched(batch_id=batch_id, items=items)
