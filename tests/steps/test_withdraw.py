"""What is taken back is shown to nobody, and the ledger still adds up."""

import pytest

from tests.builders import A_DAY, CUTOFF, a_client, a_document, a_mention
from tests.fakes import World
from vigie.domain.ledger import Evaluated, close_interval
from vigie.domain.sources import Odometer
from vigie.messages import DocumentsWithdrawn
from vigie.steps.withdraw import Withdraw


@pytest.mark.parametrize("early", [True, False])
def test_a_document_is_withdrawn_for_every_client_and_counted(early: bool) -> None:
    """Each client's mention is blank, held as withdrawn, and in the ledger's sum; twice changes nothing."""
    world = World()
    message = DocumentsWithdrawn(withdrawn_at=CUTOFF, document_ids=("doc",))
    step = Withdraw(accounts=world.accounts, mentions=world.mentions)
    mentions = [a_mention(a_document(document_id="doc"), client_id=name) for name in ("abeille", "ours")]
    for name in ("abeille", "ours"):
        world.accounts.put_client(a_client(client_id=name))
    if early:
        step.run(message)
    world.mentions.record(mentions)
    for _ in range(2):
        assert step.run(message).withdrawn == 1
    for name in ("abeille", "ours"):
        (found,) = world.mentions.recorded_in(name, A_DAY)
        assert (found.document.title, found.held_reason) == ("", "withdrawn")
        ledger = close_interval(
            polls=Odometer(), evaluated=[Evaluated(1, 0)], matched=1, mentions=[found], carried_in=0
        )
        assert (ledger.check(), ledger.held) == ([], {"withdrawn": 1})
