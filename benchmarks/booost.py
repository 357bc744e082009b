"""1,000 small businesses in one stack: their digests on time, their pages' p95, what each costs a month."""

import gzip
import importlib
import os
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from benchmarks.month.bill import CALL_SECONDS
from benchmarks.month.counting import Meter
from infra.local.emulator import Emulator
from tests.builders import a_client, a_document, a_mention, a_watch
from tests.conftest import AWS_CLIENTS, Cloud
from tests.functions.conftest import QUEUES, TABLES, Context, Stack
from tests.functions.member import Member
from vigie import wiring
from vigie.adapters import aws
from vigie.domain.clients import Recipient
from vigie.domain.costs.prices import price_table
from vigie.domain.costs.spending import unit_work
from vigie.domain.cutoffs import Interval
from vigie.domain.matching import Decision, Pair
from vigie.domain.mentions import ClientMatch
from vigie.messages import encode
from vigie.ports import DueDigest

BUSINESSES, SPOKEN_OF = 1_000, 3  # one in three has been spoken of since the day before
ROOMS = ("", "envois", "recherche?q=four", "veilles", "destinataires", "abonnement")
PAGES = 20  # of each room
TICK_SECONDS, CUTOFF_SECONDS, MAILS_PER_SECOND = 60, 15 * 60, 10.0
FUNCTION_GB = {"digest": 0.5, "site": 1.0}  # the template's memory

# A business's month, as the default rhythm has it: a mail the day somebody speaks, else one a week.
MONTH = {"mention": 12, "mail": 8}
DIGESTS_LOOKED_AT, PAGE_VIEWS = 30, 15
AT_MOST_USD = 0.05


def main() -> None:
    """Found the businesses, have all their digests at one hour, open their pages, price a month."""
    with _stack() as stack:
        began = time.perf_counter()
        _found()
        print(f"{BUSINESSES} businesses founded in {time.perf_counter() - began:.0f} s")
        meter = Meter(aws.dynamodb(), aws.s3())
        built, digest_seconds = _digests(stack, meter)
        pages = _pages(stack, meter)
    late = _on_time(built, digest_seconds)
    views = [second for seconds in pages.values() for second in seconds]
    for room, seconds in pages.items():
        print(
            f"  /espace/{room:<20} median {statistics.median(seconds) * 1e3:>5.0f} ms, p95 {_p95(seconds):>5.0f} ms"
        )
    print(f"pages together: p95 {_p95(views):.0f} ms in this process, the emulated cloud's time included")
    usd = _month(meter.counts, built, digest_seconds / built, len(views), statistics.mean(views))
    if late or usd > AT_MOST_USD:
        raise SystemExit("digests late" if late else f"a business costs {usd:.4f} US$ a month")


def _found() -> None:
    now = wiring.now().replace(microsecond=0)
    _archive(now - timedelta(hours=30))
    for number in range(BUSINESSES):
        client_id = f"commerce-{number:04}"
        people = (Recipient(f"chef@{client_id}.example", "Chef", manager=True),)
        client = a_client(client_id=client_id, name=f"Commerce {number}", recipients=people, created_at=now)
        wiring.accounts().put_client(client)
        wiring.accounts().put_watch(a_watch(client_id=client_id, query=f'"Commerce {number}"'))
        wiring.trials().start_trial(client_id, now)
        closed = Interval(now - timedelta(days=1), now - timedelta(minutes=5))
        due = DueDigest(client_id=client_id, interval=closed, send_at=now + timedelta(minutes=10))
        wiring.digests().schedule(due)
        if number % SPOKEN_OF == 0:
            document = a_document(f"Le four du Commerce {number}", document_id=f"d{number}")
            mention = a_mention(document, recorded_at=now - timedelta(hours=1))
            pair = Pair(position=0, match=ClientMatch(client_id, mention.hits))
            decision = Decision(
                batch_id=f"b{number}",
                part=0,
                decided_at=mention.recorded_at,
                documents=1,
                parked=0,
                pairs=(pair,),
            )
            wiring.ledger().record_decision(decision)
            wiring.mentions().record([replace(mention, client_id=client_id)])


def _archive(at: datetime) -> None:
    """Keep a poll: what is common in the stack is counted over the archive."""
    content = gzip.compress(encode({"batch_id": "b", "documents": [a_document(seen_at=at, published_at=at)]}))
    key = f"archive/{at:%Y/%m/%d/%H}/0001-{at:%Y%m%dT%H%M%S%f}.json.gz"
    wiring.blobs().put(key, content, "application/gzip")


def _digests(stack: Stack, meter: Meter) -> tuple[int, float]:
    """Build all that is due at once, tick by tick; return how many, in how many seconds.

    One tick after the other: on AWS those of several minutes work at once.
    """
    began, done = time.perf_counter(), 0
    with meter.at("digest"):
        while built := stack.call("digest", {})["digests"]:
            done += len(built)
    seconds = time.perf_counter() - began
    if done != BUSINESSES:
        raise SystemExit(f"{done} digests of {BUSINESSES}")
    return done, seconds


