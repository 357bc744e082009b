"""What a subscription entitles to."""

from dataclasses import replace

import pytest

from tests.builders import CUTOFF
from tests.fakes import World
from vigie.domain.plans import plan_named
from vigie.domain.subscriptions import PauseReason, State, trial_of
from vigie.steps.billing.entitlements import Entitlements


@pytest.mark.parametrize(
    ("plan_id", "state", "reason", "mailed", "alerted"),
    [
        ("trial", "trial", None, True, True),
        ("essentiel", "active", None, True, False),
        ("plus", "past_due", None, True, True),
        ("plus", "paused", "asked", False, False),
        ("plus", "cancelled", None, False, False),
    ],
)
def test_mails_and_alerts_follow_state_and_plan(
    plan_id: str, state: State, reason: PauseReason | None, *, mailed: bool, alerted: bool
) -> None:
    """Grace is mailed, a pause is not; alerts are Plus's."""
    world = World()
    standing = replace(trial_of("c", CUTOFF), plan_id=plan_id, state=state, pause_reason=reason)
    world.billing.change("c", CUTOFF, lambda _: standing)
    asked = Entitlements(world.billing)
    assert (asked.is_mailed("c"), asked.is_alerted("c")) == (mailed, alerted)
    assert asked.plan_of("c") == plan_named(plan_id)


def test_a_client_of_an_agency_is_entitled_to_everything() -> None:
    """No subscription, no limit."""
    asked = Entitlements(World().billing)
    assert asked.is_mailed("union")
    assert asked.is_alerted("union")
    assert asked.plan_of("union") is None
