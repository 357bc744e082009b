"""One release to many stacks."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from infra.stacks.formation import StackTrouble
from infra.stacks.releases import Rollout


class Fleet:
    """Stacks that ring when told to, and remember what was deployed and how long somebody watched."""

    def __init__(
        self, rings: Mapping[str, int], fails: Sequence[str] = (), declines: Sequence[str] = ()
    ) -> None:
        self.rings = rings  # from how many seconds of watching on
        self.fails, self.declines = fails, declines
        self.deployed: list[str] = []
        self.lines: list[dict[str, Any]] = []
        self.slept = 0.0

    def deploy(self, name: str) -> bool:
        """Deploy, fail or be declined."""
        if name in self.fails:
            raise StackTrouble(f"{name}: no.")
        if name in self.declines:
            return False
        self.deployed.append(name)
        return True

    def alarms(self, name: str) -> list[str]:
        """Return what rings by now: before its deployment only what rang always."""
        at = self.rings.get(name)
        rings = at is not None and (at < 0 or (name in self.deployed and self.slept >= at))
        return [f"{name}-dead-letters"] if rings else []

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept += seconds

    def release(self, watch_seconds: float = 600) -> bool:
        """Release to three stacks, a first."""
        return Rollout(
            deploy=self.deploy,
            alarms=self.alarms,
            show=self.lines.append,
            watch_seconds=watch_seconds,
            sleep=self.sleep,
        ).run("a", ["a", "b", "c"])

    @property
    def outcomes(self) -> dict[str, str]:
        """What was said of each stack."""
        return {line["stack"]: line["outcome"] for line in self.lines}


def test_the_first_is_watched_and_the_others_follow() -> None:
    """Each stack once, in order, after the first was left alone for as long as asked."""
    fleet = Fleet({})
    assert fleet.release()
    assert (fleet.deployed, fleet.slept) == (["a", "b", "c"], 600)


@pytest.mark.parametrize(
    ("fleet", "deployed", "outcomes"),
    [
        (Fleet({"a": 90}), ["a"], {"a": "alarm", "b": "untouched", "c": "untouched"}),
        (Fleet({"a": -1}), [], {"a": "alarm", "b": "untouched", "c": "untouched"}),
        (Fleet({"b": 0}), ["a", "b"], {"a": "deployed", "b": "alarm", "c": "untouched"}),
        (Fleet({"a": 601}), ["a", "b", "c"], {"a": "deployed", "b": "deployed", "c": "deployed"}),
        (Fleet({}, fails=["b"]), ["a"], {"a": "deployed", "b": "failed", "c": "untouched"}),
        (Fleet({}, declines=["a"]), [], {"a": "declined", "b": "untouched", "c": "untouched"}),
    ],
)
def test_what_stops_it(fleet: Fleet, deployed: list[str], outcomes: dict[str, str]) -> None:
    """An alarm while the first is watched, one that rang before, one of a later stack, a failure, a no."""
    assert fleet.release() is (set(outcomes.values()) == {"deployed"})
    assert (fleet.deployed, fleet.outcomes) == (deployed, outcomes)


def test_an_alarm_stops_the_watch_at_once() -> None:
    """Nobody waits ten minutes for what rang after one."""
    fleet = Fleet({"a": 60})
    fleet.release()
    assert fleet.slept == 60
    assert fleet.lines[0]["why"] == "a-dead-letters"
