"""A feed that is pushed, from its first poll to the end of its lease: real HTTP to a stub hub, a clock of ours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.journal import Crash
from tests.pipeline.pushed_stack import SHARD, SOURCE, PushedStack
from tests.pipeline.spine import LEASE_SECONDS
from tests.pipeline.stub_hub import CHALLENGE, HUB, TOPIC, StubHub, serving
from vigie.domain.documents import Document
from vigie.errors import Busy
from vigie.messages import DocumentsFetched, FeedPushed, open_each

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_first_poll_subscribes_and_the_hub_verifies(stack: PushedStack) -> None:
    """The feed names its hub; the hub is asked once, calls back, and the subscription holds for its lease."""
    report = stack.tick()
    assert (report.documents, report.hubs_asked, report.hubs_refused) == (20, 1, {})
    (asked,) = stack.hub.requests
    assert asked["hub.callback"].startswith("http://api.test/v1/websub/")
    assert (asked["hub.topic"], asked["hub.lease_seconds"]) == (TOPIC, "864000")
    assert stack.hub.answers == [(200, CHALLENGE)]
    assert stack.subscription.leased_until == stack.world.clock().replace(microsecond=0) + 5 * DAY
    assert stack.standing == "active"
    assert stack.waits < HOUR
    stack.next_poll()
    assert len(stack.hub.requests) == 1


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_push_is_ingested_like_a_poll(stack: PushedStack, method: str) -> None:
    """What the hub signs, whichever way, is queued, ingested once, known to the next poll, and proves the hub."""
    stack.tick()
    assert stack.fetched() == 20
    answer = stack.hub.publish("Trois guichets ferment", "http://courrier.test/a", method=method)
    assert answer == (202, "")
    assert [report.documents for report in stack.deliver()] == [1]
    assert stack.fetched() == 1
    assert stack.standing == "proven"
    report = stack.next_poll()
    assert (report.documents, report.gaps, report.missed) == (0, (), ())


def test_what_is_pushed_is_polled_once_an_hour(pushed: PushedStack) -> None:
    """A proven hub turns polling into an audit; what it pushes meanwhile arrives at once."""
    pushed.next_poll()
    assert timedelta(minutes=53) < pushed.waits <= HOUR
    before = pushed.hub.feed_requests
    for n in range(5):
        pushed.world.clock.advance(600)
        pushed.hub.publish(f"Nouveau {n}", f"http://courrier.test/n{n}")
        pushed.tick()
        assert [report.documents for report in pushed.deliver()] == [1]
    assert pushed.hub.feed_requests == before
    assert pushed.fetched() == 5
    report = pushed.next_poll()
    assert (report.polled, report.documents, report.missed) == (1, 0, ())


def test_an_audit_that_finds_what_was_not_pushed_ends_the_trust(pushed: PushedStack) -> None:
    """The article is not lost, the source is polled as before, and it takes two pushes to be trusted again."""
    pushed.next_poll()
    pushed.world.clock.advance(60)
    pushed.hub.publish("Passé sous silence", "http://courrier.test/silent", pushed=False)
    report = pushed.next_poll()
    assert (report.documents, report.missed) == (1, ("courrier",))
    assert pushed.standing == "distrusted"
    assert pushed.waits < timedelta(minutes=50)
    for n, expected in enumerate(["distrusted", "proven"]):
        pushed.world.clock.advance(2_400)
        pushed.hub.publish(f"Poussé {n}", f"http://courrier.test/p{n}")
        pushed.deliver()
        assert pushed.standing == expected


def test_a_hub_that_was_late_is_forgiven(pushed: PushedStack) -> None:
    """The push of an article that an audit has just found changes nothing, and gives the trust back."""
    pushed.next_poll()
    pushed.world.clock.advance(60)
    pushed.hub.publish("En retard", "http://courrier.test/late", pushed=False)
    assert pushed.next_poll().missed == ("courrier",)
    pushed.world.clock.advance(120)
    pushed.hub.push(pushed.hub.feed([("En retard", "http://courrier.test/late")]))
    assert [report.documents for report in pushed.deliver()] == [0]
    assert (pushed.standing, pushed.subscription.misses) == ("proven", 0)


def test_a_lease_is_renewed_before_it_ends(pushed: PushedStack) -> None:
    """Polls go on to the renewal, which needs no new trust; the callback stays the same."""
    for _ in range(24 * 6):
        pushed.next_poll()
    callbacks = [request["hub.callback"] for request in pushed.hub.requests]
    assert len(callbacks) == 2
    assert len(set(callbacks)) == 1
    leased_until = pushed.subscription.leased_until
    assert leased_until is not None
    assert leased_until > pushed.world.clock() + 2 * DAY
    assert pushed.standing == "proven"
    assert pushed.waits > timedelta(minutes=50)


def test_without_renewal_polling_is_as_before(pushed: PushedStack) -> None:
    """A hub that refuses to renew is asked again and again, later each time; its lease over, polls are frequent."""
    ends = pushed.subscription.leased_until
    assert ends is not None
    pushed.hub.refuse_with = 503
    while pushed.world.clock() < ends:
        pushed.next_poll()
    assert pushed.world.clock() < ends + timedelta(minutes=15)
    assert pushed.standing == "lapsed"
    assert 3 <= len(pushed.hub.requests) <= 8
    assert pushed.subscription.trouble == "the hub answered 503: "
    day_later = pushed.world.clock() + DAY
    polls = 0
    while pushed.world.clock() < day_later:
        pushed.next_poll()
        polls += 1
    assert polls > 24
    pushed.hub.refuse_with = None
    while pushed.standing == "lapsed":
        pushed.next_poll()
    assert pushed.subscription.trouble is None


def test_a_denial_is_noted_and_polls_go_on(pushed: PushedStack) -> None:
    """A hub that ends a subscription says why, and the source is polled as before."""
    callback = pushed.hub.subscribers[TOPIC].callback
    denial = f"{callback}?hub.mode=denied&hub.topic={TOPIC}&hub.reason=quota"
    assert pushed.hub.call("GET", denial) == (200, "")
    pushed.next_poll()
    assert (pushed.standing, pushed.subscription.trouble) == ("refused", "the hub denied it: quota")
    assert pushed.waits < timedelta(minutes=50)
    assert len(pushed.hub.requests) == 1


@pytest.mark.parametrize("gone", [True, False])
def test_what_is_not_wanted_any_more_is_unsubscribed(pushed: PushedStack, gone: bool) -> None:
    """A source removed, or a feed that names no hub any more: the hub is told, confirms, and all is forgotten."""
    if gone:
        pushed.world.sources.remove_source("courrier")
        pushed.world.clock.advance(600)
        pushed.tick()
    else:
        pushed.hub.names_itself = False
        pushed.next_poll()
    assert [request["hub.mode"] for request in pushed.hub.requests] == ["subscribe", "unsubscribe"]
    assert pushed.hub.answers[-1] == (200, CHALLENGE)
    assert pushed.hub.subscribers == {}
    assert pushed.world.subscriptions.all() == []


def test_another_hub_takes_over(pushed: PushedStack) -> None:
    """When the feed names another hub the old one is left, and the new one has a secret and an address of its own."""
    old = pushed.hub.subscribers[TOPIC]
    document = pushed.hub.feed

    def moved(entries: list[tuple[str, str]] | None = None) -> bytes:
        return document(entries).replace(HUB.encode(), b"http://new.test/")

    pushed.hub.feed = moved  # type: ignore[method-assign]
    pushed.next_poll()
    assert sorted(request["hub.mode"] for request in pushed.hub.requests[1:]) == ["subscribe", "unsubscribe"]
    assert pushed.subscription.hub == "http://new.test/"
    asked = next(request for request in pushed.hub.requests[1:] if request["hub.mode"] == "subscribe")
    assert (asked["hub.callback"], asked["hub.secret"]) != (old.callback, old.secret)
    answer = pushed.hub.call("POST", old.callback, b"<rss/>", {"X-Hub-Signature": "sha1=00"})
    assert (answer[0], pushed.outcomes[-1]) == (202, "dropped: wrong signature")


def test_a_push_waits_while_its_shard_is_polled(stack: PushedStack) -> None:
    """It is queued again for a little later, not left to the queue's long time-out; and is ingested once."""
    stack.tick()
    stack.fetched()
    stack.hub.publish("Trois guichets ferment", "http://courrier.test/a")
    stack.world.sources.acquire(SHARD, "a poll", stack.world.clock(), LEASE_SECONDS)
    (report,) = stack.deliver()
    assert report.put_off
    ((message, delay_seconds),) = stack.world.outbox.sent
    assert isinstance(message, FeedPushed)
    assert (message.tries, delay_seconds) == (1, 15)
    with pytest.raises(Busy):
        stack.arrivals.run(FeedPushed(**{**_fields(message), "tries": 60}), holder="last")
    stack.world.clock.advance(LEASE_SECONDS)
    assert [report.documents for report in stack.deliver()] == [1]


