"""Queries put to random documents: the engine's answers against a reference that shares no code with it.

``python -m benchmarks.query_agreement [PAIRS]``: 100,000 pairs when none is said. hypothesis draws queries, spells
each in one of the ways people would, draws documents, and asks ``evaluate``, ``Matcher`` and the compiled index; the
first difference is made as small as can be, shown, and fails the run.
"""

import sys
import time
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.domain.query.reference import Doc, Tree, matches
from tests.domain.query.spelling import spelled
from tests.domain.query.strategies import documents, prepared_fields, seeds, trees
from vigie.domain.query import Matcher, evaluate, parse, prepare
from vigie.domain.query.engine import Index, compile_queries
from vigie.domain.query.engine.compiled import Compiled

PAIRS = 100_000
QUERIES, DOCUMENTS = 8, 13  # of one example, each with each


@dataclass
class Tally:
    """What was compared, and how much of it matched."""

    queries: int = 0
    documents: int = 0
    pairs: int = 0
    hits: int = 0


def main(pairs: int = PAIRS) -> None:
    """Compare at least so many pairs, and print how many and how many matched."""
    tally = Tally()
    started = time.monotonic()
    compare(tally, -(-pairs // (QUERIES * DOCUMENTS)))
    print(
        f"{tally.pairs:,} pairs of {tally.queries:,} queries and {tally.documents:,} documents, "
        f"{tally.hits / tally.pairs:.0%} of them matches: no difference, in {time.monotonic() - started:.0f} s"
    )


def compare(tally: Tally, examples: int) -> None:
    """Let hypothesis look for a difference, in so many examples."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(st.tuples(trees, seeds), min_size=QUERIES, max_size=QUERIES),
        st.lists(documents, min_size=DOCUMENTS, max_size=DOCUMENTS),
    )
    def agree(wanted: list[tuple[Tree, int]], published: list[Doc]) -> None:
        texts = [spelled(tree, seed) for tree, seed in wanted]
        queries = [parse(text) for text in texts]
        matcher = Matcher(list(enumerate(queries)))
        named = [(str(number), query, "") for number, query in enumerate(queries)]
        compiled = Index(Compiled(compile_queries(named)))
        tally.queries += QUERIES
        for doc in published:
            prepared = prepare(**prepared_fields(doc))
            expected = [matches(tree, doc) for tree, _ in wanted]
            tally.documents += 1
            tally.pairs += QUERIES
            tally.hits += sum(expected)
            found = [evaluate(query, prepared) is not None for query in queries]
            for text, ours, theirs in zip(texts, found, expected, strict=True):
                assert ours == theirs, f"{text!r} on {doc!r}: vigie says {ours}, the reference {theirs}"
            numbers = [number for number, held in enumerate(found) if held]
            assert [key for key, _ in matcher.match(prepared)] == numbers
            assert compiled.matching(compiled.recognise(prepared)) == numbers

    agree()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
