"""Listing 100 of a client's mentions and searching among them, through the API's handler on the emulated cloud.

One client's mentions of a year, texts of 60 words out of 5,000 (Zipf), each packed as the table keeps it, with its
guard and its day's mark. A call is a whole request: key, client, mentions, stories of today, corrections, JSON.
Milliseconds are wall clock: of the whole call, which is what has a target, and of what is ours, without the wait for
the emulator, which goes through every item of a partition for each query. Read units are counted as DynamoDB bills
them (``infra.read_units``). ``python -m benchmarks.api_listing 100000`` takes five minutes, most of
them to load and to index.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from infra.functions import get_event
from infra.local.emulator import Emulator
from infra.read_units import counted
from vigie import wiring
from vigie.adapters import aws
from vigie.adapters.dynamo.mention_partitions import MentionDays, guard_key, key_of, sort_key
from vigie.adapters.dynamo.table import Table
from vigie.adapters.dynamo.values import pack
from vigie.domain.clients import Client
from vigie.domain.documents import Document
from vigie.domain.mentions import Evidence, Label, Labels, Mention, StoryRef, WatchHit

MENTIONS = 3_000
DAYS = 365
LISTINGS, SEARCHES = 100, 25
CLIENT = "banque-armelie"
P99_LIMIT_MS = 150
SEARCH_LIMIT_UNITS = 50


@dataclass
class Asked:
    """What some calls of one kind cost."""

    milliseconds: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    units: list[float] = field(default_factory=list)
    found: int = 0

    def line(self, name: str) -> str:
        """Return the figures in a line."""
        return (
            f"{name:<34} {_rank(self.milliseconds, 50):>6.0f} {_rank(self.milliseconds, 99):>6.0f}"
            f" {_rank(self.own, 50):>8.0f} {_rank(self.own, 99):>6.0f}"
            f" {statistics.median(self.units):>9.1f} {max(self.units):>6.1f} {self.found:>8}"
        )

    @property
    def p99(self) -> float:
        """The slowest whole call but one in a hundred, in milliseconds."""
        return _rank(self.milliseconds, 99)


def _rank(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def main(mentions: int = MENTIONS) -> None:
    """Load, measure and print; exit with what missed its target."""
    with stack():
        key = load(mentions)
        start = time.perf_counter()
        report = wiring.index_mentions().run()
        print(
            f"indexed {report.mentions:,} mentions in {time.perf_counter() - start:.0f} s, {report.segments} segments"
        )
        print(
            f"\n{mentions:,} mentions, {LISTINGS} listings and {SEARCHES} searches of each kind;"
            " ms of the call, ms that are ours, read units"
        )
        print(f"{'':<34} {'p50':>6} {'p99':>6} {'p50':>8} {'p99':>6} {'p50':>9} {'max':>6} {'found':>8}")
        first = measure(key, LISTINGS, lambda _: {"limit": "100"})
        print(first.line("100, newest"))
        deep = measure(key, LISTINGS, deep_pages(key))
        print(deep.line("100, page after page"))
        filtered = measure(key, SEARCHES, lambda _: {"limit": "100", "tone": "negative"})
        print(filtered.line("100 of a tone"))
        common = measure(key, SEARCHES, lambda n: {"q": f"mot{n % 20}"})
        print(common.line("search: a common word"))
        rare = measure(key, SEARCHES, lambda n: {"q": f"mot{4000 + n} OR mot{3000 + n}"})
        print(rare.line("search: rare words, all the days"))
        phrase = measure(key, SEARCHES, lambda n: {"q": f'"mot{n % 5} mot{n % 7}" AND tonalité'})
        print(phrase.line("search: a phrase and a word"))
    missed = [
        f"{name}: p99 {each.p99:.0f} ms, over {P99_LIMIT_MS}"
        for name, each in (("newest", first), ("page after page", deep))
        if each.p99 > P99_LIMIT_MS
    ]
    dearest = max(max(each.units) for each in (common, rare, phrase))
    missed += [f"a search cost {dearest} read units"] if dearest > SEARCH_LIMIT_UNITS else []
    if missed:
        raise SystemExit("; ".join(missed))


@contextmanager
def stack() -> Iterator[None]:
    """Run an empty stack's tables and bucket, and let wiring find them."""
    with Emulator(port=0) as emulator:
        os.environ.update(emulator.environment())
        for client in (aws.dynamodb, aws.s3):
            client.cache_clear()
        for name in ("accounts", "mentions", "stories", "digests", "ledger", "sources"):
            os.environ[f"VIGIE_{name.upper()}_TABLE"] = _table(f"{name}-{uuid4().hex}")
        os.environ["VIGIE_BUCKET"] = bucket = f"bucket-{uuid4().hex}"
        os.environ["VIGIE_KEY_REQUESTS_PER_MINUTE"] = "1000000"
        aws.s3().create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
        yield