def _on_time(built: int, seconds: float) -> bool:
    """Say when the last mail leaves: built from the cut-off on, tick by tick; then at the provider's rate."""
    ready = wiring.settings().settle_seconds + TICK_SECONDS + seconds
    last = max(CUTOFF_SECONDS, ready) + built / MAILS_PER_SECOND
    print(
        f"{built} digests due at one hour: built in {seconds:.0f} s ({1e3 * seconds / built:.0f} ms each), "
        f"{ready:.0f} s after their cut-off; mails leave from {CUTOFF_SECONDS} s on and the last one "
        f"{last - CUTOFF_SECONDS:.0f} s after its hour, at {MAILS_PER_SECOND:g} a second of the provider's"
    )
    return ready > CUTOFF_SECONDS


def _pages(stack: Stack, meter: Meter) -> dict[str, list[float]]:
    """Open each room for some businesses; return the seconds."""
    taken: dict[str, list[float]] = {room: [] for room in ROOMS}
    for number in range(0, PAGES * 3, 3):
        client_id = f"commerce-{number:04}"
        member = Member.of(stack, f"chef@{client_id}.example", client_id)
        for room in ROOMS:
            began = time.perf_counter()
            with meter.at("site"):
                reply = member.get(room)
            taken[room].append(time.perf_counter() - began)
            if reply.status != 200:
                raise SystemExit(f"/espace/{room} answered {reply.status}")
    return taken


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[18] * 1e3


def _month(
    counts: dict[str, Counter[str]], digests: int, digest_seconds: float, views: int, view_seconds: float
) -> float:
    """Print and return what a business costs a month, without what its sources cost, which all share."""
    prices, units = price_table(), unit_work()
    lines = {f"{number} {kind}s": number * prices.of(units[kind]) for kind, number in MONTH.items()}
    for stage, number, each, seconds in (
        ("digest", DIGESTS_LOOKED_AT, digests, digest_seconds),
        ("site", PAGE_VIEWS, views, view_seconds),
    ):
        work = {
            kind: counts[stage][kind] / each
            for kind in ("dynamodb_read_units", "dynamodb_write_units", "s3_gets", "s3_puts")
        }
        work["lambda_gb_seconds"] = FUNCTION_GB[stage] * (
            seconds + CALL_SECONDS * counts[stage]["waits"] / each
        )
        work["lambda_requests"] = 1
        lines[f"{number} {'digests looked at' if stage == 'digest' else 'pages'}"] = number * prices.of(work)
    for name, usd in lines.items():
        print(f"  {name:<24}{usd * 100:>8.4f} US cents")
    total = sum(lines.values())
    verdict = "ok" if total <= AT_MOST_USD else "FAILED"
    print(
        f"a business's month: {total * 100:.3f} US cents without sources, at most {AT_MOST_USD * 100:g}: {verdict}"
    )
    print(
        f"public prices of {prices.as_of}, {prices.region}; requests counted on the real stores, time of this machine"
    )
    return total


@contextmanager
def _stack() -> Iterator[Stack]:
    """Run an empty stack on an emulated cloud of its own."""
    before = dict(os.environ)
    with Emulator(port=0) as emulator:
        os.environ.update(emulator.environment())
        for client in AWS_CLIENTS:
            client.cache_clear()
        cloud = Cloud(emulator)
        try:
            queues = {name: cloud.queue() for name in QUEUES}
            settings = {f"{name}_table": cloud.table() for name in TABLES}
            settings |= {f"{name}_queue_url": url for name, url in queues.items()}
            settings |= {f"{name}_function": cloud.function() for name in ("alert", "send", "backtest")}
            settings |= {"bucket": cloud.bucket(), "site_url": "https://veille.example/v1", "locale": "fr"}
            settings |= {
                "link_secret_name": f"/{uuid4().hex}/link",
                "stripe_secret_name": f"/{uuid4().hex}/stripe",
            }
            os.environ.update({f"VIGIE_{name.upper()}": value for name, value in settings.items()})
            _forget()
            yield _Quiet(queues)
        finally:
            os.environ.clear()
            os.environ.update(before)
            for client in AWS_CLIENTS:
                client.cache_clear()
            _forget()


class _Quiet(Stack):
    """A stack whose functions' log lines are not printed."""

    def call(self, function: str, event: dict[str, object]) -> object:
        """Call a function's real handler."""
        app = importlib.import_module(f"functions.{function}.app")
        app.logger.setLevel("ERROR")
        return app.handler(event, Context())


def _forget() -> None:
    for value in vars(wiring).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


if __name__ == "__main__":
    main()
