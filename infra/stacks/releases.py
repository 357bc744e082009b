"""One release to many stacks: to one first, which is watched; then to the others, until something rings.

What rings after it got the release is put back to what it had before, without waiting for anybody: the night is long.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from infra.stacks.alarms import Alarm
from vigie.errors import VigieError

Outcome = Literal["deployed", "declined", "failed", "alarm", "rolled_back", "untouched"]
LOOK_AGAIN_SECONDS = 30.0
TakeBack = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """Deploys to one stack after another.

    ``deploy`` returns whether it was wanted, ``alarms`` what rings in a stack, ``former`` what puts it back to how it
    stands now: None where there is no stack yet.
    """

    deploy: Callable[[str], bool]
    alarms: Callable[[str], Sequence[Alarm]]
    former: Callable[[str], TakeBack | None]
    show: Callable[[dict[str, Any]], None]
    watch_seconds: float
    sleep: Callable[[float], None] = time.sleep
    look_again_seconds: float = LOOK_AGAIN_SECONDS
    _done: dict[str, TakeBack | None] = field(default_factory=dict, init=False)

    def run(self, first: str, others: Iterable[str]) -> bool:
        """Return whether every stack has the release; what comes behind a failure or an alarm is left as it is."""
        waiting = [first, *(name for name in others if name != first)]
        while waiting:
            name = waiting.pop(0)
            if not self._one(name, watched=name == first):
                for left in waiting:
                    self._say(left, "untouched", f"the release stopped at {name}")
                return False
        return True

    def _one(self, name: str, *, watched: bool) -> bool:
        """Deploy to one stack and look at all that have the release by now; return whether to go on."""
        if rang := self.alarms(name):
            self._say(name, "alarm", "it rang before", rang)
            return False
        former = self.former(name)
        try:
            if not self.deploy(name):
                self._say(name, "declined", "nobody confirmed it")
                return False
        except VigieError as error:
            self._say(name, "failed", str(error))
            return False
        self._done[name] = former
        found = self._watch() if watched else self._ringing()
        if name not in found:
            self._say(name, "deployed", "")
        for each, alarms in found.items():
            self._put_back(each, alarms)
        return not found

    def _watch(self) -> dict[str, Sequence[Alarm]]:
        """Look at the alarms for as long as was asked; return what rings, by stack."""
        left = self.watch_seconds
        while not (found := self._ringing()) and left > 0:
            pause = min(left, self.look_again_seconds)
            self.sleep(pause)
            left -= pause
        return found

    def _ringing(self) -> dict[str, Sequence[Alarm]]:
        """Return what rings in the stacks that have the release."""
        return {name: alarms for name in self._done if (alarms := self.alarms(name))}

    def _put_back(self, name: str, alarms: Sequence[Alarm]) -> None:
        former = self._done[name]
        if former is None:
            self._say(name, "alarm", "it is new: there is nothing to go back to", alarms)
            return
        try:
            former()
        except VigieError as error:
            self._say(name, "alarm", f"it could not be put back: {error}", alarms)
        else:
            self._say(name, "rolled_back", "it rang under this release", alarms)

    def _say(self, name: str, outcome: Outcome, why: str, alarms: Sequence[Alarm] = ()) -> None:
        told = [{"alarm": each.name, "reason": each.reason, "runbook": each.runbook} for each in alarms]
        self.show({"kind": "release", "stack": name, "outcome": outcome, "why": why, "alarms": told})
