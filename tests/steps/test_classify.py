"""Labelling and recording: one mention per client and document, whatever happens."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from msgspec import Raw

from tests.builders import a_document, a_hit
from tests.fakes import World
from tests.pipeline.spine import Spine, Web
from vigie.domain.classification import classify
from vigie.domain.clients import WatchedEntity
from vigie.domain.cutoffs import Interval
from vigie.domain.documents import Document
from vigie.domain.entities import Entity
from vigie.domain.mentions import ClientMatch, Labels, Mention, Role, StoryRef
from vigie.messages import DocumentsGrouped, GroupedDocument, raw


def a_batch(document: Document, *clients: str, role: Role = "first") -> DocumentsGrouped:
    """Return a batch of one document that concerns some clients."""
    matches = tuple(ClientMatch(client_id, (a_hit(document),)) for client_id in clients)
    item = GroupedDocument(document=document, matches=matches, story=StoryRef(document.document_id, role))
    return DocumentsGrouped(batch_id="b", items=raw([item]))


def mentions(world: World, client_id: str = "banque-armelie") -> list[Mention]:
    """Return all of a client's mentions."""
    day = world.clock().replace(hour=0), world.clock().replace(hour=23)
    return world.mentions.recorded_in(client_id, Interval(*day))


DOCUMENT = a_document("Scandale à la Banque d'Armélie : la panne inquiète", document_id="d")


def test_each_client_has_its_own_mention() -> None:
    """One document that concerns two clients is labelled once and recorded for each."""
    world = World()
    report = Spine(world, Web()).classify.run(a_batch(DOCUMENT, "banque-armelie", "union"))
    assert (report.recorded, report.held, report.parked) == (2, 0, 0)
    assert [m.labels.tone.value for m in (*mentions(world), *mentions(world, "union"))] == ["negative"] * 2


def test_each_client_has_the_assessments_of_whom_its_own_watches_name() -> None:
    """Whom several watches name is read once; a mention holds the assessments of its own watches, by their ids."""
    bank, rival = WatchedEntity("Banque d'Armélie"), WatchedEntity("Union des Gaves")
    ours = (a_hit(DOCUMENT, entity=bank), a_hit(DOCUMENT, purpose="competitor", entity=rival))
    theirs = (a_hit(DOCUMENT, purpose="competitor", entity=bank), a_hit(DOCUMENT, purpose="sector"))
    matches = (ClientMatch("banque-armelie", ours), ClientMatch("union", theirs))
    item = GroupedDocument(document=DOCUMENT, matches=matches, story=StoryRef("d", "first"))
    world, asked = World(), []

    def counting(document: Document, entities: Sequence[Entity] = ()) -> Labels:
        asked.append([entity.name for entity in entities])
        return classify(document, entities)

    step = replace(Spine(world, Web()).classify, classifier=counting)
    step.run(DocumentsGrouped(batch_id="b", items=raw([item])))
    (mine,), (other,) = mentions(world), mentions(world, "union")
    assert asked == [["Banque d'Armélie", "Union des Gaves"]]
    assert [each.watch_id for each in mine.labels.assessments] == ["brand", "competitor"]
    assert [each.watch_id for each in other.labels.assessments] == ["competitor"]
    assert mine.labels.assessments[0].impact == other.labels.assessments[0].impact
    assert {hit.entity for hit in (*mine.hits, *other.hits)} == {None}


def test_a_mention_is_recorded_once_with_its_first_instant() -> None:
    """Delivered again later, a mention keeps the instant that decides its digest."""
    world = World()
    spine = Spine(world, Web())
    spine.classify.run(a_batch(DOCUMENT, "banque-armelie"))
    first = mentions(world)
    world.clock.advance(60)
    assert spine.classify.run(a_batch(DOCUMENT, "banque-armelie")).recorded == 0
    assert mentions(world) == first


def test_a_document_that_comes_back_in_another_batch_is_held_and_counted() -> None:
    """A source that shows a forgotten item again moves no mention: it is told as seen before, once a batch."""
    world = World()
    spine = Spine(world, Web())
    spine.classify.run(a_batch(DOCUMENT, "banque-armelie"))
    first = mentions(world)
    world.clock.advance(60)
    again = DocumentsGrouped(batch_id="later", items=a_batch(DOCUMENT, "banque-armelie").items)
    assert [spine.classify.run(again).recorded for _ in range(2)] == [1, 0]
    kept, held = mentions(world)
    assert [kept] == first
    assert (held.status, held.held_reason, held.mention_id) == ("held", "seen_before", "d@later")


def test_the_same_page_again_is_held_with_its_reason() -> None:
    """A page met through a second feed is counted, and kept out of the digest."""
    world = World()
    report = Spine(world, Web()).classify.run(a_batch(DOCUMENT, "banque-armelie", role="same_address"))
    assert report.held == 1
    assert [(m.status, m.held_reason) for m in mentions(world)] == [("held", "same_address")]


def test_a_document_no_classifier_can_label_is_held_and_visible() -> None:
    """A failing classifier loses no correspondence: it is held as parked, with the error, and ops see it."""

    def failing(*_: Any) -> Any:
        raise ZeroDivisionError("no words")

    world = World()
    step = replace(Spine(world, Web()).classify, classifier=failing)
    assert step.run(a_batch(DOCUMENT, "banque-armelie")).parked == 1
    assert [(m.held_reason, m.note) for m in mentions(world)] == [("parked", "ZeroDivisionError('no words')")]
    assert [parked.thing_id for parked in world.ledger.parked()] == ["d"]


def test_an_unreadable_item_is_parked_and_its_neighbours_recorded() -> None:
    """A message from another version spoils only the item it holds."""
    world = World()
    good = a_batch(DOCUMENT, "banque-armelie")
    batch = DocumentsGrouped(batch_id="b", items=(Raw(b'{"document":{}}'), *good.items))
    report = Spine(world, Web()).classify.run(batch)
    assert (report.recorded, report.parked) == (1, 1)
    assert [parked.thing_id for parked in world.ledger.parked()] == ["b#0"]