def _fields(message: FeedPushed) -> dict[str, object]:
    return {name: getattr(message, name) for name in message.__struct_fields__}


@pytest.mark.parametrize("when", ["before", "after"])
def test_dying_at_any_write_loses_and_doubles_nothing(when: str) -> None:
    """Whoever dies, poll, webhooks or arrival, at whichever write: each article in one batch, and trust at last."""
    for number in range(1, 40):
        hub = StubHub([(f"Titre {n}", f"http://courrier.test/{n}") for n in range(3)])
        with serving(hub):
            stack = PushedStack(hub)
            stack.world.journal.interrupt(**{when: number})
            batches = _two_pushes(stack)
            assert sorted(title for _, title in batches) == sorted(title for title, _ in hub.entries), number
            assert stack.standing == "proven", number
            if stack.world.journal.armed:
                return  # every write was one to die at
    raise AssertionError("more writes than were tried")


def _two_pushes(stack: PushedStack) -> set[tuple[str, str]]:
    """Poll, subscribe, and be pushed twice; whoever dies is tried again as queue and hub would.

    Return each batch and title: a batch sent twice is one.
    """

    def survive(work: Callable[[], object]) -> None:
        while True:
            try:
                work()
            except Crash:
                stack.world.clock.advance(LEASE_SECONDS)
            else:
                return

    survive(stack.tick)
    while TOPIC not in stack.hub.subscribers:
        stack.world.clock.advance(3_600)
        survive(stack.tick)
    for n in range(2):
        stack.hub.publish(f"Poussé {n}", f"http://courrier.test/p{n}", pushed=False)
        while stack.hub.push(stack.hub.feed(stack.hub.entries[:1]))[0] != 202:
            stack.world.clock.advance(60)
        while pushed := stack.world.outbox.take(FeedPushed):
            for message in pushed:
                survive(lambda message=message: stack.arrivals.run(message, holder=str(stack.world.clock())))
    return {
        (batch.batch_id, document.title)
        for batch in stack.world.outbox.take(DocumentsFetched)
        for document in open_each(batch.documents, Document)
        if isinstance(document, Document)
    }


def test_a_source_that_fails_is_not_subscribed(stack: PushedStack) -> None:
    """A hub is asked for what can be polled; what a failing source wanted waits until it answers again."""
    stack.hub.refuse_with = 500
    stack.tick()
    stack.world.clock.advance(86_400)
    failing = replace(stack.state, failures=2, failure="timeout: too long")
    stack.world.sources.save(SHARD, "fails", [failing], [], stack.world.sources.odometer())
    noted = stack.poll.pushes.note(SHARD, [SOURCE], {SOURCE.source_id: failing}, [])  # type: ignore[union-attr]
    asked = stack.poll.pushes.ask(noted, {SOURCE.source_id: failing})  # type: ignore[union-attr]
    assert (asked.requests, len(stack.hub.requests)) == (0, 1)
