"""How every stack of an account is, on the emulated cloud."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.builders import a_health_report
from tests.conftest import Cloud
from vigie import wiring
from vigie.adapters import aws
from vigie.adapters.dynamo.health import DynamoHealth
from vigie.adapters.fleet import account_client
from vigie.cli import main
from vigie.domain.health.report import HealthReport, Problem

DEAD = Problem(
    code="dead_letters", says="2 messages are dead letters.", runbook="docs/runbooks/dead-letters.md"
)
NAMES = ("vigie-fleet-well", "vigie-fleet-unwell", "vigie-fleet-new")


def template(ledger: str, sources: str, *, ours: bool = True) -> str:
    """Return a stack whose outputs are those that tell vigie's from others."""
    outputs = {"LedgerTable": ledger, "SourcesTable": sources} | ({"HealthFunction": "f"} if ours else {})
    return json.dumps(
        {
            "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
            "Outputs": {name: {"Value": value} for name, value in outputs.items()},
        }
    )


@pytest.fixture
def fleet(cloud: Cloud) -> Iterator[None]:
    """Deploy three stacks: one is well, one is not, one has no report yet; and a stack of somebody else's."""
    account_client.cache_clear()
    formation = account_client("cloudformation")
    made = [*NAMES, "somebody-elses"]
    for name in made:
        ledger, sources = cloud.table(), cloud.table()
        formation.create_stack(StackName=name, TemplateBody=template(ledger, sources, ours=name in NAMES))
        if name in NAMES[:2]:
            DynamoHealth(aws.dynamodb(), ledger, sources).keep(report_of(name))
    yield
    for name in made:
        formation.delete_stack(StackName=name)
    account_client.cache_clear()


def report_of(name: str) -> HealthReport:
    """Return a report of five minutes ago."""
    wrong = (DEAD,) if name == NAMES[1] else ()
    return a_health_report(
        stack=name,
        at=wiring.now() - timedelta(minutes=5),
        sources={"fresh": 12},
        dead_letters=2 * len(wrong),
        problems=wrong,
    )


def run(*arguments: str) -> tuple[int, str, str]:
    """Run the command; return its exit code and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    code = main(["fleet", *arguments], out, err)
    return code, out.getvalue(), err.getvalue()


@pytest.mark.usefixtures("fleet")
def test_each_stack_is_a_line() -> None:
    """Stacks of vigie's alone are told, with their last report; one that is unwell makes the command fail."""
    code, out, err = run()
    lines = {line["stack"]: line for line in map(json.loads, out.splitlines())}
    assert code == 1
    assert {*NAMES} <= {*lines}
    assert "somebody-elses" not in lines
    well, unwell, new = (lines[name] for name in NAMES)
    assert (well["well"], well["silent"], well["age_minutes"], well["sources"]) == (
        True,
        False,
        5,
        {"fresh": 12},
    )
    assert [problem["code"] for problem in unwell["problems"]] == ["dead_letters"]
    assert (new["at"], new["silent"]) == (None, True)
    assert "2 messages are dead letters. See docs/runbooks/dead-letters.md." in err


@pytest.mark.usefixtures("fleet")
def test_one_stack_that_is_well_is_fine() -> None:
    """Asked about one, only that one counts."""
    code, out, _ = run(NAMES[0])
    assert (code, len(out.splitlines())) == (0, 1)


@pytest.mark.usefixtures("fleet")
def test_a_stack_that_is_not_there_is_said() -> None:
    """A name that is wrong is refused, with where to find the right one."""
    code, out, err = run("vigie-flete")
    assert (code, out) == (1, "")
    assert "no stack of vigie named vigie-flete" in err


@pytest.mark.usefixtures("fleet")
def test_the_dashboard_is_written_once_for_all() -> None:
    """The body printed is what CloudWatch keeps."""
    _, printed, _ = run("--dashboard")
    assert run("--put", "vigie-fleet")[0] == 0
    kept = account_client("cloudwatch").get_dashboard(DashboardName="vigie-fleet")["DashboardBody"]
    assert json.loads(kept) == json.loads(printed)
