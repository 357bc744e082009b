"""How much slower than in its good moments a machine was."""

from benchmarks.month.pace import Pace, piece


def paced(*took: float) -> Pace:
    """Return a pace whose pieces took so long."""
    ticks = iter([instant for seconds in took for instant in (0.0, seconds)])
    pace = Pace(timer=lambda: next(ticks))
    for _ in took:
        pace.sample()
    return pace


def test_slowdown_is_the_mean_over_good_moments() -> None:
    """Half of the pieces took twice as long: half as slow again; one that was quicker than all changes little."""
    assert paced(*[1.0, 2.0] * 10).slowdown == 1.5
    assert paced(0.1, *[1.0] * 19).slowdown < 1.0001


def test_good_moments_of_a_warm_up_count() -> None:
    """The mean is of what was sampled since; with nothing sampled, nothing is divided."""
    pace = paced(1.0)
    pace.forget()
    assert pace.slowdown == 1.0


def test_the_piece_takes_some_time() -> None:
    """A piece that took none could not be compared."""
    pace = Pace(piece)
    pace.sample()
    assert pace.slowdown == 1.0
