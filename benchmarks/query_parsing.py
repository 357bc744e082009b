"""Parsing watches: µs a query, beside tantivy's parser in the same run.

Realistic queries of 6.5 terms on average, from a seeded generator. tantivy's grammar has neither NEAR, nor fields of
ours, nor wildcards: it is given the words, phrases, AND, OR, NOT and parentheses of the same queries.
"""

import importlib
import importlib.util
import random
import re
import statistics
import time
from collections.abc import Callable

from vigie.domain.query import parse
from vigie.domain.query.text import fold

COUNT = 2_000
PASSES = 20
BLOCK = 50
_TERM = re.compile(r'"[^"]*"(?:~\d+)?|[#@]?[\w*-]+')
_FILTER = re.compile(r"(?:lang|site):[\w.]+")
_ONLY_OURS = re.compile(r"title:|raw:|[#@*]")
_NAMES = [
    "Banque Martin",
    "Crédit Rural",
    "Airbus",
    "L'Oréal",
    "Saint-Gobain",
    "SNCF",
    "Orange",
    "Électricité du Sud",
]
_TOPICS = [
    "grève",
    "panne",
    "fermeture",
    "résultats",
    "rachat",
    "accident",
    "pollution",
    "emploi",
    "prix",
    "licenciement",
]


def main() -> None:
    """Print the time of a query, and how it compares."""
    queries = make_queries(COUNT)
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
    for name, blocks in best.items():
        print(
            f"{name:<8} {sum(blocks) / COUNT * 1e6:>6.1f} µs/query  × {sum(blocks) / sum(best['vigie']):.2f}"
        )


def _seconds(read: Callable[[str], object], queries: list[str]) -> float:
    started = time.perf_counter()
    for query in queries:
        read(query)
    return time.perf_counter() - started


def make_queries(count: int) -> list[str]:
    """Return queries as clients write them: a name in its variants, topics, and now and then the rest."""
    chance = random.Random(6)
    return [_query(chance) for _ in range(count)]


def _query(chance: random.Random) -> str:
    name = f"{chance.choice(_NAMES)} {chance.randrange(1000)}"
    tag = re.sub(r"[\W_]+", "", name).lower()
    parts = [f'("{name}" OR #{tag} OR @{tag})']
    topics = [
        topic + "*" * (chance.random() < 0.08) for topic in chance.sample(_TOPICS, chance.randint(1, 4))
    ]
    joined = f"({' OR '.join(topics)})"
    kind = chance.random()
    if kind < 0.2:
        parts[0] += f" NEAR/{chance.randint(2, 20)} {joined}"
    else:
        parts.append(joined)
    if kind > 0.9:
        parts.append(f"title:{chance.choice(_TOPICS)}")
    if kind > 0.95:
        parts.append("raw:PAU")
    if chance.random() < 0.35:
        parts.append(f"NOT {chance.choice(['football', 'rugby', 'météo'])}")
    if chance.random() < 0.12:
        parts.append("lang:fr")
    if chance.random() < 0.05:
        parts.append("site:lemonde.fr")
    return chance.choice([" AND ", " "]).join(parts)


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
