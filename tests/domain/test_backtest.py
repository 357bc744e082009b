"""What a back-test counts: documents by day, stories by marks, terms by what would go without them."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import CUTOFF
from tests.domain.query.reference import Doc, Tree, matches
from tests.domain.query.spelling import spelled
from tests.domain.query.strategies import documents, prepared_fields, trees
from vigie.domain.backtest import SAMPLES, Counts, Tally, monthly, window
from vigie.domain.query import QueryDocument, parse, prepare
from vigie.domain.query.segment import Entry, Segment, write_segment

NOON = CUTOFF.replace(hour=12, minute=0)
AT = int((NOON - timedelta(hours=5)).timestamp())


def entry(number: int, document: QueryDocument, **fields: Any) -> Entry:
    """Return a document of this morning, from a source of its own."""
    defaults: dict[str, Any] = {"document_id": f"d{number}", "source_id": f"s{number}", "at": AT + number}
    return Entry(document=document, **{**defaults, **fields})


def counted(query: str, *entries: Entry) -> Counts:
    """Return the counts of a query over one segment."""
    tally = Tally(parse(query), window(NOON, 7))
    tally.add(0, Segment(write_segment(entries, {})), lambda number: entries[number].document, NOON)
    return tally.counts(UTC)


@settings(max_examples=60)
@given(trees, st.lists(documents, max_size=6))
def test_mentions_are_the_documents_that_match(tree: Tree, docs: list[Doc]) -> None:
    """Neither more nor fewer than the language says, whatever the terms that are judged beside."""
    entries = [entry(number, prepare(**prepared_fields(doc))) for number, doc in enumerate(docs)]

    counts = counted(spelled(tree, 0), *entries)

    assert counts.mentions == sum(matches(tree, doc) for doc in docs)
    assert counts.documents == len(docs)
    assert sum(day.mentions for day in counts.days) == counts.mentions
    assert sum(day.stories for day in counts.days) == counts.stories <= counts.mentions


@pytest.mark.parametrize(
    ("marks", "stories"),
    [
        ([(1, 2, 3, 4), (1, 2, 5, 6)], 1),
        ([(1, 2, 3, 4), (1, 5, 6, 7)], 2),
        ([(1, 2), (3, 4), (1, 2, 3, 4)], 1),
        ([(), ()], 2),
        ([(1,), (1,)], 1),
    ],
)
def test_half_of_the_marks_make_a_story(marks: list[tuple[int, ...]], stories: int) -> None:
    """A document joins the stories it shares half of its marks with; one without marks is alone."""
    entries = [entry(number, prepare(title="mot"), marks=own) for number, own in enumerate(marks)]

    assert counted("mot", *entries).stories == stories


def test_a_term_is_judged_by_what_would_go_without_it() -> None:
    """Of an alternative fewer would match, of a condition more; a NEAR is one term, a filter and a NOT none."""
    texts = ["a b", "a c", "d", "a x b"]
    entries = [entry(number, prepare(title=text, language="fr")) for number, text in enumerate(texts)]

    counts = counted("(a NEAR/1 b OR d) AND lang:fr NOT z", *entries)

    terms = {term.term: (term.mentions, term.only, term.without) for term in counts.terms}
    assert terms == {"a NEAR/1 b": (2, 2, 1), "d": (1, 1, 2)}


def test_many_terms_are_judged_in_part() -> None:
    """A long query is counted whole; of its terms the first are judged, as many as that may cost."""
    counts = counted(" OR ".join(f"mot{number}" for number in range(300)), entry(0, prepare(title="mot299")))

    assert (counts.mentions, len(counts.terms), counts.terms_left_out) == (1, 13, 287)


def test_samples_are_of_different_sources_first() -> None:
    """One of each source before a second of any, and no more than fit."""
    entries = [
        entry(number, prepare(title="mot"), source_id="one" if number > 2 else f"s{number}")
        for number in range(20)
    ]

    places = [place.document for place in counted("mot", *entries).samples]

    assert len(places) == SAMPLES
    assert {0, 1, 2, 19} <= set(places)
    assert places == sorted(places, reverse=True)


def test_a_month_is_thirty_days() -> None:
    """Seven mentions a week are thirty a month; less than a day says nothing."""
    assert monthly(7, timedelta(days=7)) == 30
    assert monthly(7, timedelta(hours=23)) is None
