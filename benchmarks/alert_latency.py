"""Latency of an alert on the deployed pipeline: from the poll that saw an article to the mail in the outbox.

The template is deployed on the emulator and a folder of feeds served to it. Each client named an outlet, so that one
article of it must alert. In each round some of the outlets publish and the stack is polled; the clock of each alert
starts when its article was fetched. The template's own waiting (batching windows of the queues that an article goes
through, delays) is added up beside it: on AWS that is what the emulator does not make one wait for.
"""

import io
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from infra.local import passes
from infra.local.options import Options
from infra.local.stack import LocalStack, open_stack
from infra.template import Template, references
from vigie import wiring
from vigie.domain.alerts.settings import AlertSettings
from vigie.requests import ClientRequest, RecipientRequest, WatchRequest

ROUNDS = int(os.environ.get("VIGIE_LATENCY_ROUNDS", "4"))
CLIENTS = 6  # of a round
MOST_SECONDS = 60.0
PATIENCE_SECONDS = 180.0
PORT = 4_830
PATH = ("FetchedQueue", "MatchedQueue", "GroupedQueue")


@dataclass
class Press:
    """A feed for each client, empty until it publishes."""

    folder: Path
    count: int
    articles: dict[int, list[str]] = field(default_factory=dict)

    def publish(self, number: int) -> None:
        """Have an outlet write about its client."""
        now = datetime.now(UTC)
        url = f"https://journal-{number}.example/article"
        self.articles.setdefault(number, []).append(
            f"<item><title>Ce que l'on sait de {word(number)}</title><link>{url}</link><guid>{url}</guid>"
            f"<pubDate>{format_datetime(now)}</pubDate><description>{word(number)} : le récit.</description></item>"
        )
        self.write(number)

    def write(self, number: int) -> None:
        """Write a feed as a whole: a reader never sees half of it."""
        items = "".join(self.articles.get(number, []))
        text = f'<rss version="2.0"><channel><title>Journal {number}</title>{items}</channel></rss>'
        new = self.folder / f".journal-{number}"
        new.write_text(text, "utf-8")
        new.rename(self.folder / f"journal-{number}.xml")


def word(number: int) -> str:
    """Return the word that a client watches, which no other text holds."""
    return f"zephyrine{chr(97 + number // 26)}{chr(97 + number % 26)}"


def main() -> None:
    """Print the figures; exit with what is late."""
    waits = designed_seconds(Template.read().document)
    with tempfile.TemporaryDirectory(prefix="vigie-latency-") as home:
        press = Press(Path(home) / "feeds", ROUNDS * CLIENTS)
        press.folder.mkdir()
        for number in range(press.count):
            press.write(number)
        options = Options(feeds=press.folder, watch="nobody", port=PORT)
        with open_stack(options, Path(home) / "home", Console(file=io.StringIO())) as stack:
            for number in range(press.count):
                _add_client(number)
            passes.invoke(stack, "ScheduleFunction", {"force": True})  # first polls of empty feeds
            late = [seconds for number in range(ROUNDS) for seconds in _round(stack, press, number)]
    _report(late, press.count, waits)


def designed_seconds(template: Mapping[str, Any]) -> float:
    """Return how long the template lets an article wait on purpose, from the poll's answer to the mail."""
    resources = template["Resources"]
    readers = [
        event["Properties"]
        for resource in resources.values()
        for event in (resource.get("Properties", {}).get("Events") or {}).values()
        if event["Type"] == "SQS" and references(event["Properties"]["Queue"]) & set(PATH)
    ]
    if len(readers) != len(PATH):
        raise SystemExit(f"{len(readers)} functions read the {len(PATH)} queues of the way")
    windows = sum(reader.get("MaximumBatchingWindowInSeconds", 0) for reader in readers)
    return float(windows + sum(resources[name]["Properties"].get("DelaySeconds", 0) for name in PATH))


def _add_client(number: int) -> None:
    client, _ = wiring.desk().create_client(
        ClientRequest(
            name=f"Client {number}",
            client_id=f"client-{number}",
            recipients=(RecipientRequest(_address(number), "Communication"),),
        )
    )
    watch = WatchRequest(name="Marque", purpose="brand", query=word(number), watch_id="marque")
    wiring.desk().create_watch(client, watch)
    settings = AlertSettings(client_id=client.client_id, outlets=(f"journal-{number}.example",))
    wiring.alert_store().change_settings(client.client_id, lambda _: settings)


def _address(number: int) -> str:
    return f"veille@client-{number}.vigie.example"


def _round(stack: LocalStack, press: Press, number: int) -> Iterator[float]:
    """Publish and poll; yield the seconds from each article's fetch to its mail."""
    ours = range(number * CLIENTS, (number + 1) * CLIENTS)
    for each in ours:
        press.publish(each)
    passes.invoke(stack, "ScheduleFunction", {"force": True})
    came = _wait_for_mails(stack, {_address(each) for each in ours})
    for each in ours:
        opened = wiring.alert_store().alerts(f"client-{each}", 1)
        mention = wiring.mentions().get(f"client-{each}", opened[0].first.mention_id) if opened else None  # type: ignore[union-attr]
        if mention and _address(each) in came:
            yield (came[_address(each)] - mention.document.seen_at).total_seconds()


def _wait_for_mails(stack: LocalStack, addresses: set[str]) -> dict[str, datetime]:
    """Return when each address had its first mail."""
    came: dict[str, datetime] = {}
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and came.keys() != addresses:
        for mail in stack.mailbox.kept():
            for address in addresses - came.keys():
                if address in mail.to:
                    came[address] = datetime.now(UTC)
        time.sleep(0.1)
    return came


def _report(late: list[float], expected: int, waits: float) -> None:
    load = os.getloadavg()[0]
    print(
        f"{len(late)} alerts of {expected} mailed; load of this machine {load:.1f} on {os.cpu_count()} processors"
    )
    if len(late) > 1:
        ranks = statistics.quantiles(late, n=20)
        print(
            f"from the poll to the mail: p50 {ranks[9]:.1f} s, p95 {ranks[18]:.1f} s, longest {max(late):.1f} s"
        )
        print(f"waiting on purpose, by the template: {waits:.0f} s")
    missed = [f"{expected - len(late)} alerts never came"] if len(late) < expected else []
    if len(late) > 1 and statistics.quantiles(late, n=20)[18] + waits > MOST_SECONDS:
        missed.append(f"p95 is over {MOST_SECONDS:.0f} s")
    if missed:
        raise SystemExit("; ".join(missed))


if __name__ == "__main__":
    main()
