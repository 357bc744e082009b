"""What a function logs and counts."""

import json
from dataclasses import dataclass, field

import pytest

from vigie.observe import count, fields_of, make_metrics


@dataclass(frozen=True)
class Report:
    """A step's report."""

    batch_id: str = "b.0"
    documents: int = 0
    held: bool = False
    reason: str | None = None
    failed: dict[str, str] = field(default_factory=dict)
    sizes: tuple[int, ...] = ()


def test_empty_fields_are_not_logged() -> None:
    """A log line holds what happened, not what did not."""
    assert fields_of(Report()) == {"batch_id": "b.0"}
    assert fields_of(Report("", 3, True, "x", {"a": "dns: x"}, (1,))) == {
        "documents": 3,
        "held": True,
        "reason": "x",
        "failed": {"a": "dns: x"},
        "sizes": (1,),
    }


@pytest.mark.parametrize("report", [None, "b.0", {"a": 1}, Report])
def test_what_is_no_report_has_no_fields(report: object) -> None:
    """Only a report's own fields are logged."""
    assert fields_of(report) == {}


def test_counts_are_published_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """What was counted is one line of embedded metrics, by function; zeros are left out."""
    count(make_metrics("poll"), polled=12, fetched=0, failed=1)
    content = json.loads(capsys.readouterr().out)
    assert (content["polled"], content["failed"], content["service"]) == ([12.0], [1.0], "poll")
    [directive] = content["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("vigie", [["service"]])
    assert "fetched" not in content


def test_nothing_to_count_publishes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """An idle function pays for no metric."""
    count(make_metrics("poll"), polled=0)
    assert capsys.readouterr().out == ""


def test_counts_are_not_published_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """A warm function's next invocation starts from nothing."""
    metrics = make_metrics("poll")
    count(metrics, polled=12)
    capsys.readouterr()
    count(metrics, fetched=1)
    content = json.loads(capsys.readouterr().out)
    assert content["fetched"] == [1.0]
    assert "polled" not in content
