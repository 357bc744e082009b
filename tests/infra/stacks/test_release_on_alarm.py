"""A release whose first stack rings is taken back there. A file of its own: an emulated alarm hears all stacks."""

from pathlib import Path
from typing import Any

import pytest

from infra.stacks.releases import Rollout
from infra.template import Template
from tests.infra.stacks.conftest import PATIENCE_SECONDS, Ops, file_of


@pytest.fixture
def newer(code: Path) -> Path:
    """Return a checkout in which a function is another, and does the same."""
    app = code / "functions" / "schedule" / "app.py"
    app.write_text(app.read_text("utf-8") + "# newer\n", "utf-8")
    return code


@pytest.mark.emulator
@pytest.mark.stacks
def test_a_release_that_rings_is_taken_back(ops: Ops, built_layer: Path, newer: Path) -> None:
    """The first stack rings while it is watched: its former release runs again, and the next one got nothing."""
    template = Template.read().document
    operations = ops.operations(PATIENCE_SECONDS)
    good = operations.artefacts.release(template, built_layer)
    bad = operations.artefacts.release(template, built_layer, newer)
    files = {file.stack: file for file in (file_of(ops.write(name)) for name in ("etrave", "flot"))}
    first, second = files
    operations.deploy(files[first], good)
    lines: list[dict[str, Any]] = []

    def ring(_seconds: float) -> None:
        assert operations.formation.template(first)["Metadata"]["Release"] == bad.release_id
        ops.account.client("cloudwatch").set_alarm_state(
            AlarmName=f"{first}-health", StateValue="ALARM", StateReason="a test"
        )

    rollout = Rollout(
        deploy=lambda stack: operations.deploy(files[stack], bad),
        alarms=operations.alarms,
        former=lambda stack: operations.former(files[stack]),
        show=lines.append,
        watch_seconds=PATIENCE_SECONDS,
        sleep=ring,
    )
    assert not rollout.run(first, [second])
    assert [(line["stack"], line["outcome"], line["why"]) for line in lines] == [
        (first, "rolled_back", "it rang under this release"),
        (second, "untouched", f"the release stopped at {first}"),
    ]
    (alarm,) = lines[0]["alarms"]
    assert (alarm["alarm"], alarm["reason"]) == (f"{first}-health", "a test")
    assert alarm["runbook"].endswith("/docs/runbooks/README.md")
    assert operations.formation.template(first)["Metadata"]["Release"] == good.release_id
    assert operations.formation.stack(second) is None
