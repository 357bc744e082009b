"""One release to many stacks."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from infra.stacks.alarms import Alarm
from infra.stacks.formation import StackTrouble
from infra.stacks.releases import Rollout, TakeBack

RUNBOOK = "https://vigie.example/docs/runbooks/README.md"


class Fleet:
    """Stacks that ring when told to, and remember what was deployed and how long somebody watched."""

    def __init__(
        self,
        rings: Mapping[str, int],
        fails: Sequence[str] = (),
        declines: Sequence[str] = (),
        new: Sequence[str] = (),
        stuck: Sequence[str] = (),
    ) -> None:
        self.rings = rings  # from how many seconds of watching on
        self.fails, self.declines = fails, declines
        self.new, self.stuck = new, stuck
        self.deployed: list[str] = []
        self.put_back: list[str] = []
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

    def former(self, name: str) -> TakeBack | None:
        """Return what puts a stack back, unless it is new; a stuck one cannot be."""

        def put_back() -> None:
            if name in self.stuck:
                raise StackTrouble(f"{name}: still changes.")
            self.put_back.append(name)

        return None if name in self.new else put_back

    def alarms(self, name: str) -> list[Alarm]:
        """Return what rings by now: before its deployment only what rang always."""
        at = self.rings.get(name)
        rings = at is not None and (at < 0 or (name in self.deployed and self.slept >= at))
        return [Alarm(name=f"{name}-health", reason="3 > 0", runbook=RUNBOOK)] if rings else []

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept += seconds

    def release(self, watch_seconds: float = 600) -> bool:
        """Release to three stacks, a first."""
        return Rollout(
            deploy=self.deploy,
            alarms=self.alarms,
            former=self.former,
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
        (Fleet({"a": 90}), ["a"], {"a": "rolled_back", "b": "untouched", "c": "untouched"}),
        (Fleet({"a": -1}), [], {"a": "alarm", "b": "untouched", "c": "untouched"}),
        (Fleet({"b": 0}), ["a", "b"], {"a": "deployed", "b": "rolled_back", "c": "untouched"}),
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
    """Nobody waits ten minutes for what rang after one; the stack is put back, and the line says what to do."""
    fleet = Fleet({"a": 60})
    fleet.release()
    assert (fleet.slept, fleet.put_back) == (60, ["a"])
    assert fleet.lines[0]["alarms"] == [{"alarm": "a-health", "reason": "3 > 0", "runbook": RUNBOOK}]


def test_what_got_the_release_earlier_and_rings_later_is_put_back() -> None:
    """The second stack, which is quiet, keeps the release; the first, which was quiet when watched, does not."""

    class LateFleet(Fleet):
        def alarms(self, name: str) -> list[Alarm]:
            return [Alarm(name="a-health")] if name == "a" and "b" in self.deployed else []

    fleet = LateFleet({})
    assert not fleet.release()
    assert fleet.put_back == ["a"]
    assert [(line["stack"], line["outcome"]) for line in fleet.lines] == [
        ("a", "deployed"),
        ("b", "deployed"),
        ("a", "rolled_back"),
        ("c", "untouched"),
    ]


@pytest.mark.parametrize(
    ("fleet", "why"),
    [
        (Fleet({"a": 0}, new=["a"]), "it is new: there is nothing to go back to"),
        (Fleet({"a": 0}, stuck=["a"]), "it could not be put back: a: still changes."),
    ],
)
def test_what_cannot_be_put_back_is_said(fleet: Fleet, why: str) -> None:
    """A stack that is new keeps what it has, and so does one that CloudFormation still holds: somebody must look."""
    assert not fleet.release()
    assert (fleet.lines[0]["outcome"], fleet.lines[0]["why"]) == ("alarm", why)
    assert fleet.outcomes["b"] == "untouched"
