"""Mention desk: the same pages whether the index was made or not, at a bounded price."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_client, a_document, a_mention
from tests.fakes import FakeAccounts, FakeBlobs, FakeMentions, World
from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Question, Wanted
from vigie.domain.mentions import Mention
from vigie.errors import BadField
from vigie.steps.mention_desk import MentionDesk
from vigie.steps.search_index import IndexMentions, manifest_key, manifest_of, part_key
from vigie.steps.usage_desk import UsageDesk

OURS = "banque-armelie"
NOW = datetime(2026, 12, 8, 6, 15, tzinfo=UTC)
EVER = Interval(NOW - timedelta(days=395), NOW)
WORDS = ("guichet", "grève", "rappel", "l'usine du Vaurel", "Marie Tournemire")


class Bench:
    """A client's mentions, its index, and the desk; the clock is ``now``."""

    def __init__(self) -> None:
        self.now = NOW
        self.mentions, self.blobs, self.accounts = FakeMentions(), FakeBlobs(), FakeAccounts()
        self.accounts.put_client(a_client(created_at=EVER.since))
        self.desk = MentionDesk(mentions=self.mentions, blobs=self.blobs, clock=lambda: self.now)
        self.index = IndexMentions(
            accounts=self.accounts,
            mentions=self.mentions,
            blobs=self.blobs,
            clock=lambda: self.now,
            retention_days=395,
        )

    def put(self, title: str, ago: timedelta, **fields: object) -> Mention:
        """Record a mention so long before now."""
        document = a_document(title, document_id=f"d{len(self.mentions._mentions):05d}", **fields)
        mention = a_mention(document, recorded_at=self.now - ago)
        self.mentions.record([mention])
        return mention

    def all(self, question: Question, limit: int = 20) -> list[str]:
        """Return the titles that a question brings, page after page."""
        titles, cursor = [], None
        for _ in range(10_000):
            page = self.desk.page(question, limit, cursor)
            assert len(page.mentions) <= limit
            titles += [mention.document.title for mention in page.mentions]
            cursor = page.cursor
            if cursor is None:
                return titles
        raise AssertionError("a cursor that never ends")


def asking(words: str | None, **wanted: object) -> Question:
    """Return a question on everything recorded."""
    return Question(client_id=OURS, interval=EVER, words=words, wanted=Wanted(**wanted))  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.integers(0, 300 * 24 * 60), st.sampled_from(WORDS)), max_size=60
    ),
    st.sampled_from(
        ["guichet", "grève OR rappel", '"usine du Vaurel"', "NOT guichet", "rappel NEAR/3 marie"]
    ),
    st.integers(1, 7),
)
def test_a_search_finds_the_same_with_an_index_or_without(
    told: list[tuple[str, int, str]], words: str, limit: int
) -> None:
    """Whatever is indexed, the same mentions come, once each, newest first."""
    bench = Bench()
    for first, minutes, second in told:
        bench.put(f"{first} et {second}", timedelta(minutes=minutes + 1))
    before = bench.all(asking(words), limit)
    bench.index.run()
    assert bench.all(asking(words), limit) == before
    assert manifest_of(bench.blobs, OURS) is not None


def test_days_become_months_and_nothing_is_lost() -> None:
    """Run hour after hour for weeks, dying here and there, the index names every mention, in few files."""
    bench = Bench()
    bench.now = datetime(2026, 10, 1, tzinfo=UTC)
    for hour in range(45 * 24):
        bench.now += timedelta(hours=1)
        if hour % 5 == 0:
            bench.put(f"Rappel {hour}", timedelta(minutes=30))
        if hour % 7:  # the others died
            bench.index.run()
    manifest = manifest_of(bench.blobs, OURS)
    assert manifest is not None
    assert "2026-10" in manifest.spans
    assert not [span for span in manifest.spans if span.startswith("2026-10-")]
    question = replace(asking("rappel"), interval=Interval(bench.now - timedelta(days=60), bench.now))
    assert bench.all(question) == [f"Rappel {hour}" for hour in range(45 * 24 - 5, -1, -5)]


def test_a_months_use_is_what_was_recorded_in_it() -> None:
    """Counted by the index, and on the spot since its last run; held ones are documents only, history is neither."""
    bench = Bench()
    bench.now = datetime(2026, 11, 1, tzinfo=UTC)
    world = World()
    usage = UsageDesk(
        mentions=bench.mentions, deliveries=world.deliveries, blobs=bench.blobs, clock=lambda: bench.now
    )
    client = a_client(monthly_mentions=100)
    for day in range(40):
        bench.now = datetime(2026, 11, 1, 12, tzinfo=UTC) + timedelta(days=day)
        bench.put(f"Rappel {day}", timedelta(hours=1))
        if day % 9:
            bench.index.run()
    held = a_mention(a_document("Double"), recorded_at=bench.now - timedelta(minutes=2), status="held")
    old = a_mention(a_document("Ancien"), recorded_at=bench.now - timedelta(minutes=1), backfilled=True)
    bench.mentions.record([held, old])
    world.deliveries.mark_sent(OURS, f"{OURS}_20261208T061500Z_0123456789abcdef", "ses-1", bench.now)
    found = usage.of(client)
    assert (found.month, found.mentions, found.documents, found.mails) == ("2026-12", 10, 11, 1)
    assert found.share_of_plan == 0.1


