"""Grouping labelled documents with vigie: one worker, or a crowd of workers that die and hear things twice."""

import random
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from benchmarks.stories.labelled import Labelled
from vigie.adapters.memory import MemoryStories
from vigie.domain.documents import Document
from vigie.domain.stories.union import StoryMember
from vigie.domain.urls import canonical_url
from vigie.errors import Transient
from vigie.ports import Posting, StoryStore
from vigie.steps.stories import StoryAssigner

Written = TypeVar("Written")

WORKERS, REDELIVERED, DYING = 16, 0.15, 0.006
SWITCH_SECONDS = 1e-5  # threads take turns between almost any two steps


def as_document(labelled: Labelled) -> Document:
    """Return a labelled document as the function receives it."""
    return Document(
        document_id=labelled.id,
        source_id=labelled.source_id,
        source_name=labelled.source_id,
        url=labelled.url,
        canonical_url=canonical_url(labelled.url),
        title=labelled.title,
        summary=labelled.summary,
        body=labelled.body,
        published_at=labelled.at,
        seen_at=labelled.at,
        platform=labelled.platform,
        type=labelled.type,
    )


def group(documents: Iterable[Labelled], store: StoryStore | None = None) -> dict[str, str]:
    """Return each document's story after all have come, one after the other."""
    return assign_all([as_document(labelled) for labelled in documents], store)


def assign_all(documents: Sequence[Document], store: StoryStore | None = None) -> dict[str, str]:
    """Return each document's story after all have come, one after the other."""
    store = store or MemoryStories()
    assigner = StoryAssigner(store)
    for document in documents:
        assigner.assign(document, document.seen_at)
    return store.roots([document.document_id for document in documents])


class Death(BaseException):
    """A worker dies here."""


class DeadlyStories(MemoryStories):
    """A store whose users die before or after some of their writes."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._chance = random.Random(seed)
        self.deaths = 0

    def add(self, member: StoryMember, now: datetime) -> StoryMember:
        """Record a member, or die."""
        return self._deadly(lambda: super(DeadlyStories, self).add(member, now))

    def post_one(self, key: str, posting: Posting, now: datetime) -> tuple[str, ...]:
        """Post under a key, or die."""
        return self._deadly(lambda: super(DeadlyStories, self).post_one(key, posting, now))

    def link(self, root_id: str, parent_id: str, now: datetime) -> str:
        """Link a root, or die."""
        return self._deadly(lambda: super(DeadlyStories, self).link(root_id, parent_id, now))

    def _deadly(self, write: Callable[[], Written]) -> Written:
        draw = self._chance.random()
        if draw < DYING:
            self.deaths += 1
            raise Death
        done = write()
        if draw > 1 - DYING:
            self.deaths += 1
            raise Death
        return done


def group_by_a_crowd(documents: Sequence[Labelled], seed: int) -> tuple[dict[str, str], int, int]:
    """Return each document's story after a crowd's work, how many workers died, and how many ids had two stories."""
    store = DeadlyStories(seed)
    chance = random.Random(seed)
    again = [labelled for labelled in documents if chance.random() < REDELIVERED]
    queue = [*documents]
    for labelled in again:
        queue.insert(chance.randrange(len(queue)), labelled)
    queue.reverse()
    answers: list[tuple[str, str]] = []
    _run_threads(lambda: _work(StoryAssigner(store), queue, answers))
    found = store.roots([labelled.id for labelled in documents])
    today = store.roots([story for _, story in answers])
    torn = {document_id for document_id, story in answers if today[story] != found[document_id]}
    return found, store.deaths, len(torn)


def _work(assigner: StoryAssigner, queue: list[Labelled], answers: list[tuple[str, str]]) -> None:
    while True:
        try:
            labelled = queue.pop()
        except IndexError:
            return
        try:
            story = assigner.assign(as_document(labelled), labelled.at).story
        except (Death, Transient):
            queue.append(labelled)
        else:
            answers.append((labelled.id, story.story_id))


def _run_threads(work: Callable[[], None]) -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        threads = [threading.Thread(target=work) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
