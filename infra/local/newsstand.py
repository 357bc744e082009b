"""Where a local run's documents come from: the demo press, a folder of feeds, or real addresses."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.demo_press import Press, generate, visible_ids
from infra.demo_press.calendar import end_of
from infra.local.emulator import ROOT, check_port
from infra.local.feed_server import FolderSite, PressSite, Site, source_list
from infra.local.options import Options
from infra.local.social import Social
from infra.local.trouble import CannotRun
from vigie.cli.sources import read_file
from vigie.domain.source_lists import RefusedLine
from vigie.domain.sources import Source

SEED = 7
PLAYED_DAYS = 2  # the press goes on that long after the first run: its month ends then


class Newsstand:
    """The sources of a run, and the server behind them when they are ours."""

    def __init__(self, options: Options, home: Path, now: datetime) -> None:
        self._options = options
        self._home = home
        self._now = now
        self.refused: Sequence[RefusedLine] = ()
        self.log = home / "feeds.log"

    @property
    def is_demo(self) -> bool:
        """Whether the demo press plays, whose truth is known."""
        return not (self._options.feeds or self._options.sources)

    @property
    def is_ours(self) -> bool:
        """Whether the feeds are served from this machine: politeness is for the others."""
        return self._options.sources is None

    @cached_property
    def social(self) -> Social | None:
        """What is said beside the press, in the demo only."""
        return Social(self._options.platforms_port, self._opened_at) if self.is_demo else None

    @property
    def truth(self) -> dict[str, Any]:
        """The truth about the demo: the press, and what is said beside it."""
        said = self.social.truth() if self.social else []
        return {**self.press.truth, "documents": [*self.press.truth["documents"], *said]}

    def visible_ids(self, now: datetime) -> frozenset[str]:
        """Return the ids in the truth of what one pass can see at ``now``."""
        said = self.social.visible_ids(now) if self.social else frozenset()
        return visible_ids(self.press, now) | said

    @property
    def credentials(self) -> dict[str, str]:
        """Credentials of platforms, by name. Feeds of a folder are read alone, without the web's news searches."""
        if self.social:
            return self.social.credentials
        return {"google-news": json.dumps({"off": True})} if self.is_ours else {}

    @cached_property
    def press(self) -> Press:
        """The demo press, the same from run to run of one home."""
        return generate(SEED, end_of(self._last_day))

    @property
    def worker_environment(self) -> dict[str, str]:
        """Return what opens loopback, and nothing but our port of it, to the poller."""
        if not self.is_ours:
            return {}
        # The emulator's own bucket too: there lies the feed that `vigie stack deploy --local` tries a stack with.
        grants = [f"*.test=127.0.0.1:{self._options.feeds_port}", f"127.0.0.1:{self._options.port}"]
        grants += [self.social.worker_environment] if self.social else []
        return {"VIGIE_LOCAL_ALLOW": ",".join(grants)}

    @property
    def ended(self) -> bool:
        """Whether the demo press has nothing new to say any more."""
        return self.is_demo and end_of(self._last_day) < self._now

    def sources(self) -> list[Source]:
        """Return what to follow. Raises CannotRun when there is nothing."""
        if self._options.sources:
            listed = read_file(self._options.sources)
            self.refused = listed.refused
            found = list(listed.sources)
        else:
            found = [
                Source(
                    source_id=item["source_id"],
                    name=item["name"],
                    url=item["url"],
                    tier=item["tier"] or None,
                    language=item["language"] or None,
                )
                for item in source_list(self._site(), self._options.feeds_port)
            ]
        found += self.social.sources if self.social else []
        if not found:
            raise CannotRun("There is nothing to follow: the folder or list holds no feed.")
        return found

    @contextmanager
    def open(self) -> Iterator[None]:
        """Serve our feeds while the block runs, in a process of their own. Raises CannotRun when it cannot."""
        if not self.is_ours:
            yield
            return
        with self.social.open() if self.social else nullcontext(), self._serve_feeds():
            yield

    @contextmanager
    def _serve_feeds(self) -> Iterator[None]:
        check_port(self._options.feeds_port)
        what = ["--folder", str(self._options.feeds)] if self._options.feeds else self._press_arguments()
        port = ["--port", str(self._options.feeds_port), "--log", str(self.log)]
        self.log.unlink(missing_ok=True)
        server = subprocess.Popen(
            [sys.executable, "-m", "infra.local.feed_server", *port, *what],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            start_new_session=True,  # the terminal's Ctrl-C is for the run, which stops it in its turn
        )
        try:
            if server.stdout is None or not server.stdout.readline().startswith(b"listening"):
                raise CannotRun("The feed server did not start; what it said stands above.")
            yield
        finally:
            server.terminate()
            server.wait()
            if server.stdout is not None:
                server.stdout.close()

    def answers(self) -> dict[int, int]:
        """Return how many answers of each status our feeds gave since they were opened."""
        counts: dict[int, int] = {}
        if self.log.exists():
            for line in self.log.read_text("utf-8").splitlines():
                status = json.loads(line)["status"]
                counts[status] = counts.get(status, 0) + 1
        return dict(sorted(counts.items()))

    def _site(self) -> Site:
        if self._options.feeds:
            return FolderSite(self._options.feeds)
        return PressSite(self.press, lambda: datetime.now(UTC))

    def _press_arguments(self) -> list[str]:
        return ["--press-seed", str(SEED), "--until", self._last_day.isoformat()]

    @property
    def _last_day(self) -> date:
        """The last day of the press."""
        return self._opened_at.date() + timedelta(days=PLAYED_DAYS)

    @cached_property
    def _opened_at(self) -> datetime:
        """When the home's first run was: another day would redate everything."""
        kept = self._home / "press.json"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps({"opened_at": self._now.isoformat()}))
        return datetime.fromisoformat(json.loads(kept.read_text())["opened_at"])
