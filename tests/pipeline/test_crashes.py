"""A pass that dies anywhere, or hears everything twice, ends as one that did not."""

import copy
import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import a_client, a_source, a_watch
from tests.fakes import World
from tests.pipeline.spine import Spine, Web, facts, rss
from vigie.domain.clients import Recipient
from vigie.domain.cutoffs import Interval

START = datetime(2026, 12, 8, 3, 0, tzinfo=UTC)
READ_AT = datetime(2026, 12, 8, 6, 20, tzinfo=UTC)  # 07:20 in Paris: after the cut-off and its settling
EVER = Interval(START - timedelta(days=1), READ_AT + timedelta(days=1))

DISPATCH = (
    "La Banque d'Armélie fermera trois guichets du Vaurel au printemps, a annoncé sa direction, "
    "qui promet des bus bancaires aux communes concernées."
)
COURRIER, GAZETTE, RADIO = "https://courrier.test/rss", "https://gazette.test/rss", "https://radio.test/rss"


def a_world() -> World:
    """Return a stack with two clients and four sources on three hosts, before its first pass."""
    world = World()
    world.clock.instant = START
    spine = Spine(world, Web())
    spine.follow(
        a_source("courrier", url=COURRIER),
        a_source("courrier-eco", url=f"{COURRIER}?eco"),
        a_source("gazette", url=GAZETTE),
        a_source("radio", url=RADIO),
    )
    recipients = (Recipient("com@banque.test"), Recipient("dg@banque.test"))
    for client in (a_client(recipients=recipients), a_client(client_id="union", name="Union des Gaves")):
        world.accounts.put_client(client)
        spine.appointments.keep(client)
    world.accounts.put_watch(a_watch(query='"Banque d\'Armélie"'))
    world.accounts.put_watch(a_watch("rival", client_id="union", query="guichets OR agences"))
    return world


def a_web() -> Web:
    """Return feeds with a dispatch, its reprint elsewhere, the same page in two feeds, noise and a failure."""
    page = ("Trois guichets vont fermer", "https://courrier.test/a/1?utm_source=rss", DISPATCH)
    again = ("Trois guichets vont fermer", "https://www.courrier.test/a/1", DISPATCH)
    reprint = ("La Banque d'Armélie se retire du Vaurel", "https://gazette.test/banque", DISPATCH)
    noise = (
        "Le marché de Noël ouvre samedi",
        "https://gazette.test/noel",
        "Quarante chalets, une patinoire.",
    )
    return Web({COURRIER: rss(page), f"{COURRIER}?eco": rss(again), GAZETTE: rss(noise, reprint), RADIO: 500})


def a_morning(spine: Spine) -> None:
    """Poll, drain, wait for the hour, build, mail."""
    spine.tick(spine.schedule.run)
    spine.drain()
    spine.world.clock.instant = max(READ_AT, spine.world.clock.instant)
    spine.tick(spine.digest.run)
    spine.drain()


@pytest.fixture(scope="module")
def undisturbed() -> tuple[World, list[str]]:
    """Return the world after a morning without incident, and the writes it took."""
    world = a_world()
    before = len(world.journal.writes)
    a_morning(Spine(world, a_web()))
    return world, world.journal.writes[before:]


def test_a_morning_gives_each_client_what_concerns_it(undisturbed: tuple[World, list[str]]) -> None:
    """The bank has one story with its reprint, the page seen twice is held, each recipient has one mail."""
    world, _ = undisturbed
    held = facts(world, EVER)
    roles = sorted(role for *_, role in held["mentions"]["banque-armelie"])
    assert roles == ["first", "reprint", "same_address"]
    assert [ledger.held for ledger in held["ledgers"]["banque-armelie"]] == [{"same_address": 1}]
    assert [ledger.seen for ledger in held["ledgers"]["banque-armelie"]] == [4]
    assert [ledger.failed for ledger in held["ledgers"]["banque-armelie"]] == [{"bad_status": 1}]
    assert held["sums that fail"] == []
    assert [to for to, *_ in held["mails"]] == [
        "com@banque.test",
        "dg@banque.test",
        "veille@banque-armelie.example",
    ]


def _with_crash(number: int, when: str) -> World:
    world = a_world()
    world.journal.interrupt(**{when: number})
    spine = Spine(world, a_web())
    a_morning(spine)
    assert not world.journal.armed
    return world


