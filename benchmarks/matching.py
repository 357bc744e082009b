"""Matching: every client's queries put to each document, against a loop of regexes and tantivy.

``python -m benchmarks.matching [QUERIES …]`` (1,000, 10,000 and 100,000 when left out). Documents and queries come
from a seed (``_watches``). The engine has read WARM documents before (they also say which words are rare); it then
reads the measured ones, once for the figure of a first reading, and again in rounds that alternate with the peers':
what is compared are medians of rounds. The loop, slow, reads the first few of the documents; tantivy all in one batch
that it indexes and puts every query to. Times are processor time. Their ratios are what travels to another machine,
and are best taken on a quiet one: cutting a text (``text.lower().split()``, printed as floor) says how quiet it was.
"""

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from benchmarks._matching_peers import Tantivy, loop_facts, loop_test, tantivy_document, tantivy_query
from benchmarks._watches import World
from vigie.domain.query import Query, QueryDocument, evaluate, parse, prepare
from vigie.domain.query.engine import Index, compile_queries
from vigie.domain.query.engine.compiled import Compiled
from vigie.errors import BadQuery

SIZES = (1_000, 10_000, 100_000)
WARM, MEASURED = 3_000, 300
ROUNDS = 3
LOOP_DOCUMENTS = {1_000: 24, 10_000: 4}  # beyond, the loop is as slow again as there are more queries
TANTIVY_ROUNDS = (
    10_000  # with more queries, tantivy has one round: making its queries takes longer than asking them
)
TANTIVY_TOGETHER = 5_000  # queries made at a time: made queries are large, and making them is not counted
TARGETS = {  # at least × the loop, at least × tantivy, at most × preparing the document
    1_000: (350, 4.5, None),
    10_000: (1_500, 5, 1.4),
    100_000: (None, 12, 3),
}
LOAD_MS, LOAD_MB = 60, 50


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds a document, and what was found."""

    prepare: float
    match: float
    hits: float
    asked: float

    @property
    def total(self) -> float:
        """Preparing and matching."""
        return self.prepare + self.match


def main() -> None:
    """Print a line of figures for each number of queries, then what adversaries cost."""
    world = World(seed=1)
    documents = [prepare(**fields) for fields in world.documents(WARM + MEASURED)]
    warm, measured = documents[:WARM], documents[WARM:]
    tokens = sum(len(text.tokens) for document in measured for text in document.fields.values())
    print(f"{MEASURED} documents of {tokens / MEASURED:.0f} tokens, after {WARM} others; µs a document\n")
    for size in [int(each) for each in sys.argv[1:] if each.isdigit()] or SIZES:
        _measure(world.queries(size), warm, measured)
    _adversaries(world, warm, measured)


def _measure(
    texts: Sequence[str],
    warm: Sequence[QueryDocument],
    measured: Sequence[QueryDocument],
) -> None:
    size = len(texts)
    queries = [parse(text) for text in texts]
    content, compiling = _timed(
        lambda: compile_queries(((str(number), query, "") for number, query in enumerate(queries)), warm)
    )
    index = Index(Compiled(content))
    for document in warm:
        index.matching(index.recognise(document))
    gc.collect()
    gc.freeze()
    first = _cost(index, measured)
    few = measured[: LOOP_DOCUMENTS.get(size, 0)]
    rounds: dict[str, list[float]] = {}
    loop = _loop(queries, few)
    costs = []
    for _ in range(ROUNDS):
        costs.append(_cost(index, measured))
        # at once, before a peer has the processor's memory: the loop too is in the midst of documents
        rounds.setdefault("ours over few", []).append(_cost(index, few).total)
        if size <= TANTIVY_ROUNDS or "tantivy" not in rounds:
            rounds.setdefault("tantivy", []).append(_tantivy_us(queries, measured))
        rounds.setdefault("loop", []).append(loop())
        rounds.setdefault("floor", []).append(_floor_us(measured))
    cost = sorted(costs, key=attrgetter("total"))[ROUNDS // 2]
    tantivy, over_few, loop_us, floor = (
        statistics.median(rounds[name]) for name in ("tantivy", "ours over few", "loop", "floor")
    )
    evidence = _evidence_us(index, queries, measured)
    gc.unfreeze()
    least_loop, least_tantivy, most_prepare = TARGETS.get(size, (None, None, None))
    print(
        f"{size:,} queries: {cost.hits:.3f} matches, {cost.asked:.1f} queries asked a document; floor {floor:.0f}"
    )
    ratio = cost.total / cost.prepare
    _verdict(
        f"  vigie {cost.total:.0f} = preparing {cost.prepare:.0f} + matching {cost.match:.0f};"
        f" total {ratio:.2f} × preparing",
        ratio,
        most=most_prepare,
    )
    print(f"  first reading {first.total:.0f}; to say which words of the matches {evidence:.0f} more")
    if few:
        _verdict(
            f"  loop of regexes {loop_us:,.0f}: {loop_us / over_few:,.0f} ×",
            loop_us / over_few,
            least=least_loop,
        )
    _verdict(
        f"  tantivy, in one batch {tantivy:,.0f}: {tantivy / cost.total:.1f} ×",
        tantivy / cost.total,
        least=least_tantivy,
    )
    print(f"  compiling {compiling / size * 1e6:.0f} µs a query, {len(content) / 1e6:.1f} MB")
    load_ms, load_mb = _load(content)
    _verdict(
        f"  loading in a fresh process {load_ms:.0f} ms", load_ms, most=LOAD_MS if size == 100_000 else None
    )
    _verdict(f"  and {load_mb:.0f} MB", load_mb, most=LOAD_MB if size == 100_000 else None)
    print(flush=True)


def _cost(index: Index, documents: Sequence[QueryDocument]) -> Cost:
    """Return what the documents cost, timed together as the peers' are: reading a clock costs as much as a phrase."""
    if not documents:
        return Cost(0, 0, 0, 0)
    recognised, preparing = _timed(lambda: [index.recognise(_again(document)) for document in documents])
    asked = sum(len(index.candidates(each)) for each in recognised)
    del recognised
    found, total = _timed(
        lambda: [index.matching(index.recognise(_again(document))) for document in documents]
    )
    count, hits = len(documents), sum(map(len, found))
    return Cost(preparing / count * 1e6, (total - preparing) / count * 1e6, hits / count, asked / count)