def test_what_was_withdrawn_or_may_no_longer_be_kept_is_not_found() -> None:
    """The index may still name it: what is shown is read from the table."""
    bench = Bench()
    gone = bench.put("Rappel retiré", timedelta(hours=3))
    bench.put("Rappel gardé un temps", timedelta(hours=2), retain_until=NOW + timedelta(hours=1))
    bench.put("Rappel", timedelta(hours=1))
    bench.index.run()
    assert len(bench.all(asking("rappel"))) == 3
    bench.mentions.withdraw(OURS, gone.document.document_id, NOW)
    bench.now += timedelta(hours=2)
    assert bench.all(asking("rappel")) == ["Rappel"]
    assert bench.all(asking(None)) == ["Rappel"]


def test_words_of_what_was_withdrawn_leave_the_index_in_turn() -> None:
    """Every span is made again some day, from what its table then holds."""
    bench = Bench()
    gone = bench.put("Zibeline", timedelta(days=3))
    for day in range(1, 3):
        bench.put("Autre", timedelta(days=day))
    bench.index.run()
    key = part_key(OURS, f"{gone.recorded_at:%Y-%m-%d}", 0)
    before = bench.blobs.objects[key]
    bench.mentions.withdraw(OURS, gone.document.document_id, NOW)
    for _ in range(10):
        bench.now += timedelta(days=1)
        bench.index.run()
    assert bench.blobs.objects[key] != before


def test_a_page_costs_no_more_whatever_is_looked_for() -> None:
    """Of thousands of mentions that a filter refuses, a page reads a bounded number, and its cursor goes on."""
    bench = Bench()
    for n in range(900):
        bench.put(f"Rappel {n}", timedelta(minutes=10 * n + 10))
    for words in (None, "rappel"):
        for indexed in range(2):
            page = bench.desk.page(asking(words, tone="positive"), 20)
            assert (page.mentions, page.cursor is None) == ([], False), (words, indexed)
            assert bench.all(asking(words, tone="positive")) == []
            bench.index.run()


def test_a_cursor_is_good_for_its_question_while_mentions_come_in() -> None:
    """The second page holds neither what came since nor what the first held; another question refuses it."""
    bench = Bench()
    for n in range(6):
        bench.put(f"Rappel {n}", timedelta(hours=n + 1))
    bench.index.run()
    first = bench.desk.page(asking("rappel"), 3)
    bench.put("Rappel tout frais", timedelta(minutes=1))
    bench.index.run()
    second = bench.desk.page(asking("rappel"), 3, first.cursor)
    assert [m.document.title for m in second.mentions] == ["Rappel 3", "Rappel 4", "Rappel 5"]
    for other in (asking("grève"), asking(None), replace(asking("rappel"), client_id="union")):
        with pytest.raises(BadField, match="cursor"):
            bench.desk.page(other, 3, first.cursor)
    for wrong in ("x", "é", "AAAA", (first.cursor or "")[8:]):
        with pytest.raises(BadField, match="cursor"):
            bench.desk.page(asking("rappel"), 3, wrong)


def test_an_index_with_a_hole_says_so() -> None:
    """A file that is gone or broken takes its mentions along, and the answer tells it."""
    bench = Bench()
    lost = bench.put("Rappel perdu", timedelta(days=2))
    bench.put("Rappel", timedelta(days=1))
    bench.index.run()
    bench.blobs.objects[part_key(OURS, f"{lost.recorded_at:%Y-%m-%d}", 0)] = b"no segment"
    page = bench.desk.page(asking("rappel"), 20)
    assert ([m.document.title for m in page.mentions], page.complete) == (["Rappel"], False)


def test_a_manifest_that_cannot_be_read_is_made_anew() -> None:
    """Without one everything is looked through; the next run indexes all again."""
    bench = Bench()
    bench.put("Rappel", timedelta(days=2))
    bench.index.run()
    bench.blobs.objects[manifest_key(OURS)] = b"{"
    assert bench.all(asking("rappel")) == ["Rappel"]
    bench.index.run()
    assert manifest_of(bench.blobs, OURS) is not None


def test_raw_is_refused_with_a_remedy() -> None:
    """The index keeps no text, so that it cannot answer for characters."""
    with pytest.raises(BadField) as refusal:
        Bench().desk.page(asking("guichet (raw:X OR rappel)"), 20)
    assert (refusal.value.field, refusal.value.remedy) == ("q", "Write the words without raw:.")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"tone": "negative"}, ["Grève"]),
        ({"purpose": "competitor"}, []),
        ({"watch": "brand", "platform": "bluesky"}, ["Fil"]),
        ({"channel": "social"}, ["Fil"]),
        ({"source": "la-gazette"}, ["Grève"]),
        ({"status": "held"}, ["Fil"]),
        ({"status": "kept"}, ["Grève", "Rappel"]),
        ({"impact": "unfavourable"}, []),
    ],
)
def test_filters_keep_what_they_name(wanted: dict[str, str], found: list[str]) -> None:
    """Each filter keeps the mentions that have its value; without one, all are listed."""
    bench = Bench()
    bench.mentions.record(
        [
            a_mention(
                a_document("Fil", platform="bluesky", type="post"),
                recorded_at=NOW - timedelta(hours=1),
                status="held",
                held_reason="same_address",
            ),
            a_mention(
                a_document("Grève", source_id="la-gazette"),
                tone="negative",
                recorded_at=NOW - timedelta(hours=2),
            ),
            a_mention(a_document("Rappel"), recorded_at=NOW - timedelta(hours=3)),
        ]
    )
    assert bench.all(asking(None, **{"status": "all", **wanted})) == found
