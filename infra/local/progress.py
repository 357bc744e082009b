"""What a person sees while a pass goes on: figures, live in a terminal, line by line elsewhere."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table

from vigie.domain.clients import Client
from vigie.domain.cutoffs import Interval
from vigie.ports import DigestStore, MentionStore, SourceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a run has done since an instant; ``waiting`` is what the queues hold."""

    sources: int
    polled: int
    failed: int
    documents: int
    mentions: int
    stories: int
    digests: int
    mails: int
    waiting: Mapping[str, int]

    @property
    def line(self) -> str:
        """Everything in one line."""
        waiting = ", ".join(f"{name} {count}" for name, count in self.waiting.items() if count) or "nothing"
        return (
            f"sources {self.polled}/{self.sources} ({self.failed} failing), documents {self.documents}, "
            f"mentions {self.mentions}, stories {self.stories}, digests {self.digests}, mails {self.mails}; "
            f"waiting: {waiting}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Reads figures out of the stores, counting from ``since``."""

    sources: SourceStore
    mentions: MentionStore
    digests: DigestStore
    clients: Sequence[Client]
    since: datetime
    documents_before: int

    def read(self, now: datetime, waiting: Mapping[str, int], mails: int) -> Figures:
        """Return the figures of this instant."""
        states = self.sources.states().values()
        interval = Interval(self.since, now + timedelta(seconds=1))
        mentions = [
            mention
            for client in self.clients
            for mention in self.mentions.recorded_in(client.client_id, interval)
        ]
        digests = [
            entry
            for client in self.clients
            for entry in self.digests.entries(client.client_id, limit=5)
            if entry.built_at >= self.since
        ]
        return Figures(
            sources=len(self.sources.sources()),
            polled=sum(1 for state in states if state.polled_at and state.polled_at >= self.since),
            failed=sum(1 for state in states if state.failures),
            documents=self.sources.odometer().fetched - self.documents_before,
            mentions=len(mentions),
            stories=len({(mention.client_id, mention.story.story_id) for mention in mentions}),
            digests=len(digests),
            mails=mails,
            waiting=waiting,
        )


class Screen(AbstractContextManager["Screen"]):
    """Shows figures: a table that changes in place in a terminal, a line for each change elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = (
            Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None
        )
        self._last = ""

    def __enter__(self) -> "Screen":
        """Take the screen."""
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the screen back, leaving the last figures on it."""
        if self._live:
            self._live.stop()
            self._console.print(self._last, highlight=False)

    def show(self, figures: Figures) -> None:
        """Show the figures as they stand."""
        if self._live:
            self._live.update(_table(figures), refresh=True)
        elif figures.line != self._last:
            self._console.print(figures.line, highlight=False)
        self._last = figures.line


def _table(figures: Figures) -> Table:
    table = Table(show_header=True, header_style="bold")
    for name in ("sources", "failing", "documents", "mentions", "stories", "digests", "mails", "waiting"):
        table.add_column(name, justify="right")
    table.add_row(
        f"{figures.polled}/{figures.sources}",
        str(figures.failed),
        str(figures.documents),
        str(figures.mentions),
        str(figures.stories),
        str(figures.digests),
        str(figures.mails),
        " ".join(f"{name} {count}" for name, count in figures.waiting.items() if count) or "–",
    )
    return table
