"""What an adversary's query costs: counted, never timed."""

import pytest

from vigie.domain.query import evaluate, lint, parse, prepare
from vigie.domain.query.engine import Index, compile_queries
from vigie.domain.query.engine.compiled import Compiled

_NEWS = " ".join(f"mot{n}" for n in range(300))


def candidates(queries: list[str], body: str) -> int:
    """Return how many queries a document has to ask."""
    index = Index(
        Compiled(
            compile_queries(
                [(str(n), parse(text), "") for n, text in enumerate(queries)], [prepare(body=_NEWS)]
            )
        )
    )
    return len(index.candidates(index.recognise(prepare(body=body))))


def test_a_long_or_is_asked_only_by_what_it_names() -> None:
    """Ten thousand alternatives are ten thousand anchors, none of which an ordinary text holds."""
    long_or = " OR ".join(f"terme{n}" for n in range(10_000))
    assert candidates([long_or], _NEWS) == 0
    assert candidates([long_or], "terme9999") == 1


def test_a_rare_word_files_a_query_whatever_stands_beside_it() -> None:
    """A hundred queries of a thousand common words and a rare one are not asked without the rare one."""
    common = " OR ".join(f"mot{n}" for n in range(300))
    assert candidates([f"({common}) AND rare{n}" for n in range(100)], _NEWS) == 0
    assert candidates([f"({common}) AND rare{n}" for n in range(100)], f"{_NEWS} rare7") == 1


def test_short_prefixes_wait_for_the_rest_of_their_query() -> None:
    """Two-letter prefixes that every text answers are asked only beside the other word of their query."""
    prefixes = [f"{a}{b}* AND rare{a}{b}" for a in "abcdefghijkl" for b in "mnopqrstuvwx"]
    assert candidates(prefixes, _NEWS) == 0
    assert candidates(prefixes, f"{_NEWS} raream amour") == 1


def test_two_words_are_asked_for_together() -> None:
    """A query of two words is asked by documents that hold both, a phrase too."""
    queries = ["alpha AND beta", '"alpha beta"', "alpha NEAR beta", '(alpha AND gamma) OR "delta epsilon"']
    assert candidates(queries, "alpha delta") == 0
    assert candidates(queries, "beta et alpha") == 3


@pytest.mark.parametrize("text", ["-aa", "-aa -bb", "aa OR -bb", "NOT (aa AND bb)"])
def test_what_demands_nothing_is_refused_when_saved_and_asked_each_time(text: str) -> None:
    """A pure negation is advised against by its code; there all the same, it costs one question."""
    assert [each.code for each in lint(parse(text))] == ["UNANCHORED"]
    assert candidates([text], _NEWS) == 1


def test_a_negated_negation_demands() -> None:
    """What two negations leave demanded files the query."""
    assert candidates(["NOT (NOT rare OR mot1)", "NOT NOT rare"], _NEWS) == 0


@pytest.mark.parametrize(
    "query",
    [
        "aa NEAR/100 bb",
        "((aa NEAR/100 bb) NEAR/100 aa) NEAR/100 zz",
        '"aa bb aa bb aa bb aa bb"~100 AND zz',
        '"a? b? a? b? a? b? a? b?"~100 NEAR cc',
    ],
)
def test_five_hundred_and_five_hundred_occurrences_are_decided(query: str) -> None:
    """Terms that stand everywhere are decided, nested or not, by sets of positions and not pair by pair."""
    index = Index()
    index.add("it", parse(query))
    document = prepare(body="aa bb " * 500)
    assert bool(index.matching(index.recognise(document))) == bool(evaluate(parse(query), document))
