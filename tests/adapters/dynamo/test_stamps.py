"""A worker that died between a stamp and what it stands for: another one takes up its work, at any time, once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.adapters.dynamo.conftest import Line
from tests.builders import A_DAY, a_document, a_hit, a_mention
from tests.conftest import Cloud
from vigie.adapters.dynamo.ledger import DynamoLedger
from vigie.adapters.dynamo.mentions import DynamoMentions
from vigie.adapters.dynamo.stamps import SHARED_SECONDS, WORKER_SECONDS
from vigie.domain.cutoffs import Interval
from vigie.domain.ledger import Evaluated
from vigie.domain.matching import Decision, Pair
from vigie.domain.mentions import ClientMatch, Mention
from vigie.errors import Transient

pytestmark = pytest.mark.emulator

BEGAN = A_DAY.since
AT_ONCE, SOON, LATER = timedelta(seconds=2), timedelta(seconds=60), timedelta(minutes=6)
OURS = "banque-armelie"


def some_mentions(at: datetime, count: int = 2) -> list[Mention]:
    """Return what a batch comes to when it is handled at an instant."""
    return [a_mention(a_document(f"Titre {n}", document_id=f"doc-{n}"), recorded_at=at) for n in range(count)]


def a_decision(at: datetime) -> Decision:
    """Return what is decided of a batch at an instant: it concerns two clients."""
    hit = a_hit(a_document("La Banque d'Armélie recrute"))
    pairs = tuple(Pair(position=0, match=ClientMatch(client, (hit,))) for client in (OURS, "union"))
    return Decision(batch_id="batch", part=0, decided_at=at, pairs=pairs, documents=4)


@pytest.mark.parametrize("writes", range(5))  # guard, mark of the day, mention; guard, mention
@pytest.mark.parametrize("after", [AT_ONCE, LATER])
def test_mentions_left_half_recorded_are_recorded(
    line: Line, cloud: Cloud, writes: int, after: timedelta
) -> None:
    """Each is there once, under a stamp that a digest may still be waiting for, however often it comes again."""
    mentions = DynamoMentions(line.client, cloud.table(), retention_days=9)
    with line.dead_after(writes):
        mentions.record(some_mentions(BEGAN))
    again = mentions.record(some_mentions(BEGAN + after))
    assert (again.new, again.seen_before) == (2 - (writes >= 3), [])
    assert mentions.record(some_mentions(BEGAN + 2 * after)).new == 0
    found = mentions.recorded_in(OURS, A_DAY)
    assert sorted(mention.mention_id for mention in found) == ["doc-0", "doc-1"]
    assert [mentions.get(OURS, mention.mention_id) for mention in found] == found
    landed = [mention for mention in found if mention.mention_id >= f"doc-{writes // 2}"]
    allowed = timedelta(seconds=SHARED_SECONDS)
    assert all(BEGAN + after - mention.recorded_at <= allowed for mention in landed)


def test_what_somebody_may_be_about_to_write_is_waited_for(line: Line, cloud: Cloud) -> None:
    """While its worker may live, a stamp is neither written under nor replaced; the delivery comes again."""
    mentions = DynamoMentions(line.client, cloud.table(), retention_days=9)
    ledger = DynamoLedger(line.client, cloud.table())
    with line.dead_after(1):
        mentions.record(some_mentions(BEGAN))
    with line.dead_after(1):
        ledger.record_decision(a_decision(BEGAN))
    for wait in (timedelta(seconds=SHARED_SECONDS + 1), SOON, timedelta(seconds=WORKER_SECONDS * 2)):
        with pytest.raises(Transient):
            mentions.record(some_mentions(BEGAN + wait))
        with pytest.raises(Transient):
            ledger.record_decision(a_decision(BEGAN + wait))
        with pytest.raises(Transient):
            mentions.withdraw(OURS, "doc-0", BEGAN + wait)
    assert mentions.recorded_in(OURS, A_DAY) == []
    assert ledger.evaluated(A_DAY) == []


def test_another_batch_does_not_wait(line: Line, cloud: Cloud) -> None:
    """A document whose recording another batch left half done was seen before."""
    mentions = DynamoMentions(line.client, cloud.table(), retention_days=9)
    with line.dead_after(1):
        mentions.record(some_mentions(BEGAN, 1))
    other = replace(some_mentions(BEGAN + SOON, 1)[0], batch_id="another.0")
    assert mentions.record([other]).seen_before == [other]


@pytest.mark.parametrize("writes", range(4))
def test_what_is_withdrawn_meanwhile_is_recorded_blank(line: Line, cloud: Cloud, writes: int) -> None:
    """Wherever two workers died, one before the withdrawal and one after it, no text of it is there in the end."""
    mentions = DynamoMentions(line.client, cloud.table(), retention_days=9)
    with line.dead_after(min(writes, 1)):
        mentions.record(some_mentions(BEGAN, 1))
    mentions.withdraw(OURS, "doc-0", BEGAN + LATER)
    with line.dead_after(writes):
        mentions.record(some_mentions(BEGAN + 2 * LATER, 1))
    mentions.record(some_mentions(BEGAN + 3 * LATER, 1))
    (found,) = mentions.recorded_in(OURS, A_DAY)
    assert (found.document.title, found.document.url, found.held_reason) == ("", "", "withdrawn")


@pytest.mark.parametrize("writes", [1, 2])
@pytest.mark.parametrize("after", [AT_ONCE, LATER])
def test_a_decision_left_uncounted_is_counted_once(
    line: Line, cloud: Cloud, writes: int, after: timedelta
) -> None:
    """The first decision stands; its counts stand under a stamp that a digest may still be waiting for."""
    ledger = DynamoLedger(line.client, cloud.table())
    with line.dead_after(writes):
        ledger.record_decision(a_decision(BEGAN))
    with line.dead_after(1):  # the second dies between its own stamp and the counts, if it made one
        ledger.record_decision(replace(a_decision(BEGAN + after), documents=99))
    last = BEGAN + 2 * after
    for _ in range(2):
        assert ledger.record_decision(replace(a_decision(last), documents=99)) == a_decision(BEGAN)
    assert ledger.evaluated(A_DAY) == [Evaluated(4)]
    assert (ledger.matched(OURS, A_DAY), ledger.matched("union", A_DAY)) == (1, 1)
    if (writes, after) == (1, LATER):
        assert ledger.evaluated(Interval(BEGAN, last)) == []


def test_counts_that_landed_stay_where_they_are(line: Line, cloud: Cloud) -> None:
    """Of counts of which some landed, only the others get another stamp: what a digest summed stays summed."""
    table = cloud.table()
    ledger = DynamoLedger(line.client, table)
    ledger.record_decision(a_decision(BEGAN))
    own = {"pk": {"S": "CLIENT#union"}}
    (lost,) = line.client.query(
        TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": own["pk"]}
    )["Items"]
    line.client.delete_item(TableName=table, Key={name: lost[name] for name in ("pk", "sk")})
    for n in (1, 2):
        ledger.record_decision(a_decision(BEGAN + n * LATER))
    before = Interval(BEGAN, BEGAN + LATER)
    assert (ledger.evaluated(before), ledger.matched(OURS, before)) == ([Evaluated(4)], 1)
    assert (ledger.matched("union", before), ledger.matched("union", A_DAY)) == (0, 1)
    assert (ledger.evaluated(A_DAY), ledger.matched(OURS, A_DAY)) == ([Evaluated(4)], 1)
