"""What is done with one stack, where no worker need run: what would be lost, and what stays when a stack goes."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.stacks.formation import Stack, StackTrouble
from infra.stacks.operations import Operations
from infra.stacks.parameters import parameters
from infra.template import Template
from tests.infra.stacks.conftest import Ops, file_of

TEMPLATE = Template.read().document


@pytest.fixture
def empty_layer(tmp_path: Path) -> Path:
    """Return a layer with nothing in it."""
    path = tmp_path / "layer.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("python/nothing.py", "")
    return path


def made(ops: Ops, operations: Operations, name: str, layer: Path) -> Stack:
    """Make a stack without trying it."""
    file = file_of(ops.write(name))
    release = operations.artefacts.release(TEMPLATE, layer)
    values = parameters(file, TEMPLATE["Parameters"], local=True)
    change_set = operations.formation.prepare(file.stack, release, values, {"Client": file.client})
    return operations.formation.execute(change_set)


def with_resource(name: str, **properties: Any) -> Mapping[str, Any]:
    """Return the template with other properties of one resource."""
    resource = TEMPLATE["Resources"][name]
    changed = {**resource, "Properties": {**resource["Properties"], **properties}}
    return {**TEMPLATE, "Resources": {**TEMPLATE["Resources"], name: changed}}


@pytest.mark.emulator
@pytest.mark.stacks
def test_what_holds_data_is_not_replaced_by_the_way(ops: Ops, empty_layer: Path) -> None:
    """A queue under another name is another queue: the deployment stops, and nothing has changed."""
    operations = ops.operations(0.0)
    before = made(ops, operations, "marais", empty_layer)
    release = operations.artefacts.release(with_resource("ShardsQueue", QueueName="autre"), empty_layer)
    with pytest.raises(
        StackTrouble, match=r"what ShardsQueue holds would be left behind: name each with --replace"
    ):
        operations.deploy(file_of(ops.folder / "marais.yaml"), release)
    assert operations.formation.stack("vigie-marais") == before


@pytest.mark.emulator
@pytest.mark.stacks
def test_what_a_stack_holds_stays_until_it_is_named(ops: Ops, empty_layer: Path, tmp_path: Path) -> None:
    """Destroyed, it leaves its tables and bucket; the same command, with the name, goes on from the export."""
    operations = ops.operations(0.0)
    outputs = made(ops, operations, "nasse", empty_layer).outputs
    dynamo = ops.account.client("dynamodb")
    item = {"pk": {"S": "CLIENT#nasse"}, "sk": {"S": "PROFILE"}, "data": {"B": b"\x00\xff"}}
    dynamo.put_item(TableName=outputs["AccountsTable"], Item=item)
    ops.account.client("s3").put_object(Bucket=outputs["Bucket"], Key="clients/nasse/digests/1", Body=b"{}")
    ops.account.client("ssm").put_parameter(Name="/vigie-nasse/smtp", Value="x", Type="SecureString")
    folder = tmp_path / "export"
    code, lines, told = ops.run("destroy", "nasse", "--to", str(folder), "--yes")
    assert code == 0, told
    assert operations.formation.stack("vigie-nasse") is None
    assert {outputs["AccountsTable"], outputs["Bucket"]} <= set(lines[-1]["left"])
    assert outputs["AccountsTable"] in dynamo.list_tables()["TableNames"]
    (line,) = (folder / "tables" / "AccountsTable.jsonl").read_text().splitlines()
    assert json.loads(line)["data"] == {"B": "AP8="}
    assert (folder / "bucket" / "clients" / "nasse" / "digests" / "1").read_bytes() == b"{}"

    code, lines, told = ops.run("destroy", "nasse", "--to", str(folder), "--erase", "nasse", "--yes")
    assert code == 0, told
    assert {outputs["AccountsTable"], outputs["Bucket"], "/vigie-nasse/smtp"} <= set(lines[-1]["erased"])
    assert outputs["AccountsTable"] not in dynamo.list_tables()["TableNames"]


@pytest.mark.emulator
@pytest.mark.stacks
def test_a_folder_that_holds_something_is_left_alone(ops: Ops, empty_layer: Path, tmp_path: Path) -> None:
    """An export is never mixed with what is there; the stack stays."""
    operations = ops.operations(0.0)
    made(ops, operations, "oye", empty_layer)
    (tmp_path / "kept.txt").write_text("x")
    code, _, told = ops.run("destroy", "oye", "--to", str(tmp_path), "--yes")
    assert code == 1
    assert "is not empty: give a new folder with --to" in told
    assert operations.formation.stack("vigie-oye") is not None
