"""The fleet's dashboard draws what the stacks publish, and nothing else."""

import re
from pathlib import Path

from tests.builders import a_health_report
from vigie.domain.health.dashboard import COLUMNS, dashboard_of
from vigie.domain.health.summary import summary_of
from vigie.observe import NAMESPACE

ROOT = Path(__file__).parents[3]
STACKS = ["vigie-armelie", "vigie-morel"]


def searches() -> list[str]:
    """Return the search of each chart."""
    widgets = dashboard_of(STACKS, "eu-west-3")["widgets"]
    return [w["properties"]["metrics"][0][0]["expression"] for w in widgets if w["type"] == "metric"]


def test_each_metric_of_ours_is_published_by_a_function() -> None:
    """A chart of a metric that nobody publishes would stay empty, and say nothing of it."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "functions").glob("*/app.py"))
    own = [search for search in searches() if f"{{{NAMESPACE}," in search]
    names = [re.findall(r'MetricName="(\w+)"', search)[0] for search in own]
    assert len(names) >= 4
    assert [name for name in names if name not in code] == []


def test_each_column_is_in_a_report() -> None:
    """The table shows fields that the log line has."""
    shown = summary_of(a_health_report())
    assert [column for column in COLUMNS if column.partition(".")[0] not in shown] == []


def test_no_widget_lies_on_another() -> None:
    """Every place of the grid of 24 columns is taken once."""
    taken = [
        (x, y)
        for w in dashboard_of(STACKS, "eu-west-3")["widgets"]
        for x in range(w["x"], w["x"] + w["width"])
        for y in range(w["y"], w["y"] + w["height"])
    ]
    assert len(taken) == len({*taken})
    assert max(x for x, _ in taken) < 24


def test_without_stacks_there_is_no_table() -> None:
    """Logs that are not there cannot be asked; charts find what comes."""
    assert {w["type"] for w in dashboard_of([], "eu-west-3")["widgets"]} == {"metric"}
