"""Segments: exactly the documents that the language says, for any query, out of bytes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.query.reference import Doc, Tree, matches
from tests.domain.query.spelling import spelled
from tests.domain.query.strategies import documents, prepared_fields, trees
from vigie.domain.query import QueryDocument, parse, prepare
from vigie.domain.query.engine import BadFile
from vigie.domain.query.segment import DOCUMENTS_LIMIT, Entry, Search, Segment, write_segment


def written(prepared: list[QueryDocument]) -> bytes:
    """Return the segment of some documents."""
    entries = [
        Entry(document=document, document_id=f"d{number}", source_id="s", at=number, marks=(number, 7))
        for number, document in enumerate(prepared)
    ]
    return write_segment(entries, {"polls": 1})


def found(query: str, *documents: dict[str, Any]) -> list[int]:
    """Return the numbers of the documents that a query finds in a segment of them."""
    prepared = [prepare(**fields) for fields in documents]
    search = Search()
    asking = search.asking(parse(query).root)
    opened = search.open(Segment(written(prepared)), prepared.__getitem__)
    held = asking(opened, opened.everything)
    return [number for number in range(len(prepared)) if held >> number & 1]


@settings(max_examples=150)
@given(st.lists(trees, min_size=1, max_size=6), st.lists(documents, max_size=6))
def test_it_finds_what_the_language_says(watches: list[Tree], docs: list[Doc]) -> None:
    """Queries that share a search find the documents that the reference matches."""
    prepared = [prepare(**prepared_fields(doc)) for doc in docs]
    search = Search()
    askings = [search.asking(parse(spelled(tree, 0)).root) for tree in watches]

    opened = search.open(Segment(written(prepared)), prepared.__getitem__)

    for tree, asking in zip(watches, askings, strict=True):
        expected = sum(1 << number for number, doc in enumerate(docs) if matches(tree, doc))
        assert asking(opened, opened.everything) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("banque", [0, 1]),
        ("title:banque", [0]),
        ("author:banque", [2]),
        ("author:ban*", [2]),
        ("ban*", [0, 1]),
        ("banqu?", [0, 1]),
        ('"la banque"', [0]),
        ("banque NEAR/3 armelie", [0]),
        ('raw:"Banque"', [1]),
        ("#banque", [1]),
        ("site:test", [0, 1]),
        ("site:matin.test NOT lang:fr", [1]),
        ("site:soir.example", [2]),
        ("site:ailleurs.example", []),
        ("-banque", [2]),
        (" OR ".join(f"mot{number}" for number in range(300)) + " OR banque", [0, 1]),
    ],
)
def test_terms_are_found_where_they_stand(query: str, expected: list[int]) -> None:
    """Fields, authors, patterns, phrases, tags, hosts and long choices are told apart."""
    documents = [
        {
            "title": "La banque ferme",
            "body": "La banque d'Armélie",
            "language": "fr",
            "url": "https://www.matin.test/1",
        },
        {"body": "#Banque: elle ferme", "language": "en", "url": "https://eco.matin.test/2"},
        {"body": "Rien", "author": "Banque", "url": "https://ailleurs.example/", "site": "soir.example"},
    ]

    assert found(query, *documents) == expected


def test_a_text_of_many_words_keeps_its_places() -> None:
    """Places beyond 65,535 are told apart."""
    long = {"body": "mot " * 70_000 + "la banque"}

    assert found('"la banque"', long, {"body": "la"}) == [0]


def test_the_same_documents_make_the_same_bytes() -> None:
    """A segment made twice is one segment."""
    prepared = [prepare(title="La banque", links=("https://a.example/",)), prepare(body="ferme")]

    assert written(prepared) == written(prepared)


def test_what_stands_beside_a_document_is_kept() -> None:
    """Instants, marks and what the caller says come back."""
    segment = Segment(written([prepare(title="un"), prepare(title="deux")]))

    assert list(segment.at) == [0, 1]
    assert list(segment.marks(1)) == [1, 7]
    assert len(set(segment.identities)) == 2
    assert segment.about["polls"] == 1


def test_damage_is_seen() -> None:
    """A segment cut short is refused, not searched."""
    with pytest.raises(BadFile, match="cut short"):
        Segment(written([prepare(title="un")])[:-1])


def test_a_segment_is_bounded() -> None:
    """More documents than a segment may hold are refused."""
    entry = Entry(document=prepare(), document_id="d", source_id="s", at=0)

    with pytest.raises(ValueError, match="5000"):
        write_segment([entry] * (DOCUMENTS_LIMIT + 1), {})


def test_the_site_is_the_publishers_and_not_the_aggregators() -> None:
    """Where an address is a news search's own, ``site:`` asks for whom the search says published it."""
    aggregated = {"title": "Banque", "url": "https://agregateur.fr/1", "site": "www.journal.fr"}
    assert found("site:journal.fr", aggregated, {"title": "Banque", "url": "https://journal.fr/2"}) == [0, 1]
    assert found("site:agregateur.fr", aggregated) == []
