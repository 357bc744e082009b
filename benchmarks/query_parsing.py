"""Parsing watches: µs a query, beside tantivy's parser in the same run.

The queries are those that ``benchmarks.matching`` puts to documents, from a seed. tantivy's grammar has neither NEAR,
nor fields of ours, nor wildcards: it is given the words, phrases, AND, OR, NOT and parentheses of the same queries.
"""

import importlib
import importlib.util
import re
import statistics
import time
from collections.abc import Callable

from benchmarks._watches import World
from vigie.domain.query import parse
from vigie.domain.query.text import fold

COUNT = 2_000
PASSES = 20
BLOCK = 50
AT_MOST_US = 100
_TERM = re.compile(r'"[^"]*"(?:~\d+)?|[#@]?[\w*-]+')
_FILTER = re.compile(r"(?:lang|site):[\w.]+")
_ONLY_OURS = re.compile(r"(?:title|author|raw):|[#@*]")


def main() -> None:
    """Print the time of a query, and how it compares."""
    queries = World(seed=1).queries(COUNT)
    terms = statistics.mean(_terms(query) for query in queries)
    readers: dict[str, Callable[[str], object]] = {"vigie": parse}
    if importlib.util.find_spec("tantivy"):
        readers["tantivy"] = _tantivy()
    given = {name: queries if name == "vigie" else [_simple(query) for query in queries] for name in readers}
    best = {name: [float("inf")] * (COUNT // BLOCK) for name in readers}
    for _ in range(PASSES):
        fold.cache_clear()  # as at the first sight of the clients' words
        for name, read in readers.items():
            for number in range(COUNT // BLOCK):
                block = given[name][number * BLOCK : (number + 1) * BLOCK]
                best[name][number] = min(best[name][number], _seconds(read, block))
    print(f"{COUNT:,} queries of {terms:.1f} terms; best of {PASSES} alternating passes, {BLOCK} at a time")
    ours = sum(best["vigie"])
    for name, blocks in best.items():
        print(f"{name:<8} {sum(blocks) / COUNT * 1e6:>6.1f} µs/query  × {sum(blocks) / ours:.2f}")
    verdict = "ok" if ours / COUNT * 1e6 <= AT_MOST_US else "FAILED"
    print(f"(at most {AT_MOST_US} µs a query: {verdict})")


def _seconds(read: Callable[[str], object], queries: list[str]) -> float:
    started = time.process_time()
    for query in queries:
        read(query)
    return time.process_time() - started


def _simple(query: str) -> str:
    """Return a query in the words that tantivy's grammar has too, as many of them."""
    return _ONLY_OURS.sub("", _FILTER.sub("filtre", re.sub(r"NEAR/\d+", "AND", query)))


def _terms(query: str) -> int:
    return sum(
        term not in {"AND", "OR", "NOT", "NEAR"} and not term.isdigit() for term in _TERM.findall(query)
    )


def _tantivy() -> Callable[[str], object]:
    tantivy = importlib.import_module("tantivy")
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body")
    index = tantivy.Index(builder.build())
    return lambda query: index.parse_query(query, ["body"])


if __name__ == "__main__":
    main()
