"""A stack on the emulated cloud: the real steps on the real stores, fed by a simulated press on a virtual clock."""

import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from benchmarks.month.counting import Meter
from benchmarks.month.pace import Pace
from benchmarks.press.clock import VirtualClock
from benchmarks.press.publishers import START, draw_feeds
from benchmarks.press.web import Web
from benchmarks.stories.labelled import PLAIN
from benchmarks.stories.newsroom import publish
from tests.builders import a_client
from tests.conftest import Cloud
from tests.fakes import FakeMailer, World
from tests.journal import Journal
from tests.pipeline.spine import Spine
from vigie.adapters import aws
from vigie.adapters.dynamo.accounts import DynamoAccounts
from vigie.adapters.dynamo.addresses import DynamoAddresses
from vigie.adapters.dynamo.alerts import DynamoAlerts
from vigie.adapters.dynamo.deliveries import DynamoDeliveries
from vigie.adapters.dynamo.digests import DynamoDigests
from vigie.adapters.dynamo.feedback import DynamoFeedback
from vigie.adapters.dynamo.ledger import DynamoLedger
from vigie.adapters.dynamo.mentions import DynamoMentions
from vigie.adapters.dynamo.reviews import DynamoReviews
from vigie.adapters.dynamo.sources import DynamoSources
from vigie.adapters.dynamo.stories import DynamoStories
from vigie.adapters.s3 import S3Blobs
from vigie.adapters.sqs import SqsOutbox, kind_of, open_body, schema_in
from vigie.domain.clients import Recipient, Watch
from vigie.domain.documents import Document
from vigie.domain.polling import PollPolicy
from vigie.domain.sources import Source
from vigie.messages import (
    DigestReady,
    DocumentsFetched,
    DocumentsGrouped,
    DocumentsMatched,
    ShardDue,
    encode,
)
from vigie.steps.poll import Poll

STAGES: dict[type, str] = {
    ShardDue: "poll",
    DocumentsFetched: "match",
    DocumentsMatched: "deduplicate",
    DocumentsGrouped: "classify",
    DigestReady: "send",
}
LEASE_SECONDS, BUDGET_SECONDS = 110, 60  # the template's
MATCHED_SHARE = 0.1