def _again(document: QueryDocument) -> QueryDocument:
    """Return the document prepared as if for the first time: that is counted."""
    title, summary, body, author = document.published
    return prepare(
        title=title,
        summary=summary,
        body=body,
        author=author,
        url=document.url,
        language=document.language,
        platform=document.platform,
        type=document.type,
    )


def _loop(queries: Sequence[Query], documents: Sequence[QueryDocument]) -> Callable[[], float]:
    """Return what measures one round of the loop; its regexes are made once."""
    tests = [loop_test(query) for query in queries] if documents else []
    facts = [loop_facts(document) for document in documents]
    return lambda: (
        _timed(lambda: [sum(test(each) for test in tests) for each in facts])[1] / max(1, len(facts)) * 1e6
    )


def _floor_us(documents: Sequence[QueryDocument]) -> float:
    texts = [" ".join(document.published) for document in documents]
    return _timed(lambda: [text.lower().split() for text in texts])[1] / len(texts) * 1e6


def _tantivy_us(queries: Sequence[Query], documents: Sequence[QueryDocument]) -> float:
    fields = [tantivy_document(document) for document in documents]
    batch, seconds = _timed(lambda: Tantivy(fields))
    for some in _cut(queries, TANTIVY_TOGETHER):
        made = [tantivy_query(query) for query in some]
        seconds += _timed(partial(batch.hits, made))[1]
    return seconds / len(documents) * 1e6


def _evidence_us(index: Index, queries: Sequence[Query], documents: Sequence[QueryDocument]) -> float:
    matches = [(document, index.matching(index.recognise(document))) for document in map(_again, documents)]
    _, seconds = _timed(
        lambda: [evaluate(queries[number], document) for document, numbers in matches for number in numbers]
    )
    return seconds / len(documents) * 1e6


