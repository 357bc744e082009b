"""A small simulated press, polled by the real step: nothing missed, nothing told twice, nobody bothered."""

from dataclasses import replace

import pytest

from benchmarks.press.bodies import BYTES, render
from benchmarks.press.misbehaviours import (
    ANSWERS,
    BODIES,
    ENTRIES,
    FLOODS,
    HINTS,
    NEVER_TOGETHER,
    NEW_ONLY,
    give_traits,
    settle,
)
from benchmarks.press.publishers import DAY, Feed, draw_feeds
from benchmarks.press.report import Figures, by_trait, fixed, measure, table
from benchmarks.press.run import Played, Simulation
from benchmarks.press.targets import failed, verdicts
from tests.journal import Crash
from vigie.adapters.feeds import parse_feed
from vigie.domain.feeds import ParsedFeed, PublishingHints
from vigie.domain.sources import Source, shard_of
from vigie.messages import ShardDue

FEEDS, DAYS = 40, 3
TRAITS = sorted({*ENTRIES, *ANSWERS, *HINTS, *BODIES, *BYTES})


@pytest.mark.parametrize("trouble", [0.0, 0.3], ids=["quiet", "workers die and messages come twice"])
def test_nothing_shown_is_missed_or_told_twice(trouble: float) -> None:
    """Every article of every document we were given is queued once, within the manners publishers expect."""
    played = Simulation.of(FEEDS, DAYS, seed=2, trouble=trouble).run()
    figures = measure(played)
    assert (figures.recall_visible, figures.duplicates, figures.violations, figures.garbled) == (1.0, 0, 0, 0)
    assert figures.recall_published > 0.99
    assert len(played.told) > 500
    assert (played.counts["crashes"] > 50) == (trouble > 0)


def test_no_misbehaviour_loses_or_doubles_an_article() -> None:
    """One feed for each misbehaviour: what it showed is told once, and its host is left in peace."""
    feeds = draw_feeds(len(TRAITS), DAYS, seed=4)
    for feed, trait in zip(feeds, TRAITS, strict=True):
        settle(feed, [trait])
    played = Simulation(feeds, DAYS, seed=4).run()
    trait_of = {feed.first_article + n: feed.traits[0] for feed in feeds for n in range(len(feed.times))}
    assert {trait_of[article] for article in played.doubles} == set()
    assert {trait_of[article] for article in played.shown if article not in played.told} == set()
    assert played.violations == {}
    assert played.counts["garbled"] == 0


@pytest.mark.parametrize("trouble", [0.0, 0.3], ids=["quiet", "workers die and messages come twice"])
def test_what_falls_out_of_a_document_is_read_on_its_pages(trouble: float) -> None:
    """Of thirty articles at once, twenty stand on older pages: all are told, once."""
    feeds = draw_feeds(8, DAYS, seed=5)
    for feed in feeds:
        settle(feed, [FLOODS])
    played = Simulation(feeds, DAYS, seed=5, trouble=trouble).run()
    figures = measure(played)
    assert played.counts["pages"] > 10
    assert (figures.recall_visible, figures.recall_published, figures.duplicates, figures.violations) == (
        1.0,
        1.0,
        0,
        0,
    )


def test_a_server_that_sends_only_what_is_new_is_read_whole() -> None:
    """The answers to an ETag hold what came since (RFC 3229), and nothing is lost between two of them."""
    feeds = draw_feeds(8, DAYS, seed=5)
    for feed in feeds:
        settle(feed, [NEW_ONLY])
    played = Simulation(feeds, DAYS, seed=5, trouble=0.3).run()
    figures = measure(played)
    assert played.counts["partial"] > 10
    assert (figures.recall_visible, figures.duplicates, figures.violations) == (1.0, 0, 0)


def test_what_a_dead_worker_wrote_down_counts_as_shown_and_nothing_else() -> None:
    """Dying before the commit leaves nobody who knows what was read; dying right after it leaves all to be told."""
    (feed,) = draw_feeds(1, DAYS, seed=1)
    feed.window, feed.times = 3, [DAY * n + second for n in (0, 1, 2) for second in (1.0, 2.0, 3.0)]
    simulation = Simulation([feed], DAYS, seed=1)
    simulation.sources.put_sources([Source(source_id=feed.source_id, name="A", url=feed.url)], 1)
    first, second, third = ({*range(feed.first_article + n, feed.first_article + n + 3)} for n in (0, 3, 6))

    def poll(day: float) -> None:
        simulation.clock.seconds = day * DAY
        simulation.web.begin()
        simulation.poll.run(
            ShardDue(shard=shard_of(feed.host, 1), due_at=simulation.clock(), force=True), holder=str(day)
        )

    def die(day: float, *, before: int) -> None:
        simulation.journal.interrupt(before=before)
        with pytest.raises(Crash):
            poll(day)
        simulation.web.bury()

    die(0.5, before=3)  # the lease, the archive; dies on the commit
    assert (simulation.web.shown_in_vain, {*simulation.web.first_shown}) == (first, set())
    die(1.5, before=4)  # once more, with other articles; dies on the queue
    assert (simulation.web.shown_in_vain, {*simulation.web.first_shown}) == (first, second)
    assert simulation.emissions.told == {}
    poll(2.5)  # by now the document shows neither
    assert {*simulation.emissions.told} == {*simulation.web.first_shown} == second | third