class CountedQueues:
    """SQS as the outbox knows it: what is sent is counted as billed, and waits here."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self.waiting: deque[str] = deque()

    def send_message_batch(self, *, QueueUrl: str, Entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: ARG002, N803
        """Take a batch: a request for each 64 KB begun of it; each message is received and deleted by itself."""
        bodies = [entry["MessageBody"] for entry in Entries]
        size = sum(len(body.encode()) for body in bodies)
        self._meter.add("sqs_requests", max(1, -(-size // 65_536)) + 2 * len(bodies))
        self._meter.add("calls")
        self._meter.add("waits")
        self.waiting.extend(bodies)
        return {}


class MeteredStack:
    """One stack; ``hour`` moves its clock on and does all that falls due."""

    def __init__(
        self, cloud: Cloud, *, feeds: int, clients: int, shards: int, days: float, seed: int
    ) -> None:
        self.meter = Meter(aws.dynamodb(), aws.s3())
        self.clock = VirtualClock()
        self.web = Web(draw_feeds(feeds, days, seed), self.clock, Journal())  # nobody dies here
        self.seconds: Counter[str] = Counter()  # of ours, by stage
        self.pace = Pace()
        self.feeds, self._since = feeds, 0.0
        self._texts = list(publish(seed, PLAIN, round(feeds * 60 * days * MATCHED_SHARE) + 50))
        self._matched = 0
        self._documents = 0
        self._tries = 0
        self.world = self._stores(cloud)
        self.queues = CountedQueues(self.meter)
        urls = {kind: kind_of(kind) for kind in STAGES}
        self.world.outbox = SqsOutbox(self.queues, urls, self.world.blobs)  # type: ignore[arg-type]
        self.spine = Spine(self.world, self.web)  # type: ignore[arg-type]  # the press's web answers alike
        self.spine.poll = self._poll()
        self.world.sources.put_sources(
            (
                Source(source_id=f.source_id, name=f.source_id, url=f.url)
                for f in draw_feeds(feeds, days, seed)
            ),
            shards,
        )
        self._add_clients(clients)

    def run_until(self, seconds: float) -> None:
        """Do, minute by minute, what the schedules do."""
        minute = self.clock.seconds
        while minute < seconds:
            self._set(minute)
            with self.meter.at("schedule"):
                due = [head.shard for head in self.world.sources.heads() if self._is_due(head)]
            with self.meter.at("poll"):
                self.world.outbox.send([ShardDue(shard=shard, due_at=self.clock()) for shard in due])
            self._drain()
            if self.world.digests.due(self.clock()):
                with self._at("digest"):
                    self.meter.add("digests", len(self.spine.digest.run()))
                self._drain()
            minute += 60

    @property
    def hours(self) -> float:
        """How long was counted."""
        return (self.clock.seconds - self._since) / 3_600

    def forget(self) -> None:
        """Count from here: what was before was first readings of whole documents."""
        self.meter.counts.clear()
        self.seconds.clear()
        self.pace.forget()
        self._since = self.clock.seconds

    def _is_due(self, head: Any) -> bool:
        now = self.clock()
        return (head.next_due_at is None or head.next_due_at <= now) and (
            head.lease_until is None or head.lease_until <= now
        )

    def _set(self, seconds: float) -> None:
        self.clock.seconds = self.clock.latest = seconds

    def _drain(self) -> None:
        began = self.clock.seconds
        while self.queues.waiting:
            body = self.queues.waiting.popleft()
            kinds = {kind_of(kind): kind for kind in STAGES}
            message: Any = open_body(body, kinds[schema_in(body)], self.world.blobs)
            stage = STAGES[type(message)]
            if isinstance(message, DocumentsFetched):
                message = self._peopled(message)
            with self._at(stage):
                self.meter.add("messages")
                if isinstance(message, DigestReady):
                    self._set(max(self.clock.seconds, (message.send_at - START).total_seconds()))
                self._handle(message)
        self._set(began)

    def _handle(self, message: Any) -> None:
        if not isinstance(message, ShardDue):
            self.spine.deliver_once(message)
            self.meter.add("mentions", len(getattr(message, "items", ())))
            return
        before = self.web.counts["requests"]
        self._tries += 1
        report = self.spine.poll.run(message, holder=f"try-{self._tries}")
        asked = self.web.counts["requests"] - before
        self.meter.add("polls", asked)
        self.meter.add("documents", report.documents)
        self.meter.add("batches", report.documents > 0)

    def _at(self, stage: str) -> Any:
        return _Timed(self, stage)

    def _peopled(self, message: DocumentsFetched) -> DocumentsFetched:
        """Give one document in ten the text of a newsroom and a client's name: what is matched, grouped, labelled."""
        documents = []
        for raw in message.documents:
            document = msgspec.json.decode(raw, type=Document)
            self._documents += 1
            if self._documents * MATCHED_SHARE > self._matched:
                text = self._texts[self._matched % len(self._texts)]
                client = self._matched % self._clients
                self._matched += 1
                document = replace(
                    document, title=f"{text.title} (Client{client})", summary=text.summary, body=text.body
                )
            documents.append(msgspec.Raw(encode(document)))
        return msgspec.structs.replace(message, documents=tuple(documents))

    def _add_clients(self, clients: int) -> None:
        self._clients = clients
        for number in range(clients):
            client_id = f"client-{number}"
            client = a_client(
                client_id=client_id,
                name=f"Client{number}",
                recipients=(Recipient(f"a@{client_id}.example", "A"),),
            )
            self.world.accounts.put_client(client)
            self.world.accounts.put_watch(
                Watch(
                    client_id=client_id,
                    watch_id="brand",
                    name="Marque",
                    purpose="brand",
                    query=f"Client{number}",
                    created_at=START - timedelta(days=30),
                )
            )
            self.spine.appointments.keep(client)

    def _stores(self, cloud: Cloud) -> Any:
        """Return a world whose stores are the real ones."""
        world: Any = World()
        client, sources, mentions, digests = aws.dynamodb(), cloud.table(), cloud.table(), cloud.table()
        world.clock = _Clock(self.clock)
        world.blobs = S3Blobs(aws.s3(), cloud.bucket())
        world.sources = DynamoSources(client, sources)
        world.stories = DynamoStories(client, cloud.table(), retention_days=30, alias_days=395)
        world.ledger = DynamoLedger(client, cloud.table())
        world.mentions = DynamoMentions(client, mentions, retention_days=395)
        world.feedback = DynamoFeedback(client, mentions, retention_days=395)
        world.accounts = DynamoAccounts(client, cloud.table())
        world.digests = DynamoDigests(client, digests, world.blobs, retention_days=395)
        world.deliveries = DynamoDeliveries(client, digests, retention_days=395)
        world.reviews = DynamoReviews(client, digests, retention_days=395)
        world.addresses = DynamoAddresses(client, digests)
        world.alerts = DynamoAlerts(client, digests, retention_days=395)
        world.mailer = FakeMailer(world.journal)
        return world

    def _poll(self) -> Poll:
        return Poll(
            sources=self.world.sources,
            fetcher=self.web.open,
            parse=self.web.parse,
            outbox=self.world.outbox,
            blobs=self.world.blobs,
            clock=self.clock,
            policy=PollPolicy(),
            lease_seconds=LEASE_SECONDS,
            budget_seconds=BUDGET_SECONDS,
            host_spacing_seconds=1.0,
            sleep=self.clock.sleep,
        )


class _Clock:
    """The virtual clock, where steps expect the fakes'."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    def __call__(self) -> datetime:
        return self._clock()

    def advance(self, seconds: float) -> datetime:
        """Move on."""
        self._clock.seconds += seconds
        return self._clock()


class _Timed:
    """A stretch of one stage: what it asks is put down to it, and its time, waiting for the emulator left out."""

    def __init__(self, stack: MeteredStack, stage: str) -> None:
        self._stack, self._stage = stack, stage

    def __enter__(self) -> None:
        self._stage, self._stack.meter.stage = self._stack.meter.stage, self._stage
        self._began = time.process_time()

    def __exit__(self, *_: object) -> None:
        self._stack.seconds[self._stack.meter.stage] += time.process_time() - self._began  # type: ignore[assignment]
        self._stage, self._stack.meter.stage = self._stack.meter.stage, self._stage
        self._stack.pace.sample()
