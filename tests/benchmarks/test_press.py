"""A small simulated press, polled by the real step: nothing missed, nothing told twice, nobody bothered."""

import pytest

from benchmarks.press.misbehaviours import ANSWERS, BODIES, ENTRIES, HINTS, NEVER_TOGETHER, give_traits
from benchmarks.press.publishers import DAY, Feed, draw_feeds
from benchmarks.press.report import Figures, fixed, measure
from benchmarks.press.run import Simulation

FEEDS, DAYS = 40, 3


@pytest.mark.parametrize("trouble", [0.0, 0.3], ids=["quiet", "workers die and messages come twice"])
def test_nothing_shown_is_missed_or_told_twice(trouble: float) -> None:
    """Every article of every document we were given is queued once, within the manners publishers expect."""
    simulation = Simulation.of(FEEDS, DAYS, seed=2, trouble=trouble)
    simulation.run()
    figures = measure(simulation)
    assert (figures.recall_visible, figures.duplicates, figures.violations) == (1.0, 0, 0)
    assert figures.recall_published > 0.99
    assert len(simulation.emissions.told) > 500
    assert (simulation.crashes > 50) == (trouble > 0)


def test_no_misbehaviour_loses_or_doubles_an_article() -> None:
    """One feed for each misbehaviour: what it showed is told once, and its host is left in peace."""
    traits = sorted({*ENTRIES, *ANSWERS, *HINTS, *BODIES})
    feeds = draw_feeds(len(traits), DAYS, seed=4)
    for feed, trait in zip(feeds, traits, strict=True):
        feed.traits = (trait,)
    simulation = Simulation(feeds, DAYS, seed=4)
    simulation.run()
    told, shown = simulation.emissions, simulation.web.first_shown
    trait_of = {feed.first_article + n: feed.traits[0] for feed in feeds for n in range(len(feed.times))}
    assert {trait_of[article] for article in told.doubles} == set()
    assert {trait_of[article] for article in shown if article not in told.told} == set()
    assert simulation.web.violations == {}


def test_press_is_the_same_for_a_seed() -> None:
    """Feeds, articles and misbehaviours are drawn from the seed alone."""
    first, second, other = (draw_feeds(30, DAYS, seed) for seed in (1, 1, 2))
    for feed in [*first, *second, *other]:
        give_traits(feed)
    assert [(feed.times, feed.traits) for feed in first] == [(feed.times, feed.traits) for feed in second]
    assert [feed.times for feed in first] != [feed.times for feed in other]


def test_contradictory_misbehaviours_are_not_drawn_together() -> None:
    """No feed both lacks validators and lies with them."""
    feeds = draw_feeds(1_500, 0.1, seed=3)
    for feed in feeds:
        give_traits(feed)
    assert all(len(group & set(feed.traits)) <= 1 for feed in feeds for group in NEVER_TOGETHER)
    drawn = {trait for feed in feeds for trait in feed.traits}
    assert drawn == {*ENTRIES, *ANSWERS, *HINTS, *BODIES}


def test_fixed_interval_is_half_an_interval_late_and_loses_bursts() -> None:
    """The comparison knows what falls out of a document between two polls."""
    (feed,) = draw_feeds(1, 3, seed=1)
    feed.window, feed.times = 10, [1.5 * DAY + 60 * n + 1 for n in range(30)]
    hourly: Figures = fixed([feed], 3, 60)
    assert hourly.recall_published == pytest.approx(10 / 30)
    assert hourly.delay_p50 > 30
    assert isinstance(feed, Feed)