_LOADER = """
import resource, sys, time
from vigie.domain.query.engine import Index
from vigie.domain.query.engine.compiled import Compiled
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6
before, started = resident(), time.process_time()
with open(sys.argv[1], "rb") as file:
    index = Index(Compiled(file.read()))
print((time.process_time() - started) * 1e3, resident() - before)
"""


def _load(content: bytes) -> tuple[float, float]:
    """Return the milliseconds and megabytes of reading a compiled file, of five fresh processes the best."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(content)
        runs = [
            subprocess.run(
                [sys.executable, "-c", _LOADER, file.name], capture_output=True, text=True, check=True
            )
            for _ in range(5)
        ]
    figures = [tuple(map(float, run.stdout.split())) for run in runs]
    return min(each[0] for each in figures), min(each[1] for each in figures)


# -- adversaries ------------------------------------------------------------------------------------------------


def _adversaries(
    world: World,
    warm: Sequence[QueryDocument],
    measured: Sequence[QueryDocument],
) -> None:
    base = [(f"base/{number}", parse(text), "") for number, text in enumerate(world.queries(2_000))]
    content = compile_queries(base, warm)
    words = world.words
    prefixes = [f"{one}{two}*" for one in "abcdefghijkl" for two in "aeioulrstnmp"]
    groups = {
        "nothing more": [],
        "1,000 pure negations (refused when saved)": [f"-{word}" for word in words[5_000:6_000]],
        "one OR of 10,000 words": [" OR ".join(words[20_000:30_000])],
        "100 × (an OR of 1,000 words AND a rare one)": [
            f"({' OR '.join(words[200:1_200])}) AND {word}" for word in words[-100:]
        ],
        "144 two-letter prefixes, each AND a rare word": [
            f"{prefix} AND {word}" for prefix, word in zip(prefixes, words[-144:], strict=True)
        ],
        "60 levels of parentheses and NOT": ["(" * 29 + words[-1] + ")" * 29, "NOT " * 58 + words[-2]],
    }
    print("2,000 queries and, with them, what somebody might try; µs a document")
    for title, texts in groups.items():
        index = Index(Compiled(content))
        for number, text in enumerate(texts):
            index.add(f"more/{number}", parse(text))
        for document in warm[:1_000]:
            index.matching(index.recognise(document))
        cost = _cost(index, measured)
        print(f"  {title}: {cost.total:.0f}, {cost.asked:.1f} asked")
    body = f"{words[-1]} {words[-2]} " * 500
    for query in (
        "{} NEAR/100 {}",
        "({0} NEAR/100 {1}) NEAR/100 ({0} NEAR/100 {1})",
        '"{0} {1} {0} {1}"~100',
    ):
        text = query.format(words[-1], words[-2])
        index = Index()
        index.add("it", parse(text))
        seconds = min(_timed(partial(_matched, index, body))[1] for _ in range(3))
        print(f"  {query.format('a', 'b')} over 500 × 500 occurrences: {seconds * 1e6:,.0f}")
    for title, text in {"1 MB of OR": "mot OR " * 150_000, "1 MB of parentheses": "(" * 1_000_000}.items():
        code, seconds = _timed(partial(_refusal, text))
        print(f"  {title}: {code} after {seconds * 1e3:.0f} ms")


def _refusal(text: str) -> str:
    try:
        parse(text)
    except BadQuery as error:
        return error.code
    return "accepted"


# -- figures ----------------------------------------------------------------------------------------------------


def _verdict(text: str, figure: float, *, least: float | None = None, most: float | None = None) -> None:
    if least is not None:
        text += f" (at least {least:,}: {'ok' if figure >= least else 'FAILED'})"
    if most is not None:
        text += f" (at most {most:,}: {'ok' if figure <= most else 'FAILED'})"
    print(text)


T = TypeVar("T")


def _matched(index: Index, body: str) -> object:
    return index.matching(index.recognise(prepare(body=body)))


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    return work(), time.process_time() - started


def _cut(items: Sequence[Query], size: int) -> Iterator[Sequence[Query]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]


if __name__ == "__main__":
    main()
