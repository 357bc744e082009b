"""What a function logs and counts."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from vigie.messages import DigestReady, ShardDue
from vigie.observe import count, fields_of, gauge_seconds, ids_of, make_metrics


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


def test_what_a_message_names_is_logged() -> None:
    """A shard, a batch, a digest: by its ids a thing is followed from one function's log to the next one's."""
    at = datetime(2026, 12, 8, tzinfo=UTC)
    assert ids_of(ShardDue(shard="0001", due_at=at)) == {"shard": "0001"}
    ready = DigestReady(client_id="ponant", digest_id="d", send_at=at, emails=("a@b.example",))
    assert ids_of(ready) == {"client_id": "ponant", "digest_id": "d"}  # and no address


def test_what_could_not_be_measured_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """A stack without mentions publishes no freshness, and pays for none."""
    gauge_seconds(make_metrics("health"), FreshnessP50=None, FreshnessP95=None)
    assert capsys.readouterr().out == ""
    gauge_seconds(make_metrics("health"), FreshnessP50=60, FreshnessP95=None)
    content = json.loads(capsys.readouterr().out)
    assert (content["FreshnessP50"], "FreshnessP95" in content) == ([60.0], False)


def test_two_stacks_do_not_count_together(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The dimension is the function's full name, which begins with its stack's."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "vigie-ponant-poll")
    count(make_metrics("poll"), polled=1)
    assert json.loads(capsys.readouterr().out)["service"] == "vigie-ponant-poll"