@pytest.mark.parametrize("when", ["before", "after"])
def test_dying_at_any_write_changes_nothing(undisturbed: tuple[World, list[str]], when: str) -> None:
    """Whichever write a worker dies before or after: same tables, same ledger, same single mails."""
    expected, writes = undisturbed
    for number, name in enumerate(writes, start=1):
        found = facts(_with_crash(number, when), EVER)
        assert found == facts(expected, EVER), f"died {when} write {number}, {name}"


def test_hearing_everything_twice_changes_nothing(undisturbed: tuple[World, list[str]]) -> None:
    """Every message delivered twice: same tables, same ledger, same single mails."""
    expected, _ = undisturbed
    world = a_world()
    a_morning(Spine(world, a_web(), copies=2))
    assert facts(world, EVER) == facts(expected, EVER)


@pytest.mark.parametrize("seed", range(20))
def test_disorder_loses_and_doubles_nothing(seed: int) -> None:
    """Messages late, doubled and in any order: every correspondence once, sums that hold, one mail each."""
    world = a_world()
    spine = Spine(world, a_web())
    chance = random.Random(seed)
    spine.schedule.run()
    old = []
    while world.outbox.sent:
        place = chance.randrange(len(world.outbox.sent))
        message, _ = world.outbox.sent.pop(place)
        old.append(message)
        spine.deliver(message)
        spine.deliver(copy.deepcopy(chance.choice(old)))
    world.clock.instant = max(READ_AT, world.clock.instant)
    a_morning(spine)
    found = facts(world, EVER)
    assert found["sums that fail"] == []
    assert sorted(role for *_, role in found["mentions"]["banque-armelie"]).count("same_address") == 1
    assert [ledger.matched for ledger in found["ledgers"]["banque-armelie"]] == [3]
    assert len(found["mails"]) == 3


def test_a_second_pass_over_unchanged_feeds_adds_nothing(undisturbed: tuple[World, list[str]]) -> None:
    """Unchanged feeds answer 304: no document, no mention, and no mail when asked to skip the unchanged."""
    world = copy.deepcopy(undisturbed[0])
    spine = Spine(world, a_web())
    mails = len(world.mailer.sent)
    before = facts(world, EVER)["mentions"]
    spine.schedule.run(force=True)
    spine.drain()
    unchanged = [report.unchanged for report in spine.reports]
    spine.digest.run_on_demand(world.clock.advance(1), skip_unchanged=True)
    spine.drain()
    assert sum(unchanged) == 3
    assert facts(world, EVER)["mentions"] == before
    assert len(world.mailer.sent) == mails


def test_a_source_followed_anew_repeats_nothing_and_the_sums_hold(
    undisturbed: tuple[World, list[str]],
) -> None:
    """A source removed and added again shows its items as new: they are held as seen before, and nothing is lost."""
    world = copy.deepcopy(undisturbed[0])
    spine = Spine(world, a_web())
    sources = world.sources.sources()
    for source in sources:
        world.sources.remove_source(source.source_id)
    spine.follow(*sources)
    spine.schedule.run(force=True)
    spine.drain()
    world.clock.advance(1)
    built = spine.digest.run_on_demand(world.clock())
    assert {digest.client_id: digest.ledger.held for digest in built} == {
        "banque-armelie": {"seen_before": 3},
        "union": {"seen_before": 3},
    }
    assert [wrong for digest in built for wrong in digest.check()] == []
    assert [digest.ledger.carried_out for digest in built] == [0, 0]


def test_one_new_item_adds_exactly_one(undisturbed: tuple[World, list[str]]) -> None:
    """One item added to one feed: exactly that document, its mention and one mail per recipient."""
    world = copy.deepcopy(undisturbed[0])
    web = a_web()
    item = ("La Banque d'Armélie rassure ses clients", "https://radio.test/1", "Aucun compte ne change.")
    web.pages[RADIO] = rss(item)
    spine = Spine(world, web)
    mails = len(world.mailer.sent)
    spine.schedule.run(force=True)
    spine.drain()
    world.clock.advance(1)
    built = spine.digest.run_on_demand(world.clock(), skip_unchanged=True)
    spine.drain()
    assert sum(report.documents for report in spine.reports if hasattr(report, "unchanged")) == 1
    assert [(digest.client_id, digest.totals.retained) for digest in built] == [("banque-armelie", 1)]
    assert len(world.mailer.sent) == mails + 2
