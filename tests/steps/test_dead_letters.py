"""What ops do with dead letters, in memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import a_client
from tests.fakes import World
from vigie.domain.dead_letters import UNKNOWN, DeadLetter, Failure, Taken
from vigie.messages import DigestReady, ShardDue, encode
from vigie.steps.dead_letters import Chosen, DeadLetters

SENT = datetime(2026, 12, 8, 6, 30, tzinfo=UTC)
READY = DigestReady(client_id="banque-armelie", digest_id="d1", send_at=SENT, emails=("a@b.example",))


class FakeQueue:
    """Dead letters in a list; ``again`` are those sent again."""

    def __init__(self, letters: Iterable[DeadLetter]) -> None:
        self.dead = {letter.message_id: letter for letter in letters}
        self.hidden: set[str] = set()
        self.again: list[DeadLetter] = []

    def take(self, limit: int, hidden_seconds: int) -> Iterator[Taken]:  # noqa: ARG002 - the port's shape
        """Yield what nobody else holds."""
        for letter in [each for each in self.dead.values() if each.message_id not in self.hidden][:limit]:
            self.hidden.add(letter.message_id)
            yield Taken(letter, letter.message_id)

    def give_back(self, taken: Taken) -> None:
        """Show it again."""
        self.hidden.discard(taken.receipt)

    def send_again(self, letter: DeadLetter) -> bool:
        """Take note, unless it is of no kind."""
        if letter.kind:
            self.again.append(letter)
        return bool(letter.kind)

    def remove(self, taken: Taken) -> None:
        """Forget it."""
        del self.dead[taken.receipt]
        self.hidden.discard(taken.receipt)


class FakeFailures:
    """Last words by message."""

    def __init__(self) -> None:
        self.known: dict[str, Failure] = {}

    def note(self, failure: Failure) -> None:
        """Keep them."""
        self.known[failure.message_id] = failure

    def of(self, message_ids: Iterable[str]) -> Mapping[str, Failure]:
        """Return those known."""
        return {id_: self.known[id_] for id_ in message_ids if id_ in self.known}


def a_letter(number: int, message: object, kind: str) -> DeadLetter:
    """Return a dead letter of a message."""
    body = encode(message).decode()
    return DeadLetter(message_id=f"m{number}", kind=kind, body=body, sent_at=SENT)


@pytest.fixture
def world() -> World:
    """Return a stack with a client whose digest of today is stored and not sent."""
    world = World()
    world.clock.instant = SENT + timedelta(hours=2)
    world.accounts.put_client(a_client())
    world.digests.expect(READY)
    return world


@pytest.fixture
def queue() -> FakeQueue:
    """Return three dead letters: a shard, a digest, and something of no kind."""
    shard = ShardDue(shard="0001", due_at=SENT)
    return FakeQueue(
        [
            a_letter(1, shard, "shard-due/1"),
            a_letter(2, READY, "digest-ready/1"),
            a_letter(3, {"x": 1}, ""),
        ]
    )


@pytest.fixture
def pauses() -> list[float]:
    """Return the seconds slept."""
    return []


@pytest.fixture
def desk(world: World, queue: FakeQueue, pauses: list[float]) -> DeadLetters:
    """Return the desk; the shard's last try said that it was busy."""
    failures = FakeFailures()
    failures.note(Failure(message_id="m1", function="poll", error="Busy: shard 0001 is held", at=SENT))
    return DeadLetters(
        queue=queue,
        failures=failures,
        accounts=world.accounts,
        digests=world.digests,
        ledger=world.ledger,
        clock=world.clock,
        sleep=pauses.append,
    )


def test_listing_changes_nothing(desk: DeadLetters, queue: FakeQueue) -> None:
    """What is there is told with what it died of, and stays there for all to see."""
    found = {group.kind: (group.letters[0].function, group.letters[0].error) for group in desk.groups(10)}
    assert found["shard-due/1"] == ("poll", "Busy: shard 0001 is held")
    assert found["digest-ready/1"] == ("", UNKNOWN)
    assert (len(queue.dead), queue.hidden, queue.again) == (3, set(), [])


def test_letters_go_back_slowly(desk: DeadLetters, queue: FakeQueue, pauses: list[float]) -> None:
    """Each goes where it came from, with a pause after; what nobody can place stays."""
    moved = list(desk.redrive(Chosen(), limit=10, per_second=4))
    assert [(each.letter.message_id, each.outcome) for each in moved] == [
        ("m1", "redriven"),
        ("m2", "redriven"),
        ("m3", "left"),
    ]
    assert ([*queue.dead], [letter.message_id for letter in queue.again]) == (["m3"], ["m1", "m2"])
    assert pauses == [0.25] * 3


def test_only_what_is_chosen_goes(desk: DeadLetters, queue: FakeQueue) -> None:
    """By kind or by error; the others are dead letters still, and visible."""
    assert [
        each.letter.message_id for each in desk.redrive(Chosen(error="busy"), limit=10, per_second=9)
    ] == ["m1"]
    assert ([*queue.dead], queue.hidden) == (["m2", "m3"], set())


def test_yesterdays_digest_is_dropped(world: World, desk: DeadLetters, queue: FakeQueue) -> None:
    """Its day is over where the client lives: it is parked as evidence, and nothing else sends it either."""
    world.clock.instant = SENT + timedelta(days=1)
    (moved,) = desk.redrive(Chosen(kind="digest-ready"), limit=10, per_second=9)
    assert (moved.outcome, queue.again, "m2" in queue.dead) == ("dropped", [], False)
    (parked,) = world.ledger.parked()
    assert "2026-12-08" in parked.reason
    assert world.digests.unsent(world.clock.instant) == []


def test_a_digest_of_nobody_is_dropped(desk: DeadLetters, queue: FakeQueue, world: World) -> None:
    """Its client is gone: there is nobody to send it to."""
    queue.dead["m2"] = replace(
        queue.dead["m2"],
        body=encode(DigestReady(client_id="gone", digest_id="d", send_at=SENT, emails=())).decode(),
    )
    (moved,) = desk.redrive(Chosen(kind="digest"), limit=10, per_second=9)
    assert moved.outcome == "dropped"
    assert world.ledger.parked() != []


def test_a_dry_run_only_says(desk: DeadLetters, queue: FakeQueue, world: World) -> None:
    """What would be done is said, and nothing is."""
    world.clock.instant = SENT + timedelta(days=1)
    said = [each.says for each in desk.redrive(Chosen(), limit=10, per_second=9, dry_run=True)]
    assert [text.startswith("would be") for text in said] == [True] * 3
    assert (len(queue.dead), queue.hidden, queue.again) == (3, set(), [])
