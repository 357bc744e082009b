"""The health report: what a stack's own few alarms cannot tell, looked at together every quarter of an hour."""

from dataclasses import dataclass, field
from datetime import datetime

from vigie.domain.costs.spending import Spending
from vigie.domain.health.freshness import Freshness


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """A queue. ``waiting_since`` is when it was last seen empty: nothing in it is older, much may be younger."""

    name: str
    waiting: int
    in_flight: int = 0
    waiting_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestHealth:
    """Digests: to come within a day, and built in the last one; ``unsent`` of these are not with everybody yet.

    ``late`` are those, built or not, that should have left a quarter of an hour ago.
    """

    due: int = 0
    built: int = 0
    unsent: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerHealth:
    """Whether everything is accounted for.

    ``on_its_way`` is what polls queued and no batch has put before the watches yet; ``on_its_way_since`` when it was
    last otherwise. ``wrong`` are the digests of the last day whose sums do not hold.
    """

    on_its_way: int = 0
    on_its_way_since: datetime | None = None
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that somebody must see to: ``code`` for programs, ``says`` for people, ``runbook`` what to do."""

    code: str
    says: str
    runbook: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where the counters stood when a report was made: the next one counts from there."""

    at: datetime
    polled: int
    fetched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """How a stack is at an instant. ``sources`` counts them by health; nobody took those alerts for half an hour."""

    stack: str
    at: datetime
    reading: Reading
    clients: int
    freshness: Freshness
    sources: dict[str, int] = field(default_factory=dict)
    shards_overdue: int = 0
    collector_is_quiet: bool = False
    queues: tuple[QueueHealth, ...] = ()
    dead_letters: int = 0
    digests: DigestHealth = field(default_factory=DigestHealth)
    alerts_unacknowledged: int = 0
    ledger: LedgerHealth = field(default_factory=LedgerHealth)
    spending: Spending
    problems: tuple[Problem, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nobody has to do anything."""
        return not self.problems
