"""Subjects of the demo press against its truth: a month of every client, seeds they were tuned on and others.

Stories are as the truth has them, so that only subjects are measured. The peer is what one gets without subjects:
every story an entry of its own.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.stories.scores import Score, b_cubed
from infra.demo_press import generate
from infra.demo_press.mentions import documents_of, mentions_of
from vigie.domain.digest_stories import is_own
from vigie.domain.subjects.build import subjects_of
from vigie.domain.subjects.features import terms_of
from vigie.domain.subjects.frequencies import Frequencies

TUNED, UNSEEN = (1, 3, 5, 6, 7, 9, 11, 13, 42), (8, 17, 23, 31, 57)
TARGET = 0.90
UNTIL = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)


def measure(seed: int) -> tuple[Score, Score, float]:
    """Return the B-cubed scores of subjects and of stories alone over all clients' documents, and the seconds."""
    press = generate(seed, UNTIL)
    subject_of = {document["id"]: document["subject"] for document in press.truth["documents"]}
    stack = Frequencies.of((terms_of(document) for document in documents_of(press).values()), at_least=2)
    truth: dict[str, str] = {}
    found: dict[str, str] = {}
    alone: dict[str, str] = {}
    seconds = 0.0
    for client in press.truth["clients"]:
        mentions = [mention for mention in mentions_of(press, client["id"]) if is_own(mention)]
        started = time.perf_counter()
        subjects = subjects_of(mentions, stack)
        seconds += time.perf_counter() - started
        named = {story_id: subject.subject_id for subject in subjects for story_id in subject.stories}
        for mention in mentions:
            key = f"{client['id']}/{mention.mention_id}"
            truth[key] = f"{client['id']}/{subject_of[mention.mention_id]}"
            found[key] = f"{client['id']}/{named[mention.story.story_id]}"
            alone[key] = f"{client['id']}/{mention.story.story_id}"
    return b_cubed(truth, found), b_cubed(truth, alone), seconds


def main(seeds: Sequence[int] = (*TUNED, *UNSEEN)) -> None:
    """Print a line a seed; exit when an unseen one is under the target."""
    missed = []
    for seed in seeds:
        score, alone, seconds = measure(seed)
        kind = "unseen" if seed in UNSEEN else "tuned on"
        print(
            f"seed {seed:>3} ({kind:<8})  B-cubed {score.f1:.3f} (precision {score.precision:.3f}, recall "
            f"{score.recall:.3f}); stories alone {alone.f1:.3f}; {seconds * 1000:.0f} ms a month"
        )
        if score.f1 < TARGET:
            missed.append(f"seed {seed}: B-cubed {score.f1:.3f} is under {TARGET}")
    if missed:
        raise SystemExit("; ".join(missed))


if __name__ == "__main__":
    main()
