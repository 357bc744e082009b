"""Three stacks on one emulated account: deployed, one updated, one destroyed; each leaves the others alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.deploy import Deployment
from infra.stacks.entering import entered
from infra.stacks.formation import Formation, Stack
from tests.infra.stacks.clients import RIGHT
from tests.infra.stacks.conftest import Ops
from vigie import wiring
from vigie.requests import WatchRequest

NAMES = ("anse", "brise", "cap")
CHANGED = {**RIGHT["watches"][0], "query": '"le grand phare"'}


def stack_of(ops: Ops, name: str) -> Stack:
    """Return a client's stack."""
    stack = Formation(ops.account).stack(f"vigie-{name}")
    assert stack is not None
    return stack


def inside(stack: Stack) -> Any:
    """Enter a stack."""
    return entered(Deployment(stack.name, stack.outputs).settings(stack.parameters))


def picture(ops: Ops, name: str) -> dict[str, Any]:
    """Return everything of a stack that a deployment of another could disturb."""
    stack = stack_of(ops, name)
    functions = ops.account.client("lambda")
    with inside(stack):
        accounts = wiring.accounts()
        clients = accounts.clients()
        watches = accounts.all_watches()
    return {
        "stack": stack,
        "code": {
            key: functions.get_function_configuration(FunctionName=value)["CodeSha256"]
            for key, value in stack.outputs.items()
            if key.endswith("Function")
        },
        "clients": clients,
        "watches": watches,
        "resources": ops.account.client("cloudformation").describe_stack_resources(StackName=stack.name)[
            "StackResources"
        ],
    }


def of_kind(lines: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Return the lines of one kind."""
    return [line for line in lines if line["kind"] == kind]


@pytest.mark.emulator
@pytest.mark.stacks
def test_three_stacks_side_by_side(ops: Ops, tmp_path: Path) -> None:
    """Deployed and tried by their files; a changed watch changes one; one is exported, destroyed and erased."""
    for name in NAMES:
        ops.write(name)
        code, lines, told = ops.run("deploy", name, "--yes")
        assert code == 0, told
        assert [line["stack"] for line in of_kind(lines, "smoke")] == [f"vigie-{name}"]
    tables = {stack_of(ops, name).outputs["AccountsTable"] for name in NAMES}
    assert len(tables) == 3
    before = {name: picture(ops, name) for name in NAMES}
    assert [[client.client_id for client in each["clients"]] for each in before.values()] == [
        [n] for n in NAMES
    ]

    _a_client_changes_something(ops)
    before["anse"] = picture(ops, "anse")
    ops.write("brise", watches=[CHANGED], retention={"logs_days": 7})
    _plan_shows_and_changes_nothing(ops, before)
    code, lines, told = ops.run("deploy", "brise", "--yes")
    assert code == 0, told
    assert [(line["what"], line["action"]) for line in of_kind(lines, "seed")][-1] == (
        "watches[marque]",
        "update",
    )
    after = {name: picture(ops, name) for name in NAMES}
    assert [watch.query for watch in after["brise"]["watches"]] == ['"le grand phare"']
    assert after["brise"]["stack"].parameters["LogRetentionDays"] == "7"
    assert (after["anse"], after["cap"]) == (before["anse"], before["cap"])

    _destroy(ops, "cap", tmp_path / "export")
    assert {name: picture(ops, name) for name in ("anse", "brise")} == {
        name: after[name] for name in ("anse", "brise")
    }
    _what_the_client_changed_stays(ops)


def _a_client_changes_something(ops: Ops) -> None:
    """Change a watch, and add one, as the API does."""
    with inside(stack_of(ops, "anse")):
        client = wiring.accounts().client("anse")
        assert client is not None
        asked = WatchRequest(name="Le Phare", purpose="brand", query='"le phare" NOT mer')
        wiring.desk().change_watch(client, "marque", asked)
        wiring.desk().create_watch(client, WatchRequest(name="Voisins", purpose="competitor", query="bouée"))


def _plan_shows_and_changes_nothing(ops: Ops, before: dict[str, Any]) -> None:
    code, lines, _ = ops.run("plan", "brise")
    assert code == 0
    (changed,) = of_kind(lines, "parameter")
    assert (changed["name"], changed["was"], changed["becomes"]) == ("LogRetentionDays", "30", "7")
    assert any(line["resource"] == "ApiLogs" for line in of_kind(lines, "change"))
    assert [(line["what"], line["action"]) for line in of_kind(lines, "seed")] == [
        ("watches[marque]", "update")
    ]
    assert {name: picture(ops, name) for name in NAMES} == before


def _destroy(ops: Ops, name: str, folder: Path) -> None:
    held = stack_of(ops, name).outputs
    code, lines, told = ops.run("destroy", name, "--to", str(folder), "--erase", "anse", "--yes")
    assert (code, lines) == (1, [])
    assert "names anse, and the stack is cap's" in told
    code, lines, told = ops.run("destroy", name, "--to", str(folder), "--erase", name, "--yes")
    assert code == 0, told
    (destroyed,) = of_kind(lines, "destroyed")
    assert {held["AccountsTable"], held["Bucket"]} <= set(destroyed["erased"])
    assert Formation(ops.account).stack(f"vigie-{name}") is None
    assert held["AccountsTable"] not in ops.account.client("dynamodb").list_tables()["TableNames"]
    assert json.loads((folder / "manifest.json").read_text())["counts"]["AccountsTable"] > 0
    assert "le phare" in (folder / "tables" / "AccountsTable.jsonl").read_text()


def _what_the_client_changed_stays(ops: Ops) -> None:
    """Release to all, from a file that says otherwise by now: what a client changed stands, and is shown.

    The next stack is left alone, because an alarm rang there before.
    """
    ops.write("anse", watches=[CHANGED], zone="Europe/Brussels")
    (ops.folder / "cap.yaml").unlink()
    ops.account.client("cloudwatch").set_alarm_state(
        AlarmName="vigie-brise-health", StateValue="ALARM", StateReason="a test"
    )
    before = picture(ops, "brise")
    code, lines, _ = ops.run("release", "anse", "--watch-seconds", "0", "--yes")
    assert code == 1
    assert {line["stack"]: line["outcome"] for line in of_kind(lines, "release")} == {
        "vigie-anse": "deployed",
        "vigie-brise": "alarm",
    }
    assert picture(ops, "brise") == before
    done = lines[[line["kind"] for line in lines].index("smoke") :]
    assert {line["what"]: line["action"] for line in of_kind(done, "seed")} == {
        "watches[marque]": "keep",
        "watches[voisins]": "keep",
        "zone": "update",
    }
    (anse, brise) = of_kind(ops.run("status")[1], "status")
    assert anse["drift"] == ["watches[marque]", "watches[voisins]"]
    assert (anse["alarms"], anse["dead_letters"], anse["protected"]) == ([], 0, True)
    assert (brise["drift"], brise["alarms"]) == ([], ["vigie-brise-health"])
