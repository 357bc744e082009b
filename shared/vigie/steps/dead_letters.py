"""Dead letters: listed by cause, sent again slowly, dropped where they are out of date."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from vigie.domain.dead_letters import DeadLetter, Failure, Group, Outcome, Taken, grouped, is_stale
from vigie.domain.mentions import Parked
from vigie.errors import BadMessage
from vigie.messages import DigestReady, PreviewReady, decode
from vigie.ports import AccountStore, Clock, DigestStore, LedgerStore

HIDDEN_SECONDS = 120  # while somebody reads them; then they are dead letters again
_DATED: dict[str, Callable[[str], DigestReady | PreviewReady]] = {
    "digest-ready/1": lambda body: decode(body, DigestReady),
    "preview-ready/1": lambda body: decode(body, PreviewReady),
}


class DeadLetterQueue(Protocol):
    """The stack's dead letters, and the queues they came from."""

    def take(self, limit: int, hidden_seconds: int) -> Iterator[Taken]:
        """Yield at most so many, each once; nobody else sees them meanwhile."""
        ...

    def give_back(self, taken: Taken) -> None:
        """Let others see it again at once."""
        ...

    def send_again(self, letter: DeadLetter) -> bool:
        """Put a letter where it came from; False when nobody can tell where that was."""
        ...

    def remove(self, taken: Taken) -> None:
        """Forget it."""
        ...


class FailureStore(Protocol):
    """What messages' last tries said."""

    def note(self, failure: Failure) -> None:
        """Keep what a message's last try said, as long as its dead letter."""
        ...

    def of(self, message_ids: Iterable[str]) -> Mapping[str, Failure]:
        """Return what is known of some messages, by id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which dead letters are meant: of a kind, or whose error holds a text."""

    kind: str = ""
    error: str = ""

    def holds(self, letter: DeadLetter) -> bool:
        """Whether a letter is meant."""
        return letter.kind.startswith(self.kind) and self.error.lower() in letter.error.lower()


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one dead letter."""

    letter: DeadLetter
    outcome: Outcome
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetters:
    """What ops do with dead letters. A crash leaves each where it was, or in its queue and among the dead: both."""

    queue: DeadLetterQueue
    failures: FailureStore
    accounts: AccountStore
    digests: DigestStore
    ledger: LedgerStore
    clock: Clock
    sleep: Callable[[float], None]

    def groups(self, limit: int) -> list[Group]:
        """Return what is there, by kind and cause."""
        taken = list(self.queue.take(limit, HIDDEN_SECONDS))
        try:
            return grouped(each.letter for each in self._told(taken))
        finally:
            for each in taken:
                self.queue.give_back(each)

    def redrive(
        self, chosen: Chosen, *, limit: int, per_second: float, dry_run: bool = False
    ) -> Iterator[Moved]:
        """Send letters again, at most so many a second; yield what becomes of each as it happens."""
        for each in self._told(list(self.queue.take(limit, HIDDEN_SECONDS + round(limit / per_second)))):
            if not chosen.holds(each.letter):
                self.queue.give_back(each)
                continue
            yield self._looked_at(each) if dry_run else self._move(each)
            if not dry_run:
                self.sleep(1 / per_second)

    def _told(self, taken: list[Taken]) -> list[Taken]:
        """Return letters with what their last tries said."""
        known = self.failures.of(each.letter.message_id for each in taken)
        return [_with(each, known.get(each.letter.message_id)) for each in taken]

    def _looked_at(self, taken: Taken) -> Moved:
        self.queue.give_back(taken)
        if (ready := self._stale(taken.letter)) is not None:
            return Moved(taken.letter, "dropped", f"would be dropped: {_out_of_date(ready)}")
        return Moved(taken.letter, "redriven", "would be sent again")

    def _move(self, taken: Taken) -> Moved:
        letter = taken.letter
        if (ready := self._stale(letter)) is not None:
            return self._drop(taken, ready)
        if not self.queue.send_again(letter):
            self.queue.give_back(taken)
            return Moved(letter, "left", f"nobody can tell where a message of kind {letter.kind!r} came from")
        self.queue.remove(taken)
        return Moved(letter, "redriven", "in its queue again")

    def _drop(self, taken: Taken, ready: DigestReady | PreviewReady) -> Moved:
        """Park a digest whose day is over, and see that nothing else tries to send it either."""
        letter, says = taken.letter, _out_of_date(ready)
        evidence: dict[str, object] = {"content": letter.body[:2_000], "error": letter.error}
        self.ledger.park(Parked("send", letter.message_id, says, self.clock(), evidence))
        if isinstance(ready, DigestReady):
            self.digests.settle(ready)
        self.queue.remove(taken)
        return Moved(letter, "dropped", says)

    def _stale(self, letter: DeadLetter) -> DigestReady | PreviewReady | None:
        """Return the digest that a letter speaks of when its day is over, or its client gone."""
        read = _DATED.get(letter.kind)
        if read is None:
            return None
        try:
            ready = read(letter.body)
        except BadMessage:
            return None  # its function parks it, with the reason
        client = self.accounts.client(ready.client_id)
        return ready if client is None or is_stale(ready.send_at, client.zone, self.clock()) else None


def _with(taken: Taken, failure: Failure | None) -> Taken:
    if failure is None:
        return taken
    return replace(taken, letter=replace(taken.letter, function=failure.function, error=failure.error))


def _out_of_date(ready: DigestReady | PreviewReady) -> str:
    return f"the digest {ready.digest_id} of {ready.client_id} was for {ready.send_at:%Y-%m-%d}, and that day is over"
