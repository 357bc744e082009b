"""A deployment whose smoke test fails is taken back: an update to what ran before, a first one to nothing."""

from pathlib import Path

import pytest

from infra.local.deploy import Deployment
from infra.stacks.entering import entered
from infra.stacks.formation import StackTrouble
from infra.template import Template
from tests.infra.stacks.conftest import PATIENCE_SECONDS, Ops, file_of
from vigie import wiring


@pytest.fixture
def broken(code: Path) -> Path:
    """Return a checkout in which nothing is ever scheduled."""
    planted = 'def handler(event, context):\n    raise RuntimeError("planted")\n'
    (code / "functions" / "schedule" / "app.py").write_text(planted)
    return code


@pytest.mark.emulator
@pytest.mark.stacks
def test_what_does_not_work_is_taken_back(ops: Ops, built_layer: Path, broken: Path) -> None:
    """The former code and parameters run again, nothing was seeded, and the error says what failed where."""
    template = Template.read().document
    operations = ops.operations(PATIENCE_SECONDS)
    good = operations.artefacts.release(template, built_layer)
    bad = operations.artefacts.release(template, built_layer, broken)
    file = file_of(ops.write("dune"))
    operations.deploy(file, good)
    before = operations.formation.stack(file.stack)
    assert before is not None
    code = _code(ops, before.outputs["ScheduleFunction"])
    changed = file_of(ops.write("dune", name="Autre nom", retention={"logs_days": 7}))
    with pytest.raises(StackTrouble, match=r"vigie-dune: ScheduleFunction failed: .*planted.* Rolled back\."):
        operations.deploy(changed, bad)
    after = operations.formation.stack(file.stack)
    assert after is not None
    assert after.parameters == before.parameters
    assert operations.formation.template(file.stack)["Metadata"]["Release"] == good.release_id
    assert _code(ops, after.outputs["ScheduleFunction"]) == code
    with entered(Deployment(after.name, after.outputs).settings(after.parameters)):
        assert [(client.client_id, client.name) for client in wiring.accounts().clients()] == [
            ("dune", "Dune")
        ]


@pytest.mark.emulator
@pytest.mark.stacks
def test_a_first_deployment_that_does_not_work_leaves_nothing(ops: Ops, built_layer: Path) -> None:
    """Neither the stack nor the tables that it made, which are protected, stay behind."""
    operations = ops.operations(0.0)
    release = operations.artefacts.release(Template.read().document, built_layer)
    with pytest.raises(
        StackTrouble, match=r"vigie-epave: the article of the smoke test is no mention.* Rolled back"
    ):
        operations.deploy(file_of(ops.write("epave")), release)
    assert operations.formation.stack("vigie-epave") is None
    tables = ops.account.client("dynamodb").list_tables()["TableNames"]
    buckets = [bucket["Name"] for bucket in ops.account.client("s3").list_buckets()["Buckets"]]
    assert not [name for name in (*tables, *buckets) if "epave" in name]


def _code(ops: Ops, function: str) -> str:
    return str(ops.account.client("lambda").get_function_configuration(FunctionName=function)["CodeSha256"])
