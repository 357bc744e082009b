"""Runbooks do not lie: every command they show is one that can be typed, and what can be run here is run."""

import io
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from infra.restore import parser as restore_parser
from tests.builders import a_client, a_watch
from tests.conftest import Cloud
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.adapters import aws
from vigie.adapters.fleet import account_client
from vigie.cli import main, parser
from vigie.domain.health.problems import BAD_RELEASE, DEAD_LETTERS, MISSED, OUTAGE, SPENDING

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
CLIENT, STACK = "banque-du-ponant", "vigie-banque-du-ponant"
GLOBAL_OPTIONS = {"output", "query", "region", "profile"}
ONLY_DEPLOYED = {"stack"}  # played against three stacks in tests/infra/stacks

of_each = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def commands(page: Path) -> list[list[str]]:
    """Return the commands that a page shows, as a shell would split them."""
    blocks = re.findall(r"^ *```\n(.*?)^ *```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line.strip()]


def aws_faults(words: list[str]) -> list[str]:
    """Return what is wrong with a call of AWS's command line: its service, operation or options, by its own model."""
    service, operation, *rest = words
    if (service, operation) in {("s3", "sync"), ("logs", "tail")}:
        return []  # commands of its own, no operations
    session = botocore.session.get_session()
    if service not in session.get_available_services():
        return [f"no service {service}"]
    model = session.get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in names:
        return [f"{service} has no {operation}"]
    shape = model.operation_model(names[operation]).input_shape
    members = shape.members if shape else {}
    known = {xform_name(name, "-") for name in members} | {
        f"{prefix}{xform_name(name, '-')}" for name in members for prefix in ("", "no-")
    }
    required = {xform_name(name, "-") for name in (shape.required_members if shape else ())}
    given = {word.removeprefix("--") for word in rest if word.startswith("--")}
    wrong = [f"{operation} knows no --{name}" for name in sorted(given - known - GLOBAL_OPTIONS)]
    return wrong + [f"{operation} wants --{name}" for name in sorted(required - given)]


@of_each
def test_every_command_can_be_typed(page: Path) -> None:
    """Each names a program, a noun and options that exist."""
    for words in commands(page):
        match words:
            case ["vigie", *rest]:
                parser().parse_args(rest)
            case ["aws", *rest]:
                assert aws_faults(rest) == []
            case ["python", "-m", "infra.restore", *rest]:
                restore_parser().parse_args(rest)
            case ["make", target]:
                assert re.search(
                    rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
                )
            case _:
                pytest.fail(f"nobody knows whether this works: {' '.join(words)}")


def test_an_aws_command_that_lies_is_found() -> None:
    """The check knows services, operations, options, and what cannot be left out."""
    assert aws_faults(["ssm", "put-parametre"]) == ["ssm has no put-parametre"]
    assert aws_faults(["ssm", "get-parameter", "--nom", "x"]) == [
        "get-parameter knows no --nom",
        "get-parameter wants --name",
    ]


@of_each
def test_every_link_leads_somewhere(page: Path) -> None:
    """A page that is named is there."""
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not link.startswith("http") and not (page.parent / link).exists()] == []


def test_every_page_is_listed() -> None:
    """Who is woken finds the page from the first one, by the code of the problem."""
    contents = (ROOT / "docs" / "runbooks" / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if page.stem != "README" and f"({page.name})" not in contents] == []
    assert {f"{name}.md" for name in (BAD_RELEASE, DEAD_LETTERS, MISSED, OUTAGE, SPENDING)} <= {
        p.name for p in PAGES
    }


@pytest.fixture
def deployed(stack: Stack, cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """Return a stack with the runbooks' client and a health report, that CloudFormation knows by their name."""
    client = a_client(client_id=CLIENT, name="Banque du Ponant")
    wiring.accounts().put_client(client)
    wiring.accounts().put_watch(a_watch(client_id=CLIENT))
    wiring.appointments().keep(client)
    stack.call("digest", {"cutoff_at": "now", "clients": [CLIENT]})
    stack.call("health", {"tell": False})
    account_client.cache_clear()
    formation = account_client("cloudformation")
    settings = wiring.settings()
    names = ("sources", "stories", "ledger", "mentions", "digests", "accounts")
    outputs = {f"{name.capitalize()}Table": getattr(settings, f"{name}_table") for name in names}
    second = {name: cloud.table() for name in outputs}
    for name, given in ((STACK, outputs), (f"{STACK}-2", second)):
        body = {
            "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
            "Outputs": {key: {"Value": value} for key, value in {**given, "HealthFunction": "f"}.items()},
        }
        formation.create_stack(StackName=name, TemplateBody=json.dumps(body))
    monkeypatch.chdir(tmp_path)
    yield stack
    for name in (STACK, f"{STACK}-2"):
        formation.delete_stack(StackName=name)
    account_client.cache_clear()


RUN = [page for page in PAGES if any(words[0] == "vigie" for words in commands(page))]


def run_here(words: list[str]) -> bool:
    """Whether a command is one of vigie's that needs neither AWS nor the web."""
    return words[0] == "vigie" and words[1] not in ONLY_DEPLOYED and words[1:3] != ["sources", "find"]


@pytest.mark.emulator
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_what_a_page_shows_works(page: Path, deployed: Stack) -> None:
    """Each command of vigie is run in the page's order, on a stack that is well: none is badly used, none breaks."""
    refused: dict[str, Any] = {}
    for words in filter(run_here, commands(page)):
        if words[1:3] == ["client", "import"]:  # into another stack, says the page
            erase = ["client", "erase", CLIENT, "--confirm", CLIENT, "--by", "Ops"]
            main(erase, io.StringIO(), io.StringIO())
        err = io.StringIO()
        code = main(words[1:], io.StringIO(), err)
        if code and not _is_expected(" ".join(words)):
            refused[" ".join(words)] = (code, err.getvalue())
    assert refused == {}


def _is_expected(command: str) -> bool:
    """Whether a command may say that something is wrong: the fleet of a test has a stack without a report."""
    return command == "vigie fleet"


@pytest.mark.emulator
def test_a_restore_as_shown_works(deployed: Stack) -> None:
    """The drill of the page, and a table into a new stack."""
    from infra.restore import run

    for table in ("AccountsTable", "LedgerTable"):
        out = io.StringIO()
        for settings in (wiring.settings().accounts_table, wiring.settings().ledger_table):
            aws.dynamodb().update_continuous_backups(
                TableName=settings, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )
        assert run(["--stack", STACK, "--drill", "--table", table], out) == 0
        assert run(["--stack", STACK, "--into", f"{STACK}-2", "--table", table], out) == 0
        drill, moved = map(json.loads, out.getvalue().splitlines())
        assert (drill["copied"], drill["missing"], moved["missing"]) == (0, 0, 0)
        assert moved["copied"] == moved["items"] > 0
