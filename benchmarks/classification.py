"""Classification: µs a document for all tasks together, load and memory, beside lexicon scoring and fastText.

The texts are those written for training (press with a title and a lead, and posts), each with its entity. All but
those that are timed are read first, as a warm function has read others. Floors: see FLOORS.
"""

import json
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks import _tone_peers
from training.examples import Example, Labelled, NoData, Sources
from training.judges import document_of, entity_of
from training.metrics import Answer, macro_f1
from training.tasks.tone import FRENCH_POSTS
from vigie.domain.classification import classify
from vigie.domain.classification.artefact import HEADS
from vigie.domain.classification.features import opening_hash
from vigie.domain.classification.heads import model
from vigie.domain.documents import Document
from vigie.domain.entities import Entity
from vigie.domain.mentions import Label

PASSES, TIMED = 4, 3  # every third text is timed
FLOORS = {"press, µs": 1_500.0, "post, µs": 300.0, "load, ms": 50.0, "memory, MB": 40.0, "heads, MB": 10.0}

_CHILD = """
import json, pathlib, resource, time
import vigie.domain.classification as classification
from benchmarks.classification import examples
given = examples()
from vigie.domain.classification.heads import model

def memory():
    # Not the highest ever: that counts what its parent held.
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

before = memory()
started = time.process_time()
model()
loaded = time.process_time() - started
for document, entity in given:
    classification.classify(document, [entity])
print(json.dumps([loaded * 1e3, (memory() - before) / 1e6]))
"""


def main() -> None:
    """Print the figures; exit with those that miss their floors."""
    given = examples()
    press = [pair for pair in given if pair[0].platform == "press"]
    posts = [pair for pair in given if pair[0].platform != "press"]
    measured: dict[str, float] = {}
    loop = min(timeit.repeat(lambda: sum(range(1_000)), number=200, repeat=10)) / 200 * 1e6
    print(f"this machine, now: a thousand integers added in {loop:.0f} µs (about 10 where nothing else runs)")
    for name, pairs in (("press", press), ("post", posts)):
        characters = sum(len(document.text) for document, _ in pairs) / len(pairs)
        timed = pairs[::TIMED]
        seen = [pair for pair in given if pair not in timed]
        alone = _microseconds(lambda document, _: classify(document), timed, seen)
        whole = _microseconds(lambda document, entity: classify(document, [entity]), timed, seen)
        measured[f"{name}, µs"] = whole
        print(
            f"{name:<6}{len(pairs):>5} texts of {characters:.0f} characters: {alone:6.0f} µs for language, topic and "
            f"tone, {whole:6.0f} µs with relevance, impact and crisis of an entity"
        )
    measured["load, ms"], measured["memory, MB"] = _in_a_process_of_its_own()
    measured["heads, MB"] = sum(path.stat().st_size for path in HEADS.glob("*.head")) / 1e6
    missed = []
    for name, floor in FLOORS.items():
        failed = measured[name] > floor
        missed += [name] if failed else []
        print(f"{name:<12}{measured[name]:>8.1f}  at most {floor:,.0f}{'  FAILED' if failed else ''}")
    _beside_peers(posts, measured["post, µs"])
    if missed:
        raise SystemExit(f"over the floor: {', '.join(missed)}")


def examples() -> list[tuple[Document, Entity]]:
    """Return the own texts with their entities, in the order of their files."""
    return [
        (document_of(example), entity_of(example.entity))
        for example in Sources().own(lambda example: example.entity is not None)
        if example.entity
    ]


def _microseconds(
    run: Callable[[Document, Entity], object],
    timed: Sequence[tuple[Document, Entity]],
    seen: Sequence[tuple[Document, Entity]],
) -> float:
    """Return the time of one of the texts ``timed``, those ``seen`` being read before; the best of some passes."""
    best = float("inf")
    for _ in range(PASSES):
        model().table.of_word.cache_clear()
        opening_hash.cache_clear()
        for document, entity in seen:
            run(document, entity)
        started = time.process_time()
        for document, entity in timed:
            run(document, entity)
        best = min(best, time.process_time() - started)
    return best / len(timed) * 1e6


def _in_a_process_of_its_own() -> tuple[float, float]:
    """Return the time to load the heads, and what they and the words read lately take, in MB."""
    told = [
        json.loads(subprocess.run([sys.executable, "-c", _CHILD], capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    return min(load for load, _ in told), max(memory for _, memory in told)


def _beside_peers(posts: Sequence[tuple[Document, Entity]], own: float) -> None:
    peers, left_out = _tone_peers.peers()
    try:
        tweets = FRENCH_POSTS.judge(Sources())["UMSAB French dev"]
    except NoData as missing:
        tweets = []
        print(f"no figures of tone: {missing}")
    print("\ntone of French posts: macro-F1 on UMSAB dev (a third each), and the time of one post")

    def ours(example: Example) -> str:
        return classify(document_of(example)).tone.value

    print(f"  {'vigie, all tasks':<34}{_f1(ours, tweets):>6}  {own:8.1f} µs")
    for name, read in peers.items():
        taken = _microseconds(partial(_of_body, read), posts, [])
        score = _f1(partial(_of_text, read), tweets)
        print(f"  {name:<34}{score:>6}  {taken:8.1f} µs")
    for line in left_out:
        print(f"  {line}")


def _of_body(read: Callable[[str], str], document: Document, _: object) -> str:
    return read(document.body)


def _of_text(read: Callable[[str], str], example: Example) -> str:
    return read(example.text)


def _f1(read: Callable[[Example], str], rows: Sequence[Labelled]) -> str:
    if not rows:
        return "-"
    return f"{macro_f1([Answer(Label(read(row.example), 1.0), row.label) for row in rows]):.3f}"


if __name__ == "__main__":
    main()
