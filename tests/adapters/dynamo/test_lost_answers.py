"""A request that went through but whose answer got lost is repeated by boto3: nothing may be done twice."""

from datetime import timedelta

import pytest

from tests.adapters.dynamo.conftest import Line
from tests.builders import A_DAY, CUTOFF, a_document, a_mention, a_source, a_state
from tests.conftest import Cloud
from vigie.adapters.dynamo.accounts import DynamoAccounts
from vigie.adapters.dynamo.deliveries import DynamoDeliveries
from vigie.adapters.dynamo.ledger import DynamoLedger
from vigie.adapters.dynamo.mentions import DynamoMentions
from vigie.adapters.dynamo.sources import DynamoSources
from vigie.domain.ledger import Evaluated
from vigie.domain.matching import Decision
from vigie.domain.sources import Odometer
from vigie.ports import ShardHead

pytestmark = pytest.mark.emulator


def test_a_poll_counts_once_whatever_gets_lost(line: Line, cloud: Cloud) -> None:
    """The lease is known to be taken, what the poll counted is counted once, the lease is given back."""
    sources = DynamoSources(line.client, cloud.table())
    sources.put_sources([a_source()], 1)
    line.lose_answers("UpdateItem")
    assert sources.acquire("0000", "worker", CUTOFF, 60) is not None
    line.lose_answers("UpdateItem")
    sources.commit("0000", "worker", "archive/key")
    for poll_id in ("first", "second"):
        line.lose_answers("PutItem")
        sources.save("0000", poll_id, [a_state()], [], Odometer(1, 5, {"dns": 1}))
    line.lose_answers("UpdateItem")
    sources.release("0000", "worker", CUTOFF)
    assert sources.odometer() == Odometer(2, 10, {"dns": 2})
    assert sources.heads() == [ShardHead(shard="0000", next_due_at=CUTOFF)]


def test_a_claim_whose_answer_got_lost_is_ours(line: Line, cloud: Cloud) -> None:
    """The mail goes out at once, not when the claim has run out."""
    deliveries = DynamoDeliveries(line.client, cloud.table(), retention_days=9)
    line.lose_answers("PutItem")
    assert deliveries.claim("client", "key", CUTOFF, 600) == "claimed"
    assert deliveries.claim("client", "key", CUTOFF, 600) == "held"
    line.lose_answers("PutItem", 2)
    assert deliveries.claim("client", "key", CUTOFF + timedelta(hours=1), 600) == "doubtful"


def test_what_is_written_in_two_steps_is_written_once(line: Line, cloud: Cloud) -> None:
    """A mention is there once, whichever of its writes was answered; it is nobody's that came before."""
    mentions = DynamoMentions(line.client, cloud.table(), retention_days=9)
    some = [a_mention(a_document(f"Titre {n}"), recorded_at=A_DAY.since) for n in range(3)]
    line.lose_answers("PutItem", 2)
    assert mentions.record(some).seen_before == []
    assert len(mentions.recorded_in(some[0].client_id, A_DAY)) == 3
    ledger = DynamoLedger(line.client, cloud.table())
    decision = Decision(batch_id="b", part=0, decided_at=A_DAY.since, pairs=(), documents=4)
    for operation in ("PutItem", "BatchWriteItem"):
        line.lose_answers(operation)
        assert ledger.record_decision(decision) == decision
        assert ledger.evaluated(A_DAY) == [Evaluated(4)]


def test_transactions_are_done_once(line: Line, cloud: Cloud) -> None:
    """A version is moved once."""
    accounts = DynamoAccounts(line.client, cloud.table())
    line.lose_answers("TransactWriteItems")
    assert accounts.remove_watch("client", "watch") is False
    assert accounts.watches_version() == "0"
