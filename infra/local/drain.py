"""When is a pass over? When every queue was empty three times in a row."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from infra.local.cloud import Cloud

_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
_DELAYED = "ApproximateNumberOfMessagesDelayed"


@dataclass(slots=True)
class Drain:
    """Watches queue depths: ``drained`` after ``times`` zeros in a row, ``stalled`` when nothing moves.

    Zero once proves nothing: between the reading of two queues a message can step from one to the other.
    """

    stall_seconds: float
    times: int = 3
    _zeros: int = field(default=0, init=False)
    _last: dict[str, int] = field(default_factory=dict, init=False)
    _moved_at: float | None = field(default=None, init=False)

    def look(self, depths: Mapping[str, int], at_seconds: float, done: object = None) -> None:
        """Take note of the depths at an instant; ``done`` is any figure that grows while work is done."""
        self._zeros = 0 if any(depths.values()) else self._zeros + 1
        seen = dict(depths) | {"done": hash(done)}
        if seen != self._last or self._moved_at is None:
            self._last, self._moved_at = seen, at_seconds

    @property
    def drained(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return self._zeros >= self.times

    def still_seconds(self, at_seconds: float) -> float:
        """Return for how long depths and figures have stood still."""
        return 0.0 if self._moved_at is None else at_seconds - self._moved_at

    def stalled(self, at_seconds: float) -> bool:
        """Whether they have stood still for ``stall_seconds``."""
        return self.still_seconds(at_seconds) >= self.stall_seconds


def depths(
    cloud: Cloud, queue_urls: Mapping[str, str], put_off: Collection[str] = frozenset()
) -> dict[str, int]:
    """Return how many messages each queue holds: visible, in flight, and delayed unless ``put_off`` names it."""
    sqs, found = cloud.client("sqs"), {}
    for name, url in queue_urls.items():
        wanted = _COUNTS if name in put_off else (*_COUNTS, _DELAYED)
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(wanted))["Attributes"]
        found[name] = sum(map(int, counts.values()))
    return found
