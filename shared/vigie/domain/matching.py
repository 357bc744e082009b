"""Deciding whom a batch of documents concerns, so that deciding twice decides the same.

Watches change while messages wait to be redelivered. A batch is therefore decided once: the decision is
recorded before anything is sent, and a second delivery sends what the first decided. A decision that concerns
many clients is cut in *parts*, each recorded by itself; a part says after which pair it stops.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vigie.domain.mentions import ClientMatch

PART_CLIENT_LIMIT = 90  # each has a count of its own: what a worker writes at once stays small
PART_PAIR_LIMIT = 1_500  # and an item 400 KB: about 100 bytes a pair, packed, with its evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One document (by its place in the batch) that concerns one client."""

    position: int
    match: ClientMatch

    @property
    def key(self) -> tuple[int, str]:
        """Order of pairs in a batch."""
        return self.position, self.match.client_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One part of what a batch was decided to concern.

    ``documents`` and ``parked`` count the whole batch and stand in part 0 only, so that they are summed once.
    ``last`` is false when more parts follow.
    """

    batch_id: str
    part: int
    decided_at: datetime
    pairs: tuple[Pair, ...]
    documents: int = 0
    parked: int = 0
    last: bool = True

    @property
    def matched(self) -> dict[str, int]:
        """How many documents of this part concern each client."""
        counts: dict[str, int] = {}
        for pair in self.pairs:
            counts[pair.match.client_id] = counts.get(pair.match.client_id, 0) + 1
        return counts


def next_part(
    batch_id: str,
    pairs: Sequence[Pair],
    previous: Decision | None,
    *,
    documents: int,
    parked: int,
    now: datetime,
    client_limit: int = PART_CLIENT_LIMIT,
) -> Decision:
    """Return the part that follows ``previous`` (None for the first) out of all ``pairs`` of the batch.

    Pairs go in order of place then client; a part takes as many as concern ``client_limit`` clients at most.
    """
    after = previous.pairs[-1].key if previous and previous.pairs else (-1, "")
    waiting = sorted((pair for pair in pairs if pair.key > after), key=lambda pair: pair.key)
    taken: list[Pair] = []
    clients: set[str] = set()
    for pair in waiting:
        clients.add(pair.match.client_id)
        if len(clients) > client_limit or len(taken) == PART_PAIR_LIMIT:
            break
        taken.append(pair)
    first = previous is None
    return Decision(
        batch_id=batch_id,
        part=0 if previous is None else previous.part + 1,
        decided_at=now,
        pairs=tuple(taken),
        documents=documents if first else 0,
        parked=parked if first else 0,
        last=len(taken) == len(waiting),
    )
