"""``vigie alerts replay``: a line for an alert, and bad rows named."""

import argparse
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vigie.cli import alerts, main

START = datetime(2026, 11, 1, tzinfo=UTC)


def rows(values: list[float], minutes: int = 5) -> list[str]:
    """Return rows of counts, as a spreadsheet gives them."""
    return [
        f"{START + number * timedelta(minutes=minutes):%Y-%m-%d %H:%M:%S},{value:g}"
        for number, value in enumerate(values)
    ]


def run(lines: list[str]) -> tuple[int, list[dict[str, Any]], str]:
    """Run the command on lines; return its exit status, what it printed and what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    status = alerts.run_replay(argparse.Namespace(), out, err, io.StringIO("\n".join(lines)))
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


STEADY = [1.0, 2.0] * 400


def test_an_alert_is_a_line() -> None:
    """A burst is told with when, how far, above what, and what it was."""
    status, printed, err = run(["timestamp,value", *rows([*STEADY, 40])])
    assert status == 0
    assert printed == [
        {"at": "2026-11-03T18:40:00Z", "z": pytest.approx(77, rel=0.01), "baseline": 1.5, "value": 40}
    ]
    assert "801 bins of 300 s, 1 alerts, 0 rows refused" in err


def test_columns_may_come_in_any_order_or_unnamed() -> None:
    """The header says where the columns are; without one they are the first two."""
    turned = [",".join(reversed(row.split(","))) for row in rows([*STEADY, 40])]
    named = run(["\ufeffvalue,timestamp", *turned])[1]
    assert named == run(rows([*STEADY, 40]))[1] != []


def test_hours_are_judged_as_hours() -> None:
    """Bins are as long as rows are apart: a week's half-life stays a week."""
    status, printed, err = run(["timestamp,value", *rows([*STEADY, 40], minutes=60)])
    assert (status, len(printed)) == (0, 1)
    assert "bins of 3600 s" in err


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("yesterday,3", "timestamp"),
        ("2026-11-01 00:05:00,many", "value"),
        ("2026-11-01 00:05:00,-1", "value"),
        ("2026-11-01 00:05:00,nan", "value"),
        ("2026-11-01 00:05:00", "value"),
        ("2025-11-01 00:05:00,3", "timestamp"),
    ],
)
def test_a_bad_row_is_named_and_left_out(row: str, field: str) -> None:
    """What cannot be read is said with its line and what to do; the rest is judged."""
    good = rows([*STEADY, 40])
    status, printed, err = run(["timestamp,value", good[0], row, *good[1:]])
    assert (status, len(printed)) == (1, 1)
    assert f"line 3: {field}" in err


def test_nothing_in_is_nothing_out() -> None:
    """An empty list, or a header alone, is fine."""
    assert run([])[:2] == (0, [])
    assert run(["timestamp,value"])[:2] == (0, [])


def test_bad_usage_is_said() -> None:
    """An unknown option ends with status 2."""
    assert main(["alerts", "replay", "--loud"], io.StringIO(), io.StringIO()) == 2
