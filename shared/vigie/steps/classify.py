"""Classify: label each grouped document and record its mentions, one per client concerned."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from vigie.domain.clients import WatchedEntity
from vigie.domain.entities import Entity
from vigie.domain.mentions import HeldReason, Label, Labels, Mention, Status, WatchHit
from vigie.domain.objections import objects, unsigned
from vigie.messages import DocumentsGrouped, GroupedDocument, Unreadable, open_each
from vigie.ports import Classifier, Clock, LedgerStore, MentionStore
from vigie.steps.parking import park_failed, park_unreadable

_NO_LABELS = Labels(language=Label("und", 0.0), tone=Label("neutral", 0.0, abstained=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyReport:
    """What one batch came to: mentions newly recorded, those of them held back, things parked, questions queued."""

    batch_id: str
    recorded: int
    held: int
    parked: int
    unsure: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Classify:
    """Labels once per document, whoever watches it; records once per client and document."""

    classifier: Classifier
    mentions: MentionStore
    ledger: LedgerStore
    clock: Clock
    ask_later: Callable[[Sequence[Mention]], int] = lambda _mentions: 0
    wake: Callable[[Sequence[str]], None] = lambda _client_ids: None
    announce: Callable[[Sequence[Mention]], int] = lambda _mentions: 0
    objected: Callable[[], Collection[str]] = frozenset

    def run(self, message: DocumentsGrouped) -> ClassifyReport:
        """Record the batch's mentions; those recorded before stay as they were."""
        mentions: list[Mention] = []
        parked = 0
        for position, item in enumerate(open_each(message.items, GroupedDocument)):
            if isinstance(item, Unreadable):
                thing_id = f"{message.batch_id}#{position}"
                park_unreadable(self.ledger, "classify", thing_id, item, self.clock())
                parked += 1
                continue
            made = self._mentions_of(message.batch_id, item)
            parked += bool(made) and made[0].held_reason == "parked"
            mentions.extend(self._signed_still(made))
        # Stamped as late as can be: a digest waits settle_seconds after its cut-off for this write.
        now = self.clock()
        stamped = [replace(mention, recorded_at=now) for mention in mentions]
        recording = self.mentions.record(stamped)
        # A document that another batch brought was matched again, and so is told again: held, for the sums to hold.
        # What a backfill found was matched in no batch that the ledger counts: it is there already, and that is all.
        again = [
            replace(mention, status="held", held_reason="seen_before")
            for mention in recording.seen_before
            if not mention.backfilled
        ]
        repeated = self.mentions.record(again).new if again else 0
        # On every delivery: the one before may have died between recording and this.
        self.wake(
            sorted({each.client_id for each in mentions if each.status == "kept" and not each.backfilled})
        )
        held = sum(1 for mention in mentions if mention.status == "held") + len(again)
        known = {(mention.client_id, mention.mention_id) for mention in recording.seen_before}
        self.announce([each for each in stamped if (each.client_id, each.mention_id) not in known])
        return ClassifyReport(
            batch_id=message.batch_id,
            recorded=recording.new + repeated,
            held=held,
            parked=parked,
            unsure=self.ask_later(stamped),  # of all, new or not: who died before this asks now
        )

    def _signed_still(self, mentions: list[Mention]) -> list[Mention]:
        """Return a document's mentions, without its author's name when the author objects."""
        if mentions and objects(mentions[0].document.author, self.objected()):
            return [unsigned(mention) for mention in mentions]
        return mentions

    def _mentions_of(self, batch_id: str, item: GroupedDocument) -> list[Mention]:
        """Return one mention per client; all held when the document cannot be labelled, or is a page again."""
        now = self.clock()
        status: Status = "held" if item.story.role == "same_address" else "kept"
        reason: HeldReason | None = "same_address" if status == "held" else None
        of_client, note = dict.fromkeys(range(len(item.matches)), _NO_LABELS), ""
        try:
            of_client = dict(enumerate(self._labels(item)))
        except Exception as error:  # noqa: BLE001 - labelling is pure: this document would fail for ever
            park_failed(
                self.ledger, "classify", item.document.document_id, error, url=item.document.url, now=now
            )
            status, reason, note = "held", "parked", repr(error)
        return [
            Mention(
                client_id=match.client_id,
                batch_id=batch_id,
                document=item.document,
                hits=tuple(replace(hit, entity=None) for hit in match.hits),
                story=item.story,
                labels=of_client[number],
                recorded_at=now,
                status=status,
                held_reason=reason,
                note=note,
                backfilled=match.backfilled,
            )
            for number, match in enumerate(item.matches)
        ]

    def _labels(self, item: GroupedDocument) -> list[Labels]:
        """Return each client's labels: the document's, and what it does to whom that client's watches name.

        One entity that several watches name is read once.
        """
        named = [hit.entity for match in item.matches for hit in match.hits if hit.entity]
        keys = {entity: str(number) for number, entity in enumerate(dict.fromkeys(named))}
        entities = [Entity(key, entity.name, entity.aliases, entity.about) for entity, key in keys.items()]
        labels = self.classifier(item.document, entities)
        return [_of_client(labels, match.hits, keys) for match in item.matches]


def _of_client(labels: Labels, hits: Iterable[WatchHit], keys: Mapping[WatchedEntity, str]) -> Labels:
    assessed = {assessment.watch_id: assessment for assessment in labels.assessments}
    own = [
        replace(assessed[keys[hit.entity]], watch_id=hit.watch_id)
        for hit in hits
        if hit.entity and keys[hit.entity] in assessed
    ]
    return replace(labels, assessments=tuple(own))
