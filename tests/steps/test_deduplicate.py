"""Which story a document joins, whoever comes first and however often."""

from itertools import permutations

import pytest

from tests.builders import a_document, a_hit
from tests.fakes import World
from tests.pipeline.spine import Spine, Web
from vigie.domain.documents import Document
from vigie.domain.mentions import ClientMatch
from vigie.messages import (
    DocumentsGrouped,
    DocumentsMatched,
    GroupedDocument,
    MatchedDocument,
    open_each,
    raw,
)

TEXT = (
    "La Banque d'Armélie fermera trois guichets du Vaurel au printemps, a annoncé sa direction, "
    "qui promet des bus bancaires aux communes concernées."
)
PAGE = a_document("Trois guichets ferment", document_id="page", summary=TEXT)
SAME_PAGE = a_document(
    "Guichets", document_id="again", summary="Autre chapô.", canonical_url=PAGE.canonical_url
)
REPRINT = a_document("Le Vaurel perd ses banques", document_id="reprint", summary=TEXT, host="gazette.test")
OTHER = a_document("Le marché de Noël ouvre", document_id="other", summary="Quarante chalets.")


def group(world: World, *documents: Document) -> dict[str, tuple[str, str]]:
    """Group one batch; return each document's story and role."""
    spine = Spine(world, Web())
    items = raw(
        MatchedDocument(document=d, matches=(ClientMatch("banque-armelie", (a_hit(d),)),)) for d in documents
    )
    spine.deduplicate.run(DocumentsMatched(batch_id="b", items=items))
    return {
        item.document.document_id: (item.story.story_id, item.story.role)
        for message in world.outbox.take(DocumentsGrouped)
        for item in open_each(message.items, GroupedDocument)
        if isinstance(item, GroupedDocument)
    }


def test_the_same_page_and_the_same_words_join_the_first() -> None:
    """The page again is the same address, its words elsewhere a reprint, anything else a story of its own."""
    assert group(World(), PAGE, SAME_PAGE, REPRINT, OTHER) == {
        "page": ("page", "first"),
        "again": ("page", "same_address"),
        "reprint": ("page", "reprint"),
        "other": ("other", "first"),
    }


def test_a_document_seen_before_keeps_its_part() -> None:
    """Delivered again, in whatever company, a document answers as it did first."""
    world = World()
    first = group(world, PAGE, REPRINT)
    assert group(world, REPRINT, OTHER)["reprint"] == first["reprint"]
    assert group(world, PAGE)["page"] == first["page"]


@pytest.mark.parametrize("order", list(permutations([PAGE, REPRINT, OTHER])))
def test_any_order_makes_the_same_groups(order: tuple[Document, ...]) -> None:
    """Whoever comes first, page and reprint share a story and exactly one of them opened it."""
    stories = group(World(), *order)
    assert stories["page"][0] == stories["reprint"][0] != stories["other"][0]
    assert sorted(role for _, role in (stories["page"], stories["reprint"])) == ["first", "reprint"]


def test_a_paper_that_gives_the_whole_text_meets_those_that_give_the_summary_only() -> None:
    """A reprint joins by its summary or by its text, whichever of the two comes first."""
    whole = a_document("Guichets", document_id="whole", summary=TEXT, body=f"{TEXT} La suite de l'article.")
    for order in ([whole, REPRINT], [REPRINT, whole]):
        stories = group(World(), *order)
        assert stories["whole"][0] == stories["reprint"][0]


def test_short_texts_do_not_make_reprints() -> None:
    """Two bulletins of one line are two stories."""
    lines = [a_document(t, document_id=t, summary="Temps sec, vent faible.", host=f"{t}.test") for t in "ab"]
    assert group(World(), *lines) == {"a": ("a", "first"), "b": ("b", "first")}