def _table(name: str) -> str:
    aws.dynamodb().create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
    )
    return name


def load(count: int) -> str:
    """Put a client and its mentions, spread over the days; return its key."""
    now = datetime.now(UTC)
    wiring.accounts().put_client(
        Client(client_id=CLIENT, name="Banque d'Armélie", created_at=now - timedelta(days=DAYS))
    )
    start, chance = time.perf_counter(), random.Random(1)
    words = [f"mot{rank}" for rank in range(5_000)]
    weights = [1 / (rank + 1) for rank in range(5_000)]
    step = timedelta(days=DAYS) / (count + 1)
    table = Table(aws.dynamodb(), wiring.settings().mentions_table)
    some = (mention_of(n, now - step * (n + 1), chance.choices(words, weights, k=60)) for n in range(count))
    table.write_many(item for mention in some for item in _items(mention))
    days = MentionDays(table, retention_days=DAYS + 30)
    for n in range(DAYS + 1):
        days.mark(CLIENT, (now - timedelta(days=n)).date())
    print(f"loaded {count:,} mentions in {time.perf_counter() - start:.0f} s")
    return wiring.desk().issue_key(CLIENT)


def mention_of(n: int, at: datetime, words: list[str]) -> Mention:
    """Return a mention with a text of those words."""
    document = Document(
        document_id=f"{n:032x}",
        source_id=f"source-{n % 300}",
        source_name=f"Le Courrier {n % 300}",
        url=f"https://courrier-{n % 300}.example/articles/{n}",
        canonical_url=f"https://courrier-{n % 300}.example/articles/{n}",
        title=" ".join(words[:10]),
        summary=" ".join(words[10:]) + " tonalité",
        seen_at=at,
        published_at=at,
    )
    tone = "negative" if n % 5 == 0 else "neutral"
    return Mention(
        client_id=CLIENT,
        batch_id=f"{n}",
        document=document,
        hits=(
            WatchHit(
                watch_id="brand",
                watch_name="Marque",
                purpose="brand",
                evidence=(Evidence("title", 0, len(words[0]), words[0]),),
            ),
        ),
        story=StoryRef(document.document_id, "first"),
        labels=Labels(language=Label("fr", 0.99), tone=Label(tone, 0.9)),
        recorded_at=at,
    )


def _items(mention: Mention) -> list[dict[str, Any]]:
    """Return a mention and its guard."""
    pk, at = key_of(CLIENT, sort_key((mention.recorded_at, mention.mention_id)))
    guard_pk, guard_sk = guard_key(CLIENT, mention.mention_id)
    guard = {"pk": guard_pk, "sk": guard_sk, "at": at, "batch": mention.batch_id}
    return [guard, {"pk": pk, "sk": at, "data": pack(mention)}]


def deep_pages(key: str) -> Callable[[int], dict[str, str]]:
    """Return what asks for page after page, from a year ago on."""
    until = datetime.now(UTC).isoformat()
    since = (datetime.now(UTC) - timedelta(days=DAYS)).isoformat()
    asked = {"limit": "100", "since": since, "until": until}
    cursors: list[str | None] = [None]

    def ask(_: int) -> dict[str, str]:
        query = asked if cursors[-1] is None else {**asked, "cursor": cursors[-1]}
        cursors.append(call(key, query)["cursor"])
        return query

    return ask


def measure(key: str, calls: int, query_of: Callable[[int], dict[str, str]]) -> Asked:
    """Make the calls; each query is made out of the measured time."""
    asked = Asked()
    call(key, query_of(0))
    for n in range(calls):
        query = query_of(n)
        with counted(aws.dynamodb()) as read:
            start = time.perf_counter()
            page = call(key, query)
            asked.milliseconds.append((time.perf_counter() - start) * 1000)
        asked.own.append(asked.milliseconds[-1] - read.seconds * 1000)
        asked.units.append(read.units)
        asked.found += len(page["mentions"])
    return asked


def call(key: str, query: dict[str, str]) -> Any:
    """Send a request as API Gateway does; return the answer read."""
    from functions.api.app import handler

    event = get_event("/clients/{client_id}/mentions", {"client_id": CLIENT}, key, query)
    reply = handler(event, None)  # type: ignore[arg-type]
    assert reply["statusCode"] == 200, reply["body"]
    return json.loads(reply["body"])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
