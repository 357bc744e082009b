"""Trials."""

from datetime import timedelta

from tests.builders import CUTOFF
from tests.fakes import World
from vigie.domain.subscriptions import trial_of
from vigie.steps.billing.trials import Trials


def test_a_trial_is_begun_once() -> None:
    """Who confirms twice, or signs up again under the same client, gains no day."""
    world = World()
    trials = Trials(world.billing)
    assert trials.start_trial("perrin", CUTOFF) == trial_of("perrin", CUTOFF)
    assert trials.start_trial("perrin", CUTOFF + timedelta(days=9)) == trial_of("perrin", CUTOFF)
    assert world.billing.subscription("perrin") == trial_of("perrin", CUTOFF)