def test_what_comes_again_after_a_death_is_no_more_in_vain() -> None:
    """Articles that a dead worker was given count as shown from the next worker's poll on, and are told."""
    (feed,) = draw_feeds(1, DAYS, seed=1)
    feed.window, feed.times = 3, [1.0, 2.0, 3.0]
    simulation = Simulation([feed], DAYS, seed=1)
    simulation.sources.put_sources([Source(source_id=feed.source_id, name="A", url=feed.url)], 1)
    for day, dies in ((0.5, True), (1.5, False)):
        simulation.clock.seconds = day * DAY
        simulation.web.begin()
        message = ShardDue(shard=shard_of(feed.host, 1), due_at=simulation.clock(), force=True)
        if dies:
            simulation.journal.interrupt(before=2)
            with pytest.raises(Crash):
                simulation.poll.run(message, holder="one")
            simulation.web.bury()
        else:
            simulation.poll.run(message, holder="two")
    assert simulation.web.shown_in_vain == set()
    assert {*simulation.emissions.told} == {*simulation.web.first_shown} == {*range(3)}


def test_shards_played_apart_come_to_the_same_as_together() -> None:
    """Half the shards in one process and half in another: one truth, and the sums of both."""
    whole = Simulation.of(FEEDS, 0.5, seed=5, trouble=0.1).run()
    parts = [Simulation.of(FEEDS, 0.5, seed=5, trouble=0.1, part=(number, 2)).run() for number in (0, 1)]
    together = Played.together(parts)
    assert all(part.told for part in parts)
    assert (whole.told, whole.shown) == (together.told, together.shown)
    assert whole.counts == together.counts


@pytest.mark.parametrize("trait", BYTES)
def test_spoilt_bytes_are_read_as_they_were_meant(trait: str) -> None:
    """The reader gives back guid, link, title, author and date of what each spoilt body holds."""
    (feed,) = draw_feeds(1, 3, seed=1)
    document = ParsedFeed(
        entries=tuple(feed.entry(article) for article in feed.shown(2 * DAY)), site_url=feed.home
    )
    body = render((trait,), document)
    read = parse_feed(body, url=feed.url, content_type=None)
    kept = [replace(entry, summary="", body="") for entry in read.entries]
    assert kept == [replace(entry, summary="", language=None) for entry in document.entries]
    assert render((trait,), replace(document, hints=PublishingHints(skip_hours=(3,)))) != b""
    assert render(("slow",), document) == b""


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
    assert drawn == set(TRAITS)


def test_fixed_interval_is_half_an_interval_late_and_loses_bursts() -> None:
    """The comparison knows what falls out of a document between two polls."""
    (feed,) = draw_feeds(1, 3, seed=1)
    feed.window, feed.times = 10, [1.5 * DAY + 60 * n + 1 for n in range(30)]
    hourly: Figures = fixed([feed], 3, 60)
    assert hourly.recall_published == pytest.approx(10 / 30)
    assert hourly.delay_p50 > 30
    assert isinstance(feed, Feed)


def test_report_names_what_was_missed() -> None:
    """Each target stands beside its figure, and losses beside the misbehaviours of their feeds."""
    played = Simulation.of(10, 2.5, seed=2).run()
    figures = measure(played)
    good = replace(figures, units_per_poll=0.2, units_per_document=1.2, unchanged_share=1.0)
    good = replace(good, requests_per_article=3.5, recall_published=0.9995, delay_p50=6.0)
    assert failed(good) == []
    late = replace(good, delay_p50=6.5, recall_published=0.9)
    assert failed(late) == ["told, of all that was published", "minutes until told, median"]
    assert [line.rpartition(" ")[2] for line in verdicts(late)].count("FAILED") == 2
    assert len(list(table([figures, fixed(played.feeds, played.days, 15)]))) == 3
    article = next(iter(played.told))
    feed = next(f for f in played.feeds if 0 <= article - f.first_article < len(f.times))
    feed.traits = ("slow",)
    played.doubles[article] += 1
    assert any("slow" in line and "1 told twice" in line for line in by_trait(played))
