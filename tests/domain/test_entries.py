"""From a feed's entry to a document: what is kept, and what stands in for what is missing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.builders import a_source
from vigie.domain.documents import Document
from vigie.domain.entries import LINKS_KEPT, TITLE_CHARACTERS, to_document
from vigie.domain.feeds import FeedEntry, Native, ParsedFeed
from vigie.domain.identity import NewEntry
from vigie.domain.query import evaluate, parse, prepare_document

SEEN_AT = datetime(2026, 12, 8, 5, 15, tzinfo=UTC)
PUBLISHED_AT = datetime(2026, 12, 8, 4, 58, tzinfo=UTC)
LINK = "https://www.courrier-armelie.example/region/3-guichets?xtor=RSS-1"


def document_of(
    feed: ParsedFeed | None = None, source: dict[str, Any] | None = None, **fields: Any
) -> Document:
    """Return the document of an entry with these fields."""
    entry = FeedEntry(**{"title": "Trois guichets vont fermer", "link": LINK, **fields})
    return to_document(a_source(**source or {}), feed or ParsedFeed(), NewEntry("5f2c", entry), SEEN_AT)


def test_whole_entry_becomes_a_document() -> None:
    """Every field of the entry and what ops know of the source are in the document."""
    expected = Document(
        document_id="5f2c",
        source_id="courrier-armelie",
        source_name="Le Courrier d'Armélie",
        url=LINK,
        canonical_url="https://courrier-armelie.example/region/3-guichets",
        title="Trois guichets vont fermer",
        summary="La banque le dit.",
        body="Trois sur douze.",
        author="Léonie Tressard",
        language="fr",
        published_at=PUBLISHED_AT,
        seen_at=SEEN_AT,
        links=("https://banque.example/",),
        media=("image",),
        outlet_tier="regional",
    )
    actual = document_of(
        summary="La banque le dit.",
        body="Trois sur douze.",
        author="Léonie Tressard",
        published_at=PUBLISHED_AT,
        links=("https://banque.example/",),
        media=("image",),
    )
    assert expected == actual


def test_the_page_behind_a_counter_is_the_documents_address() -> None:
    """Readers are sent to the page itself, and the site is the paper's, not the counter's."""
    document = document_of(link="http://compteur.example/~r/3", original_link=LINK)
    assert document.url == LINK
    assert document.canonical_url == "https://courrier-armelie.example/region/3-guichets"


def test_date_missing_stays_missing() -> None:
    """The time of the poll is when we saw it, never when it was published."""
    document = document_of()
    assert (document.published_at, document.seen_at) == (None, SEEN_AT)


def test_entry_without_a_link_is_filed_under_its_feed() -> None:
    """An entry nobody can open still has an address of its own, and a page of its own."""
    document = document_of(link=None)
    assert document.url == document.canonical_url == "https://courrier-armelie.example/rss#5f2c"


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"title": " ", "summary": "Un texte court."}, "Un texte court."),
        ({"title": "", "body": "Le corps\n seul"}, "Le corps seul"),
        (
            {"title": "", "summary": "un deux trois " * 5},
            "un deux trois un deux trois un deux trois un deux trois …",
        ),
        ({"title": "", "summary": ""}, ""),
    ],
)
def test_missing_title_is_taken_from_the_text(fields: dict[str, str], title: str) -> None:
    """A post without a title is called by its first words."""
    assert title == document_of(**fields).title


def test_sizes_are_kept_in_bounds() -> None:
    """A page sent as a title, or thousands of links, does not travel whole."""
    document = document_of(title="a" * 9_000, links=tuple(f"https://a.example/{n}" for n in range(500)))
    assert (len(document.title), len(document.links)) == (TITLE_CHARACTERS, LINKS_KEPT)
    assert len(document_of(title="", body="a" * 9_000).title) == TITLE_CHARACTERS


FRENCH = {
    "title": "Les guichets de la banque vont fermer dans la région",
    "summary": "C'est ce que dit le maire.",
}
UNTOLD = {"title": "Armélie 3-1 Vaurel", "summary": ""}


@pytest.mark.parametrize(
    ("texts", "entry", "feed", "source", "language"),
    [
        (FRENCH, None, "en-US", None, "fr"),  # software that declares what it was installed with
        (UNTOLD, "fr-CA", "en", "de", "fr"),
        (UNTOLD, None, "EN_us", "de", "en"),
        (UNTOLD, None, None, "de", "de"),
        (UNTOLD, None, None, None, None),
        (UNTOLD, None, "Français (France)", None, None),
        (UNTOLD, None, "und", None, None),
        (UNTOLD, None, " fr ", None, "fr"),
    ],
)
def test_language_is_what_the_text_says_else_what_is_declared(
    texts: dict[str, str], entry: str | None, feed: str | None, source: str | None, language: str | None
) -> None:
    """The text decides; the nearest declaration that is a code fills in; a sentence is no code."""
    document = document_of(ParsedFeed(language=feed), {"language": source}, language=entry, **texts)
    assert language == document.language


def test_a_publisher_behind_a_redirector_keeps_name_and_host() -> None:
    """What a news search links through its own address is still its publisher's, and found by ``site:``."""
    native = Native(
        platform="press", native_id="n", type="article", outlet="Le Courrier", site="www.courrier.example"
    )
    document = document_of(native=native, link="https://news.example/rss/articles/CBMi")
    assert document.source_name == "Le Courrier"
    assert evaluate(parse("site:courrier.example AND guichets"), prepare_document(document)) is not None
    assert evaluate(parse("site:news.example AND guichets"), prepare_document(document)) is None
