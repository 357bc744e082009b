"""Back-tests: queries put to an archive of thirty days, against reading every document with the engine or a regex.

``python -m benchmarks.backtest [DOCUMENTS]`` (20,000 when left out; figures are for 100,000, which cost as much per
document: hours are read one by one). Documents and queries come from a seed (``_watches``) and lie in 720 segments
for 100,000, as an hourly compaction leaves them. Counted is processor time, from the segments' bytes to the answer:
checking and inflating them, the query, each of its terms, days, stories and samples; not waiting for the bucket.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from benchmarks._matching_peers import loop_facts, loop_test
from benchmarks._watches import World
from vigie.domain.backtest import Tally, window
from vigie.domain.query import QueryDocument, parse, prepare
from vigie.domain.query.engine import Index
from vigie.domain.query.segment import Entry, Segment, write_segment

DOCUMENTS, TOLD, SEGMENTS_TOLD = 20_000, 100_000, 720
PEER_DOCUMENTS = 400
LIMIT_SECONDS = 3.0
ADVERSARY = "an OR of 10,000 words"
NOW = datetime(2026, 12, 8, 12, tzinfo=UTC)

T = TypeVar("T")


def main() -> None:
    """Print what making segments costs, then each query's seconds, and the peers'."""
    count = next((int(each) for each in sys.argv[1:] if each.isdigit()), DOCUMENTS)
    world = World(seed=1)
    documents = [prepare(**fields) for fields in world.documents(count)]
    segments, seconds = _timed(lambda: _segments(documents))
    size = sum(map(len, segments)) / count
    print(f"{count:,} documents in {len(segments)} segments: {size:,.0f} bytes and", end=" ")
    print(f"{seconds / count * 1e6:,.0f} µs a document to make them\n")
    few = documents[:PEER_DOCUMENTS]
    for title, text in _queries(world).items():
        _measure(title, text, segments, documents, few)


def _queries(world: World) -> dict[str, str]:
    words = world.words
    name = world.names[0]
    plain = f'"{" ".join(name.words)}"'
    return {
        "a client's watch": world.queries(1)[0],
        "a frequent name, or its tag": f"{plain} OR #{name.tag} OR @{name.tag}",
        "a name near topics": f"{plain} NEAR/10 ({' OR '.join(words[300:306])})",
        "a word of every other document": words[40],
        "two frequent words near each other": f"{words[100]} NEAR/5 {words[120]}",
        "a phrase of frequent words": f'"{words[60]} {words[61]}"',
        "forty words, NOT two": f"({' OR '.join(words[1_000:1_040])}) NOT ({words[300]} OR {words[301]})",
        "prefixes": f"({words[400][:3]}* OR {words[500][:4]}*) AND title:{words[310]}",
        ADVERSARY: " OR ".join(words[20_000:30_000]),
    }


def _segments(documents: Sequence[QueryDocument]) -> list[bytes]:
    together = -(-TOLD // SEGMENTS_TOLD)
    since = int(window(NOW, 30).since.timestamp())
    step = (30 * 86_400) // len(documents)
    entries = [
        Entry(
            document=document,
            document_id=str(number),
            source_id=document.host,
            at=since + number * step,
            marks=tuple(number * 10 + place for place in range(10)),
        )
        for number, document in enumerate(documents)
    ]
    return [
        write_segment(entries[first : first + together], {}) for first in range(0, len(entries), together)
    ]


def _measure(
    title: str,
    text: str,
    segments: Sequence[bytes],
    documents: Sequence[QueryDocument],
    few: Sequence[QueryDocument],
) -> None:
    scale = TOLD / len(documents)
    query = parse(text)
    tally, once = _timed(lambda: Tally(parse(text), window(NOW, 30)))
    together = -(-TOLD // SEGMENTS_TOLD)

    def answer() -> int:
        for number, content in enumerate(segments):
            tally.add(number, Segment(content), _after(documents, number * together), NOW)
        return tally.counts(UTC).mentions

    mentions, seconds = _timed(answer)
    index = Index()
    index.add("it", query)
    again = [replace(document) for document in few]
    found, engine = _timed(lambda: sum(len(index.matching(index.recognise(each))) for each in again))
    test, facts = loop_test(query), [loop_facts(document) for document in few]
    _, loop = _timed(lambda: sum(test(each) for each in facts))
    engine, loop = (each / len(few) * TOLD for each in (engine, loop))
    told = once + seconds * scale
    verdict = f"at most {LIMIT_SECONDS:g}: {'ok' if told <= LIMIT_SECONDS else 'FAILED'}"
    if title == ADVERSARY:
        verdict = "an adversary's, bounded by the worker's time"
    print(f"{title}: {mentions * scale:,.0f} mentions in {told:.2f} s ({verdict});")
    print(
        f"  the engine on every document {engine:.0f} s, {engine / told:.0f} ×; regexes {loop:.0f} s,",
        end=" ",
    )
    print(f"{loop / told:.0f} ×; {found} found in the first {len(few)}", flush=True)


def _after(documents: Sequence[QueryDocument], first: int) -> Callable[[int], QueryDocument]:
    return lambda place: documents[first + place]


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    return work(), time.process_time() - started


if __name__ == "__main__":
    main()
