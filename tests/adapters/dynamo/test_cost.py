"""What the stores cost in DynamoDB's units, as the emulator bills them, against what the design allows."""

import hashlib
import math
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.adapters.dynamo.conftest import Line
from tests.builders import A_DAY, CUTOFF, a_document, a_mention, a_source, a_state
from tests.conftest import Cloud
from vigie.adapters.dynamo.ledger import DynamoLedger
from vigie.adapters.dynamo.mentions import DynamoMentions
from vigie.adapters.dynamo.retired import RetiredKeys
from vigie.adapters.dynamo.sources import DynamoSources
from vigie.adapters.dynamo.table import Table
from vigie.domain.identity import WINDOW_KEYS
from vigie.domain.matching import Decision
from vigie.domain.rhythm import Rhythm
from vigie.domain.sources import Odometer, Source, SourceState, SourceWindow

pytestmark = pytest.mark.emulator

FEEDS = 60  # of one shard: a thousand feeds over sixteen


class Meter:
    """Counts the units a client's requests consume.

    Writes as the emulator bills them, which is AWS's way. Reads by AWS's rule from what came back, at half the
    price when they need not be consistent: the emulator bills one for any request.
    """

    def __init__(self, client: Any) -> None:
        self.units: dict[str, float] = defaultdict(float)
        client.meta.events.register("provide-client-params.dynamodb", self._ask)
        client.meta.events.register("after-call.dynamodb", self._read)

    def _ask(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"
        context["keys asked"] = sum(len(entry.get("Keys", [])) for entry in _tables(params))
        asked = [params, *_tables(params)]
        context["price"] = 1 if all(each.get("ConsistentRead", True) for each in asked) else 0.5

    def _read(self, model: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if model.name in {"Query", "Scan"}:
            self.units["read"] += context["price"] * _blocks(sum(map(_size, parsed["Items"])))
        elif model.name == "GetItem":
            self.units["read"] += context["price"] * _blocks(_size(parsed.get("Item", {})))
        elif model.name == "BatchGetItem":
            items = [item for items in parsed["Responses"].values() for item in items]
            units = sum(_blocks(_size(item)) for item in items)
            units += context["keys asked"] - len(items)  # what is absent costs one all the same
            self.units["read"] += context["price"] * units
        else:
            consumed = parsed.get("ConsumedCapacity", [])
            for one in consumed if isinstance(consumed, list) else [consumed]:
                self.units["write"] += one["CapacityUnits"]

    def take(self) -> tuple[float, float]:
        """Return write and read units since the last take."""
        taken = (self.units["write"], self.units["read"])
        self.units.clear()
        return taken


def _tables(params: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry for entry in params.get("RequestItems", {}).values() if isinstance(entry, dict)]


def _size(item: dict[str, Any]) -> int:
    values = [next(iter(value.values())) for value in item.values()]
    texts = (value.encode() if isinstance(value, str) else value for value in values)
    return sum(map(len, item)) + sum(1 if isinstance(text, bool) else len(text) for text in texts)


def _blocks(size_bytes: int) -> int:
    return max(1, math.ceil(size_bytes / 4096))


@pytest.fixture
def meter(line: Line) -> Meter:
    """Return a meter on the test's line."""
    return Meter(line.client)


@pytest.mark.parametrize("due", [10, FEEDS])
def test_a_quiet_poll_costs_almost_nothing(line: Line, cloud: Cloud, meter: Meter, due: int) -> None:
    """Unchanged feeds, all or some of a shard's sixty: at most 0.3 write units each, three whatever their number."""
    sources = DynamoSources(line.client, cloud.table())
    followed = [a_source(f"journal-{n:02d}") for n in range(FEEDS)]
    sources.put_sources(followed, 1)
    states = [a_polled_state(source) for source in followed]
    windows = [SourceWindow(s.source_id, tuple(digest_of(s, n)[:16] for n in range(60))) for s in followed]
    sources.save("0000", "poll-0", states, windows, Odometer(polled=FEEDS))
    meter.take()
    sources.acquire("0000", "worker", CUTOFF, 60)
    sources.load("0000")
    asked = [replace(state, polled_at=CUTOFF, succeeded_at=CUTOFF) for state in states[:due]]
    sources.save("0000", "poll-1", asked, [], Odometer(polled=due))
    sources.release("0000", "worker", CUTOFF)
    writes, reads = meter.take()
    assert writes == 3
    assert writes <= 0.3 * due
    assert reads <= 17 + due  # the shard's sources and states, and once more the states of those asked


def test_a_feed_with_news_costs_its_own_item(line: Line, cloud: Cloud, meter: Meter) -> None:
    """One source with two new entries among thirty: its state and window in one write unit, beside the times."""
    sources = DynamoSources(line.client, cloud.table())
    source = a_source()
    sources.put_sources([source], 1)
    meter.take()
    window = SourceWindow(source.source_id, tuple(digest_of(source, n)[:16] for n in range(WINDOW_KEYS)))
    sources.save("0000", "poll-1", [a_polled_state(source)], [window], Odometer(polled=1, fetched=2))
    assert meter.take()[0] == 2


@pytest.mark.parametrize(("documents", "reads_at_most"), [(300, 4), (1_200, 6)])
def test_retired_keys_cost_little(
    line: Line, cloud: Cloud, meter: Meter, documents: int, reads_at_most: int
) -> None:
    """Three keys a document, those of nine retiring at once: a quarter of a write unit for each document.

    Whether one new document is known of old costs a few read units, after hundreds of documents as after thousands.
    """
    retired = RetiredKeys(Table(line.client, cloud.table()))
    source = a_source()
    keys = [digest_of(source, n)[:16] for n in range(3 * documents)]
    for start in range(0, len(keys), 27):
        retired.add(source.source_id, keys[start : start + 27], CUTOFF)
    assert meter.take()[0] / documents <= 0.25
    assert retired.find({source.source_id: keys[:3]}) == {source.source_id: frozenset(keys[:3])}
    assert meter.take()[1] <= reads_at_most


def a_polled_state(source: Source) -> SourceState:
    """Return a state as servers make them: validators and hashes that no compression shortens."""
    return a_state(
        source.source_id,
        etag=f'"{digest_of(source, 0)}"',
        last_modified="Tue, 08 Dec 2026 06:00:00 GMT",
        validators_url=source.url,
        body_sha256=digest_of(source, 1),
        full_at=CUTOFF - timedelta(hours=3),
        next_poll_at=CUTOFF + timedelta(seconds=int(digest_of(source, 2)[:3], 16)),
        rhythm=Rhythm(
            per_day=3.27,
            peak_per_day=48.1,
            window=30,
            burst=2,
            hours=tuple(bytes.fromhex(digest_of(source, 3)[:48].ljust(48, "0"))),
            news_at=CUTOFF - timedelta(hours=1),
        ),
    )


def digest_of(source: Source, number: int) -> str:
    """Return 32 hex digits without order."""
    return hashlib.sha256(f"{source.source_id}{number}".encode()).hexdigest()[:32]


def test_asking_what_is_due_reads_one_page(line: Line, cloud: Cloud, meter: Meter) -> None:
    """Sixteen heads, asked every minute, cost what their bytes weigh together."""
    sources = DynamoSources(line.client, cloud.table())
    sources.put_sources([a_source(f"journal-{n:02d}") for n in range(100)], 16)
    meter.take()
    assert len(sources.heads()) == 16
    assert meter.take() == (0, 1)


def test_a_mention_stays_within_its_budget(line: Line, cloud: Cloud, meter: Meter) -> None:
    """A mention of an ordinary article and its guard: at most 4 of the 12 write units; its day's mark is read."""
    mentions = DynamoMentions(line.client, cloud.table(), retention_days=395)
    sentence = (
        "La Banque d'Armélie ferme l'agence n° {}, ce que le maire de la commune {} regrette vivement. "
    )
    body = "".join(sentence.format(n, n * 31 % 97) for n in range(40))
    some = [a_mention(a_document(f"Article {n}", body=body, summary=body[:300])) for n in range(10)]
    mentions.record(some)
    writes, reads = meter.take()
    assert writes / len(some) <= 4
    assert reads == 0.5
    assert len(mentions.recorded_in("banque-armelie", A_DAY)) == len(some)


def test_a_batch_that_concerns_nobody_costs_two_items(line: Line, cloud: Cloud, meter: Meter) -> None:
    """The decision and its count: two write units, however many documents."""
    ledger = DynamoLedger(line.client, cloud.table())
    ledger.record_decision(Decision(batch_id="b", part=0, decided_at=CUTOFF, pairs=(), documents=25))
    assert meter.take() == (2, 0)
