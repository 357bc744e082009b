"""The completeness ledger: what became of everything, for one client and one interval.

Two kinds of count feed it. *Readings* of what polls counted (``sources.Odometer``), subtracted between two
digests; and *records* written once per batch of documents or per mention, summed over the interval. Both
survive redelivery: a reading grows only in the write that commits a poll, a record has the batch's key.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vigie.domain.mentions import Mention
from vigie.domain.sources import Odometer


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Documents that one batch put before the watches: how many were read, how many had to be parked."""

    documents: int
    parked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Counts of one client and interval, in the order of the flow.

    ``carried_in`` and ``carried_out`` are correspondences found but not yet recorded when the interval
    opened and closed; almost always 0. ``check`` says which sums must hold.
    """

    polled: int = 0
    failed: dict[str, int] = field(default_factory=dict)  # polls, by reason
    fetched: int = 0  # new documents the polls queued
    seen: int = 0  # documents put before the watches
    parked: int = 0  # of those, impossible to read
    matched: int = 0
    carried_in: int = 0
    retained: int = 0
    grouped: int = 0  # of those, reprints of a story already there
    held: dict[str, int] = field(default_factory=dict)  # by reason
    carried_out: int = 0
    backfilled: int = 0  # found in the archive for a new watch: history, beside all other counts

    @property
    def unmatched(self) -> int:
        """Documents read that concern this client in nothing."""
        return self.seen - self.parked - self.matched

    @property
    def held_back(self) -> int:
        """Correspondences kept out of the digest, all reasons together."""
        return sum(self.held.values())

    def check(self) -> list[str]:
        """Return the sums that do not hold, in words; empty when the ledger adds up."""
        sums = {
            "matched + carried_in = retained + held + carried_out": (
                self.matched + self.carried_in,
                self.retained + self.held_back + self.carried_out,
            ),
            "seen = parked + matched + unmatched": (self.seen, self.parked + self.matched + self.unmatched),
        }
        wrong = [f"{name}: {left} is not {right}" for name, (left, right) in sums.items() if left != right]
        counts = (self.polled, self.fetched, *self.failed.values(), self.seen, self.parked, self.matched)
        counts += (self.unmatched, self.carried_in, self.carried_out, *self.held.values())
        if min(counts) < 0:
            wrong.append(f"a count is negative: {self}")
        if self.grouped > self.retained:
            wrong.append(f"grouped {self.grouped} exceeds retained {self.retained}")
        return wrong


def of_history(mentions: Sequence[Mention]) -> Ledger:
    """Return the ledger of a digest of what the archive holds: as much was read for it as was found."""
    return close_interval(
        polls=Odometer(),
        evaluated=[Evaluated(len(mentions))],
        matched=len(mentions),
        mentions=mentions,
        carried_in=0,
    )


def close_interval(
    *,
    polls: Odometer,
    evaluated: Iterable[Evaluated],
    matched: int,
    mentions: Iterable[Mention],
    carried_in: int,
) -> Ledger:
    """Return the ledger of one interval.

    ``polls`` is the difference of two readings; ``evaluated`` and ``matched`` are the batch records of the
    interval; ``mentions`` all those recorded in it, held ones included; ``carried_in`` what the digest before
    carried out.
    """
    batches = list(evaluated)
    everything = list(mentions)
    recorded = [mention for mention in everything if not mention.backfilled]
    kept = [mention for mention in recorded if mention.status == "kept"]
    held = Counter(str(mention.held_reason) for mention in recorded if mention.status == "held")
    return Ledger(
        polled=polls.polled,
        failed=dict(polls.failed),
        fetched=polls.fetched,
        seen=sum(batch.documents for batch in batches),
        parked=sum(batch.parked for batch in batches),
        matched=matched,
        carried_in=carried_in,
        retained=len(kept),
        grouped=sum(1 for mention in kept if mention.story.role == "reprint"),
        held=dict(sorted(held.items())),
        carried_out=carried_in + matched - len(recorded),
        backfilled=len(everything) - len(recorded),
    )
