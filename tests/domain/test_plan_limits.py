"""What a plan allows."""

from dataclasses import replace

import pytest

from tests.builders import a_watch
from vigie.domain.plan_limits import check_recipients, check_watch, keywords_of
from vigie.domain.plans import plan_named
from vigie.domain.query import parse
from vigie.errors import NotAllowed

SMALL = replace(plan_named("essentiel"), watches=2, keywords=4)
PLUS = plan_named("plus")
WORDS = '"Boulangerie Perrin" NOT rugby'
BOOLEAN = "(pain OR four) NEAR/5 Perrin"


@pytest.mark.parametrize(
    ("query", "count"), [("Perrin", 1), (WORDS, 2), (BOOLEAN, 3), ('pain* OR (b AND NOT (c OR "d e"))', 4)]
)
def test_words_and_phrases_are_counted_those_refused_too(query: str, count: int) -> None:
    """A phrase is one."""
    assert keywords_of(parse(query)) == count


def test_a_watch_too_many_and_words_too_many_are_refused() -> None:
    """The sentence says what is included and what to do."""
    check_watch(SMALL, [a_watch(query=WORDS)], WORDS)
    with pytest.raises(NotAllowed, match=r"2 watches.*larger plan"):
        check_watch(SMALL, [a_watch("a", query="x"), a_watch("b", query="y")], "z")
    with pytest.raises(NotAllowed, match="4 words, and these make 5"):
        check_watch(SMALL, [a_watch(query='"Boulangerie Perrin" NOT (rugby OR foot)')], WORDS)


def test_a_query_that_boxes_cannot_hold_needs_the_editor() -> None:
    """Plus has it."""
    with pytest.raises(NotAllowed, match="choose Plus"):
        check_watch(SMALL, [], BOOLEAN)
    check_watch(PLUS, [], BOOLEAN)


def test_what_was_past_a_plan_may_stay_and_shrink_but_not_grow() -> None:
    """After a change to a smaller plan every watch can still be edited."""
    others = [a_watch(f"w{number}", query="un OR deux") for number in range(3)]
    before = a_watch(query=BOOLEAN)
    check_watch(SMALL, others, "pain NEAR/5 Perrin", before)
    with pytest.raises(NotAllowed):
        check_watch(SMALL, others, "(pain OR four OR feu OR fournil) NEAR/5 Perrin", before)


def test_recipients_are_counted() -> None:
    """As many as the plan includes."""
    check_recipients(SMALL, 2)
    with pytest.raises(NotAllowed, match="2 recipients"):
        check_recipients(SMALL, 3)
