"""Following the watches: from changes, from a compiled file, and from the table when neither will do."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import a_document, a_watch
from tests.fakes import World
from vigie.steps.compile import CompileWatches
from vigie.steps.watches import BrokenFile, BrokenWatch, CurrentWatches


class Worker:
    """A warm worker that follows the watches of a world, and the function that compiles them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.broken: list[Any] = []
        self.current = CurrentWatches(world.accounts, world.blobs, self.broken.append)
        self.compile = CompileWatches(
            accounts=world.accounts,
            blobs=world.blobs,
            clock=world.clock,
            report=self.broken.append,
            changes_tolerated=3,
        )

    def found(self, title: str) -> list[str]:
        """Return the watches that a document of this title matches now."""
        return [hit.watch_id for match in self.current()(a_document(title)) for hit in match.hits]


def put(world: World, *words: str) -> None:
    """Save a watch for each word, called by it."""
    for word in words:
        world.accounts.put_watch(a_watch(word, query=word))


def test_a_cold_worker_answers_as_a_warm_one() -> None:
    """A file, and the changes since, are the watches as they stand: added, replaced and removed."""
    world = World()
    warm = Worker(world)
    put(world, "banque", "guichet", "train")
    assert warm.found("Banque, guichet, train") == ["banque", "guichet", "train"]
    assert warm.compile.run() is not None
    world.accounts.remove_watch("banque-armelie", "guichet")
    world.accounts.put_watch(a_watch("train", query="avion"))
    put(world, "lyon")

    for worker in (warm, Worker(world)):
        assert worker.found("Banque et guichet de Lyon, train") == ["banque", "lyon"]
        assert worker.found("avion") == ["train"]
        assert worker.broken == []


def test_a_warm_worker_takes_the_newer_file() -> None:
    """When the changes it lacks have gone into a file, it starts from that file."""
    world = World()
    warm = Worker(world)
    put(world, "banque")
    assert warm.found("banque") == ["banque"]
    put(world, "guichet", "train")
    world.accounts.remove_watch("banque-armelie", "banque")
    assert warm.compile.run() is not None
    assert world.accounts.watch_changes(0) == []
    assert warm.found("banque guichet") == ["guichet"]


@pytest.mark.parametrize("content", [None, b"", b"PK", b"VIGIE-Q\n" + bytes(60)])
def test_a_file_that_is_gone_or_damaged_is_said_and_made_anew(content: bytes | None) -> None:
    """Matching goes on from the table, and the next compilation finds the damage."""
    world = World()
    put(world, "banque", "guichet", "train")
    made = Worker(world).compile.run()
    assert made is not None
    if content is None:
        del world.blobs.objects[made.key]
    else:
        world.blobs.put(made.key, content, "application/octet-stream")

    cold = Worker(world)
    assert cold.found("banque") == ["banque"]
    assert [type(each) for each in cold.broken] == [BrokenFile]
    again = cold.compile.run()
    assert again is not None
    assert Worker(world).found("banque") == ["banque"]
    assert cold.compile.run() is None


def test_it_compiles_when_enough_changed_and_every_week() -> None:
    """Few changes are followed as they are; a file is made of many, and again when it is a week old."""
    world = World()
    worker = Worker(world)
    put(world, "banque", "guichet")
    assert worker.compile.run() is None
    put(world, "train")
    first = worker.compile.run()
    assert first is not None
    assert (first.version, first.watches, first.reason) == (3, 3, "3 changes since the last")
    assert worker.compile.run() is None
    world.clock.instant += timedelta(days=8)
    again = worker.compile.run()
    assert again is not None
    assert again.reason == "the last is of 2026-12-08"
    assert worker.compile.run(force=True) is not None


def test_a_watch_saved_while_the_file_is_made_is_not_lost() -> None:
    """The file says which version it holds; what was saved meanwhile follows it as a change."""
    world = World()
    put(world, "banque", "guichet", "train")
    state = world.accounts.watches_state()
    put(world, "lyon")
    made = Worker(world).compile._compile(state, "test")
    assert made.version == 3
    assert Worker(world).found("Lyon, banque") == ["banque", "lyon"]


def test_a_watch_that_cannot_be_read_is_left_out_of_the_file() -> None:
    """It is reported; the others are compiled."""
    world = World()
    put(world, "banque")
    world.accounts.put_watch(a_watch("broken", query='"unclosed'))
    worker = Worker(world)
    made = worker.compile.run(force=True)
    assert made is not None
    assert made.watches == 1
    assert [type(each) for each in worker.broken] == [BrokenWatch]
    assert worker.found("banque") == ["banque"]


def test_watches_older_than_their_changes_are_read_from_the_table() -> None:
    """A table whose changes were never told, or were forgotten, is read whole."""
    world = World()
    put(world, "banque", "guichet")
    world.accounts._changes.clear()
    assert Worker(world).found("banque guichet") == ["banque", "guichet"]
