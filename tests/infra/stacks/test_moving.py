"""A client moves from one deployed stack to another, as its runbook says."""

from pathlib import Path

import pytest

from infra import functions
from tests.functions.test_client_data import OURS, THEIRS, fill, run, seen
from tests.infra.stacks.conftest import Ops
from tests.infra.stacks.test_side_by_side import inside, stack_of
from vigie import wiring


@pytest.mark.emulator
@pytest.mark.stacks
def test_a_client_moves_between_stacks(ops: Ops, tmp_path: Path) -> None:
    """All it owns is in the new stack as it was, and gets a digest there; the old one forgets it, and it alone."""
    for name in ("mole", "nasse"):
        ops.write(name)
        code, _, told = ops.run("deploy", name, "--yes")
        assert code == 0, told
    old, new = stack_of(ops, "mole"), stack_of(ops, "nasse")
    file = str(tmp_path / f"{OURS}.zip")
    with inside(old):
        fill()
        left, stays = seen(OURS), seen(THEIRS)
        assert run("client", "export", OURS, "--out", file)[0] == 0
    with inside(new):
        assert run("client", "import", file)[0] == 0
        arrived = seen(OURS)
        assert (arrived, wiring.accounts().client(THEIRS)) == (left, None)
        assert len(arrived["mentions"]) == len(arrived["alerts"]) == 1
        assert [client.client_id for client in wiring.accounts().clients()] == sorted([OURS, "nasse"])
    functions.invoke(
        ops.account.client("lambda"), new.outputs["DigestFunction"], {"cutoff_at": "now", "clients": [OURS]}
    )
    with inside(old):
        assert run("client", "erase", OURS, "--confirm", OURS, "--by", "Ops")[0] == 0
        assert wiring.accounts().client(OURS) is None
        assert seen(THEIRS) == stays
    with inside(new):
        client = wiring.accounts().client(OURS)
        assert client is not None
        assert len(wiring.desk().digest_entries(client)) == 1
