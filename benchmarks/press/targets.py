"""What polling must achieve against the simulated press, and whether it did.

A worker that dies before its first write about what it read leaves nobody who knows it: what no other is shown
afterwards is gone for anybody, and is told apart (``Played.in_vain``), beside what was published and never told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from benchmarks.press.report import Figures


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that must be at least or at most so much."""

    name: str
    figure: str  # of Figures
    bound: Literal["at least", "at most"]
    limit: float
    form: str  # how a value is printed

    def met(self, figures: Figures) -> bool:
        """Say whether the figures keep to it."""
        value = getattr(figures, self.figure)
        return bool(value >= self.limit if self.bound == "at least" else value <= self.limit)

    def line(self, figures: Figures) -> str:
        """Return the target beside its figure."""
        value, limit = (format(number, self.form) for number in (getattr(figures, self.figure), self.limit))
        return f"  {self.name:<48}{value:>10}   {self.bound} {limit:<10} {'ok' if self.met(figures) else 'FAILED'}"


TARGETS = (
    Target("told, of what was shown to any poll that wrote", "recall_visible", "at least", 1.0, ".4%"),
    Target("told, of all that was published", "recall_published", "at least", 0.9995, ".4%"),
    Target("told twice", "duplicates", "at most", 0, ",d"),
    Target("told with another text", "garbled", "at most", 0, ",d"),
    Target("requests an article", "requests_per_article", "at most", 3.5, ".2f"),
    Target("minutes until told, median", "delay_p50", "at most", 6.0, ".2f"),
    Target("304, of unchanged answers to validators", "unchanged_share", "at least", 0.9, ".1%"),
    Target("impolite requests", "violations", "at most", 0, ",d"),
    Target("write units an unchanged poll", "units_per_poll", "at most", 0.3, ".3f"),
    Target("write units more a new document", "units_per_document", "at most", 1.5, ".3f"),
)


def verdicts(figures: Figures) -> Iterator[str]:
    """Yield a line for each target."""
    yield from (target.line(figures) for target in TARGETS)


def failed(figures: Figures) -> list[str]:
    """Return the names of the targets that were missed."""
    return [target.name for target in TARGETS if not target.met(figures)]
