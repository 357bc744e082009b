"""One release to many stacks: to one first, which is watched; then to the others, until something rings."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vigie.errors import VigieError

Outcome = Literal["deployed", "declined", "failed", "alarm", "untouched"]
LOOK_AGAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """Deploys to one stack after another. ``deploy`` returns whether it was wanted, ``alarms`` what rings there."""

    deploy: Callable[[str], bool]
    alarms: Callable[[str], Sequence[str]]
    show: Callable[[dict[str, Any]], None]
    watch_seconds: float
    sleep: Callable[[float], None] = time.sleep
    look_again_seconds: float = LOOK_AGAIN_SECONDS

    def run(self, first: str, others: Iterable[str]) -> bool:
        """Return whether every stack has the release; what comes behind a failure or an alarm is left as it is."""
        waiting = [first, *(name for name in others if name != first)]
        done: list[str] = []
        while waiting:
            name = waiting.pop(0)
            outcome, why = self._one(name, done, watched=name == first)
            self._say(name, outcome, why)
            if outcome != "deployed":
                for left in waiting:
                    self._say(left, "untouched", f"the release stopped at {name}")
                return False
            done.append(name)
        return True

    def _one(self, name: str, done: Sequence[str], *, watched: bool) -> tuple[Outcome, str]:
        if ringing := self._ringing([name]):
            return "alarm", f"it rang before: {ringing}"
        try:
            if not self.deploy(name):
                return "declined", "nobody confirmed it"
        except VigieError as error:
            return "failed", str(error)
        ringing = self._watch([*done, name]) if watched else self._ringing([*done, name])
        return ("alarm", ringing) if ringing else ("deployed", "")

    def _watch(self, names: Sequence[str]) -> str:
        """Look at the alarms for as long as was asked; return what rings."""
        left = self.watch_seconds
        while not (ringing := self._ringing(names)) and left > 0:
            pause = min(left, self.look_again_seconds)
            self.sleep(pause)
            left -= pause
        return ringing

    def _ringing(self, names: Iterable[str]) -> str:
        return ", ".join(alarm for name in names for alarm in self.alarms(name))

    def _say(self, name: str, outcome: Outcome, why: str) -> None:
        self.show({"kind": "release", "stack": name, "outcome": outcome, "why": why})
