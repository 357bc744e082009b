"""Mentions taken away: what a spreadsheet reads, what a press review prints."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF, a_client, a_document, a_hit, a_mention
from vigie.domain.exports import BYTE_ORDER_MARK, cell, press_review, table_head, table_line
from vigie.domain.mentions import Assessment, Label, Mention

BODY = (
    "La commune a délibéré longuement hier soir devant une salle comble et fort animée. "
    "La Banque d'Armélie fermera trois guichets. "
)


def a_cut(title: str = "Trois guichets vont fermer", **fields: object) -> Mention:
    """Return a mention of a long text."""
    document = a_document(title, body=BODY * 9, **fields)
    return a_mention(document, hits=(a_hit(document),), tone="negative")


def read(text: str, separator: str) -> list[list[str]]:
    """Read lines as a spreadsheet does."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def test_the_french_table_is_what_excel_opens() -> None:
    """A byte order mark, semicolons, CRLF, the client's hours in French order, words in French."""
    text = table_head("fr") + table_line(a_cut("Fermeture ; « guichets »"), a_client())
    assert text.startswith(BYTE_ORDER_MARK + "Publié le;Relevé le;Titre;")
    assert text.endswith("\r\n")
    head, line = read(text.removeprefix(BYTE_ORDER_MARK), ";")
    told = dict(zip(head, line, strict=True))
    assert (told["Publié le"], told["Relevé le"]) == ("08/12/2026 05:58", "08/12/2026 06:45")
    assert told["Titre"] == "Fermeture ; « guichets »"
    assert (told["Tonalité"], told["Canal"], told["État"]) == ("négative", "presse", "retenue")
    assert (told["Effet"], told["Finalités"]) == ("", "marque")


def test_the_english_table_has_commas_and_dates_that_sort() -> None:
    """An English client's spreadsheet reads commas."""
    client = a_client(locale="en", zone="Europe/London")
    head, line = read(table_head("en").removeprefix(BYTE_ORDER_MARK) + table_line(a_cut(), client), ",")
    told = dict(zip(head, line, strict=True))
    assert (told["Published"], told["Tone"]) == ("2026-12-08 04:58", "negative")


def test_what_a_document_does_to_the_client_is_told() -> None:
    """Labels of the client's own assessment, and that one is to be verified."""
    mention = a_cut()
    told = Assessment(
        watch_id="brand",
        relevance=Label("main", 0.9),
        impact=Label("unfavourable", 0.8),
        tone=Label("neutral", 0.9),
        crisis=Label("watch", 0.3, abstained=True),
    )
    labels = type(mention.labels)(
        language=mention.labels.language, tone=mention.labels.tone, assessments=(told,)
    )
    line = table_line(a_mention(mention.document, hits=mention.hits, labels=labels), a_client())
    assert ";principale;défavorable;à vérifier;" in line


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@cmd", "\t=1", "\r=1", " =1", "\u200b=1"])
def test_a_cell_that_would_run_is_text(text: str) -> None:
    """Whatever begins like a formula, once spaces and invisible marks are gone, gets an apostrophe."""
    assert cell(text).startswith("'")


@given(st.lists(st.text(), min_size=3, max_size=3))
def test_any_text_stays_in_its_cell(texts: list[str]) -> None:
    """Separators, quotes, line ends and control marks make no other cell, no other line, no formula."""
    title, author, outlet = texts
    document = a_document(title or "x", document_id="d", author=author, source_name=outlet)
    (line,) = read(table_line(a_mention(document, hits=(a_hit(document),)), a_client()), ";")
    assert len(line) == len(read(table_head("fr"), ";")[0])
    assert not any(held.startswith(("=", "+", "-", "@", "\t", "\r")) for held in line)


def test_no_more_than_a_very_short_extract_is_taken_away() -> None:
    """The text of an article is in neither."""
    mention = a_cut()
    assert len(BODY) < len(mention.document.body)
    line = table_line(mention, a_client())
    assert BODY not in line
    ((_, (entry,)),) = press_review(a_client(), [mention]).days
    assert 0 < len(entry.extract) <= 160


def test_a_press_review_goes_by_day_newest_first() -> None:
    """In the client's zone; what was withdrawn has no title and is left out; strange addresses are no links."""
    late = datetime(2026, 12, 7, 23, 30, tzinfo=UTC)  # the 8th in Paris
    mentions = [
        a_mention(a_document("Hier", published_at=CUTOFF - timedelta(days=1))),
        a_mention(a_document("Dans la nuit", published_at=late)),
        a_mention(a_document("Ce matin", url="javascript:alert(1)")),
        a_mention(a_document("", document_id="gone")),
    ]
    review = press_review(a_client(), mentions)
    assert [[entry.title for entry in entries] for _, entries in review.days] == [
        ["Ce matin", "Dans la nuit"],
        ["Hier"],
    ]
    assert review.days[0][1][0].url == ""
    assert (review.count, review.span) == (3, ("lundi 7 décembre 2026", "mardi 8 décembre 2026"))
    assert press_review(a_client(), []).span is None
