"""``vigie stack``: what is asked, what is refused, and that nothing happens by the way."""

import io
import json
from pathlib import Path

import pytest

from infra.stacks.formation import Formation
from tests.infra.stacks.conftest import Ops
from vigie import cli
from vigie.cli import checkout


@pytest.mark.emulator
@pytest.mark.stacks
def test_a_plan_leaves_no_trace(ops: Ops) -> None:
    """Of a stack that there is not, everything is shown, and nothing of it is there afterwards."""
    ops.write("grain")
    code, lines, told = ops.run("plan", "grain")
    assert code == 0, told
    assert lines[0] == {
        "kind": "stack",
        "stack": "vigie-grain",
        "action": "create",
        "release": lines[0]["release"],
    }
    assert {line["action"] for line in lines if line["kind"] == "change"} == {"Add"}
    assert (
        ops.account.client("cloudformation").list_stacks(StackStatusFilter=["REVIEW_IN_PROGRESS"])[
            "StackSummaries"
        ]
        == []
    )
    status = ops.run("status", "grain")
    assert status[:2] == (0, [{"kind": "status", "stack": "vigie-grain", "status": "absent"}])


@pytest.mark.emulator
@pytest.mark.stacks
def test_nothing_is_deployed_unasked(ops: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal and without --yes the change set is shown, and not run."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ops.write("houle")
    code, lines, told = ops.run("deploy", "houle")
    assert (code, lines[0]["action"]) == (1, "create")
    assert "Nobody is here to ask: say --yes." in told
    assert Formation(ops.account).stack("vigie-houle") is None


@pytest.mark.emulator
@pytest.mark.stacks
def test_a_secret_that_nobody_put_there_stops_a_deployment(ops: Ops) -> None:
    """With the command that puts it there; once it is, the plan goes on."""
    ops.write("ilot", secrets=["connectors/bluesky"])
    code, lines, told = ops.run("deploy", "ilot", "--yes")
    assert (code, lines) == (1, [])
    assert "aws ssm put-parameter --type SecureString --name /vigie-ilot/connectors/bluesky" in told
    ops.account.client("ssm").put_parameter(
        Name="/vigie-ilot/connectors/bluesky", Value="x", Type="SecureString"
    )
    assert ops.run("plan", "ilot")[0] == 0


@pytest.mark.emulator
@pytest.mark.stacks
def test_an_export_never_goes_into_another(ops: Ops, tmp_path: Path) -> None:
    """A stack that is not there is not found; another's export is not taken for its own."""
    assert (
        ops.run("destroy", "jusant", "--to", str(tmp_path), "--yes")[2]
        == "vigie: There is no stack vigie-jusant.\n"
    )
    (tmp_path / "manifest.json").write_text(json.dumps({"stack": "vigie-grain", "tables": {}, "bucket": "b"}))
    code, _, told = ops.run("destroy", "jusant", "--to", str(tmp_path), "--yes")
    assert code == 1
    assert "holds an export of vigie-grain" in told


@pytest.mark.emulator
@pytest.mark.stacks
def test_a_release_that_there_is_not(ops: Ops) -> None:
    """Going back needs a release that was deployed once."""
    ops.write("lagune")
    assert "There is no release 000000000000" in ops.run("plan", "lagune", "--release", "000000000000")[2]


def test_a_client_is_named_twice_to_erase_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Another name, a mistake, is refused before anything is asked of a cloud."""
    assert cli.main(["stack", "destroy", "anse", "--erase", "brise"]) == 1
    assert "--erase: names brise, and the stack is anse's. Name the client again." in capsys.readouterr().err


def test_the_schema_is_printed_for_editors(capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON Schema."""
    assert cli.main(["stack", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].endswith("2020-12/schema")


def test_outside_a_checkout_there_are_no_such_commands(tmp_path: Path) -> None:
    """Where the package was installed by itself, nothing beside it is looked for."""
    assert list(checkout.commands(tmp_path)) == []
    assert [module.__name__ for module in checkout.commands()] == ["infra.stacks.commands"]
