"""Matching a batch: decided once, poison parked, watches fresh."""

from dataclasses import replace
from typing import Any

from msgspec import Raw

from tests.builders import a_document, a_watch
from tests.fakes import World
from tests.pipeline.spine import Spine, Web
from vigie.domain.cutoffs import Interval
from vigie.messages import DocumentsFetched, DocumentsMatched, MatchedDocument, open_each, raw


def a_batch(world: World, *documents: Any, batch_id: str = "0001-x.0") -> DocumentsFetched:
    """Return a batch of documents, or of raw bytes."""
    elements = [d if isinstance(d, Raw) else raw([d])[0] for d in documents]
    return DocumentsFetched(batch_id=batch_id, polled_at=world.clock(), documents=tuple(elements))


def matched(world: World) -> list[tuple[str, list[str]]]:
    """Return and forget what was queued: titles and the clients concerned."""
    return [
        (item.document.title, [match.client_id for match in item.matches])
        for message in world.outbox.take(DocumentsMatched)
        for item in open_each(message.items, MatchedDocument)
        if isinstance(item, MatchedDocument)
    ]


def around(world: World) -> Interval:
    """Return an interval that holds everything of the test."""
    return Interval(world.clock().replace(hour=0), world.clock().replace(hour=23))


def test_a_poison_document_is_parked_and_the_rest_of_its_batch_goes_on() -> None:
    """What cannot be read is kept with its reason; its neighbours are matched, and the counts add up."""
    world = World()
    world.accounts.put_watch(a_watch(query="guichets"))
    spine = Spine(world, Web())
    poison = Raw(b'{"document_id":"p","title":42}')
    report = spine.match.run(a_batch(world, a_document("Trois guichets ferment"), poison, a_document("Noël")))
    assert (report.documents, report.matched, report.parked) == (3, 1, 1)
    assert matched(world) == [("Trois guichets ferment", ["banque-armelie"])]
    (parked,) = world.ledger.parked()
    assert (parked.stage, parked.thing_id) == ("match", "0001-x.0#1")
    assert "$.title" in parked.reason
    assert [(e.documents, e.parked) for e in world.ledger.evaluated(around(world))] == [(3, 1)]


def test_a_document_our_engine_fails_on_is_parked_alone() -> None:
    """An unforeseen failure of matching parks that document, once, and the batch is acknowledged."""
    world = World()
    spine = Spine(world, Web())

    def watches(document: Any) -> Any:
        if document.title == "piège":
            raise ValueError("no such luck")
        return []

    step = replace(spine.match, watches=lambda: watches)
    for _ in range(2):
        assert step.run(a_batch(world, a_document("piège"), a_document("autre"))).parked == 1
    assert len(world.ledger.parked()) == 1


def test_a_batch_delivered_again_says_what_it_said_first() -> None:
    """A watch removed, or added, between two deliveries changes nothing of what was decided."""
    world = World()
    world.accounts.put_watch(a_watch(query="guichets"))
    spine = Spine(world, Web())
    batch = a_batch(world, a_document("Trois guichets ferment"))
    spine.match.run(batch)
    first = matched(world)
    world.accounts.remove_watch("banque-armelie", "brand")
    world.accounts.put_watch(a_watch("autre", client_id="union", query="guichets"))
    spine.match.run(batch)
    assert matched(world) == first == [("Trois guichets ferment", ["banque-armelie"])]
    assert world.ledger.matched("banque-armelie", around(world)) == 1
    assert world.ledger.matched("union", around(world)) == 0


def test_a_watch_added_or_removed_counts_from_the_next_batch() -> None:
    """A warm worker follows the watches as they are when a batch comes."""
    world = World()
    spine = Spine(world, Web())
    spine.match.run(a_batch(world, a_document("guichets"), batch_id="1"))
    world.accounts.put_watch(a_watch(query="guichets"))
    spine.match.run(a_batch(world, a_document("guichets"), batch_id="2"))
    world.accounts.remove_watch("banque-armelie", "brand")
    spine.match.run(a_batch(world, a_document("guichets"), batch_id="3"))
    assert matched(world) == [("guichets", ["banque-armelie"])]


def test_a_watch_nobody_can_read_stops_no_other() -> None:
    """A stored query today's parser refuses is reported and matches nothing; the others work."""
    world = World()
    world.accounts.put_watch(a_watch("broken", query='"unclosed'))
    world.accounts.put_watch(a_watch(query="guichets"))
    spine = Spine(world, Web())
    spine.match.run(a_batch(world, a_document("guichets")))
    assert [broken.watch_id for broken in spine.broken_watches] == ["broken"]
    assert matched(world) == [("guichets", ["banque-armelie"])]


def test_a_document_that_concerns_hundreds_of_clients_reaches_each() -> None:
    """A decision cut in parts loses nobody, and each client is counted once."""
    world = World()
    clients = [f"client-{n:03d}" for n in range(250)]
    for client_id in clients:
        world.accounts.put_watch(a_watch(client_id=client_id, query="vaurel"))
    spine = Spine(world, Web())
    batch = a_batch(
        world, a_document("Le Vaurel sous la neige"), a_document("Rien"), a_document("Vaurel, bis")
    )
    for _ in range(2):
        spine.match.run(batch)
        assert matched(world) == [("Le Vaurel sous la neige", clients), ("Vaurel, bis", clients)]
    assert {world.ledger.matched(client_id, around(world)) for client_id in clients} == {2}


def test_evidence_points_at_the_words_as_published() -> None:
    """A match says where its words stand in the document's own text."""
    world = World()
    world.accounts.put_watch(a_watch(query='"banque d\'armelie"'))
    spine = Spine(world, Web())
    title = "L’avenir de la Banque d’Armélie"
    spine.match.run(a_batch(world, a_document(title)))
    (message,) = world.outbox.take(DocumentsMatched)
    (item,) = open_each(message.items, MatchedDocument)
    assert isinstance(item, MatchedDocument)
    (evidence,) = item.matches[0].hits[0].evidence
    assert (evidence.field, title[evidence.start : evidence.end]) == ("title", "Banque d’Armélie")
