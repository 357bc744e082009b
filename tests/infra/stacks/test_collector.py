"""A collector and a subscriber on one emulated account: their real templates, topic, queues and buckets."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.deploy import Deployment
from infra.stacks.entering import entered
from infra.stacks.formation import Formation, Stack
from tests.builders import a_client, a_source, a_watch
from tests.infra.stacks.conftest import Ops
from vigie import wiring
from vigie.domain.collected import QUIET_AFTER
from vigie.domain.cutoffs import Interval
from vigie.domain.documents import Document
from vigie.messages import ShardDue
from vigie.steps.archive import sample_documents

SOURCE_ID = "le-courrier"
LARGE = "Un long récit de mer. " * 4_000  # more than a message holds


def deploy(ops: Ops, name: str, **options: str) -> Stack:
    """Deploy a client's stack with some options, and return it."""
    ops.write(name, options=options)
    code, _, told = ops.run("deploy", name, "--yes")
    assert code == 0, told
    stack = Formation(ops.account).stack(f"vigie-{name}")
    assert stack is not None
    return stack


def lay_out(ops: Ops, bucket: str, *articles: tuple[str, str]) -> str:
    """Put a feed of (title, text) articles where workers may fetch it; return its address."""
    items = "".join(
        f"<item><title>{title}</title><link>https://courrier.example/{number}</link>"
        f"<description>{text}</description></item>"
        for number, (title, text) in enumerate(articles)
    )
    body = f'<rss version="2.0"><channel><title>f</title>{items}</channel></rss>'.encode()
    ops.account.client("s3").put_object(Bucket=bucket, Key="courrier.xml", Body=body)
    return ops.account.lent_url(bucket, "courrier.xml")


def until(done: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.3)


def ask_to_poll() -> None:
    """Have the source's shard polled, all of it."""
    shard = wiring.sources().place(SOURCE_ID)
    assert shard is not None
    wiring.outbox().send([ShardDue(shard=shard, due_at=wiring.now(), force=True)])


def titles() -> list[str]:
    """Return the titles of the subscriber's mentions."""
    now = datetime.now(UTC)
    found = wiring.mentions().recorded_in("morel", Interval(now - timedelta(days=1), now + timedelta(days=1)))
    return [mention.document.title for mention in found]


def archived() -> list[Document]:
    """Return what the entered stack's own archive holds."""
    return sample_documents(wiring.blobs(), wiring.blobs().keys("archive/"), 500)


def left_to_the_collector() -> bool:
    """Return whether the subscriber's state of the source is as it was heard, and not as a poll leaves it."""
    state = wiring.sources().states()[SOURCE_ID]
    assert state.polled_at is not None
    return state.next_poll_at == state.polled_at + QUIET_AFTER


@pytest.mark.emulator
@pytest.mark.stacks
def test_what_one_stack_polls_is_a_mention_in_the_other(ops: Ops) -> None:
    """Heard by the topic, left to the collector, filled from its archive; a large article is read from its bucket."""
    collector = deploy(
        ops, "collecteur", collector="self", collector_readers="arn:aws:iam::*:role/vigie-abonne-*"
    )
    topic, bucket = collector.outputs["CollectedTopic"], collector.outputs["Bucket"]
    subscriber = deploy(ops, "abonne", collector=topic, collector_bucket=bucket)
    here = Deployment(collector.name, collector.outputs).settings(collector.parameters)
    there = Deployment(subscriber.name, subscriber.outputs).settings(subscriber.parameters)

    source = a_source(SOURCE_ID, url=lay_out(ops, bucket, ("Vieux guichet", "Il y a longtemps.")))
    with entered(here):
        wiring.sources().put_sources([source], wiring.settings().shard_count)
        ask_to_poll()
        until(lambda: SOURCE_ID in wiring.sources().states())
        heartbeat = wiring.heartbeat()
        assert heartbeat is not None
        assert heartbeat.run() == 1

    with entered(there):
        until(lambda: (heard := wiring.collector_store().heard()) and heard.covers(SOURCE_ID, wiring.now()))
        wiring.accounts().put_client(a_client(client_id="morel"))
        wiring.accounts().put_watch(a_watch("w", client_id="morel", query="guichet"))
        wiring.sources().put_sources([source], wiring.settings().shard_count)
        ask_to_poll()
        until(lambda: SOURCE_ID in wiring.sources().states())
        until(lambda: any("Vieux guichet" in each.title for each in archived()))
        assert left_to_the_collector()

    lay_out(ops, bucket, ("Vieux guichet", "Il y a longtemps."), ("Guichet neuf", LARGE))
    with entered(here):
        ask_to_poll()
    with entered(there):
        until(lambda: titles() == ["Guichet neuf"])
        assert left_to_the_collector()
        assert wiring.ledger().parked() == []
