"""Pushes nobody should believe: real HTTP to the callbacks of a pushed stack."""

import hmac

from tests.pipeline.pushed_stack import PushedStack
from tests.pipeline.stub_hub import TOPIC


def test_a_push_told_twice_or_replayed_is_one_article(pushed: PushedStack) -> None:
    """The same signed bytes again, at once or days later, bring nothing."""
    body = pushed.hub.feed([("Une fois", "http://courrier.test/once")])
    for _ in range(3):
        assert pushed.hub.push(body) == (202, "")
    assert sorted(report.documents for report in pushed.deliver()) == [0, 0, 1]
    pushed.world.clock.advance(3 * 86_400)
    assert pushed.hub.push(body) == (202, "")
    assert [report.documents for report in pushed.deliver()] == [0]
    assert pushed.fetched() == 1


def test_forged_pushes_are_dropped_and_acknowledged(pushed: PushedStack) -> None:
    """Another secret, no signature, or a changed body: the caller learns nothing, nothing is read or queued."""
    body = pushed.hub.feed([("Faux", "http://courrier.test/forged")])
    callback = pushed.hub.subscribers[TOPIC].callback
    assert pushed.hub.push(body, secret="guess") == (202, "")
    assert pushed.hub.call("POST", callback, body) == (202, "")
    assert pushed.hub.call("POST", callback, body, {"X-Hub-Signature": "sha256=" + "0" * 64}) == (202, "")
    assert pushed.outcomes[-3:] == [
        "dropped: wrong signature",
        "dropped: no signature",
        "dropped: wrong signature",
    ]
    assert pushed.deliver() == []


def test_an_unknown_address_is_not_found(pushed: PushedStack) -> None:
    """A token nobody was given, or one of them changed, is answered 404 before anything is read."""
    callback = pushed.hub.subscribers[TOPIC].callback
    for address in ("http://api.test/v1/websub/guess", callback[:-1] + "g", callback[:-1]):
        assert pushed.hub.call("POST", address, b"<rss/>")[0] == 404
        assert (
            pushed.hub.call("GET", f"{address}?hub.mode=subscribe&hub.topic={TOPIC}&hub.challenge=x")[0]
            == 404
        )


def test_ten_megabytes_are_refused(pushed: PushedStack) -> None:
    """A body larger than a push may be is refused, signed or not."""
    assert pushed.hub.push(b"<rss>" + b" " * 10_000_000 + b"</rss>")[0] == 413
    assert pushed.deliver() == []


def test_another_topic_is_neither_verified_nor_taken(pushed: PushedStack) -> None:
    """A hub verifies the very topic we asked for, and pushes of another site's are dropped."""
    callback = pushed.hub.subscribers[TOPIC].callback
    for query in (
        "hub.mode=subscribe&hub.topic=http://other.test/&hub.challenge=x",
        "hub.mode=subscribe&hub.challenge=x",
        f"hub.mode=unsubscribe&hub.topic={TOPIC}&hub.challenge=x",
        f"hub.mode=publish&hub.topic={TOPIC}&hub.challenge=x",
    ):
        assert pushed.hub.call("GET", f"{callback}?{query}") == (404, "")
    assert pushed.hub.call("GET", f"{callback}?hub.mode=subscribe&hub.topic={TOPIC}")[0] == 400
    long = "x" * 3_000
    assert (
        pushed.hub.call("GET", f"{callback}?hub.mode=subscribe&hub.topic={TOPIC}&hub.challenge={long}")[0]
        == 400
    )
    assert pushed.standing == "proven"


def test_a_push_of_another_sites_topic_is_dropped(pushed: PushedStack) -> None:
    """A hub that mixes up its subscribers is not believed, though it signs well."""
    link = {"link": '<http://other.test/rss>; rel="self"'}
    token = pushed.hub.subscribers[TOPIC].callback.rpartition("/")[2]
    body = pushed.hub.feed([])
    secret = pushed.hub.subscribers[TOPIC].secret
    signed = {"x-hub-signature": "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()}
    assert (
        pushed.callbacks.receive(token, {**signed, **link}, body).outcome == "dropped: another site's topic"
    )
    assert pushed.callbacks.receive(token, signed, body).outcome == "queued"


def test_what_is_pushed_and_is_no_feed_proves_nothing(stack: PushedStack) -> None:
    """A signed page of HTML brings nothing, is said, and slows no poll."""
    stack.tick()
    stack.hub.push(b"<!doctype html><html><body>Maintenance</body></html>")
    (report,) = stack.deliver()
    assert report.ingest is not None
    assert report.ingest.problem is not None
    assert stack.standing == "active"
    assert stack.subscription.trouble is not None
    assert stack.subscription.trouble.startswith("pushed what is no feed: ")
