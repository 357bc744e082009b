"""Mentions in partitions of a day, on the emulator."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.adapters.dynamo.conftest import Line
from tests.builders import a_document, a_mention
from tests.conftest import Cloud
from vigie.adapters.dynamo.mention_partitions import marked_days
from vigie.adapters.dynamo.mentions import DynamoMentions
from vigie.adapters.dynamo.owned import DynamoOwned
from vigie.adapters.dynamo.table import Table
from vigie.domain.cutoffs import Interval
from vigie.domain.mentions import Mention
from vigie.ports import Page

pytestmark = pytest.mark.emulator

OURS = "banque-armelie"
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = Interval(NEW_YEAR, datetime(2027, 1, 1, tzinfo=UTC))


@pytest.fixture
def table(cloud: Cloud) -> str:
    """Return an empty table of mentions."""
    return cloud.table()


@pytest.fixture
def mentions(line: Line, table: str) -> DynamoMentions:
    """Return the store of that table."""
    return DynamoMentions(line.client, table, retention_days=395)


def recorded_after(*days: float, client_id: str = OURS) -> list[Mention]:
    """Return mentions recorded so many days after New Year."""
    return [
        a_mention(
            a_document(f"Article {day}", document_id=f"doc-{day}"),
            client_id=client_id,
            recorded_at=NEW_YEAR + timedelta(days=day),
        )
        for day in days
    ]


SPARSE = (0, 0.5, 0.75, 12, 30.999, 31, 58.2, 58.4, 120, 121, 122, 200, 201.5, 300, 364.9)


@pytest.mark.parametrize("limit", [1, 2, 4, 15, 100])
def test_pages_of_a_year_go_over_days_without_mentions(mentions: DynamoMentions, limit: int) -> None:
    """Put together they are the year, newest first, whatever falls on a day, a month's end or a page's end."""
    some = recorded_after(*SPARSE)
    mentions.record(some)
    mentions.record(recorded_after(7, 58.3, client_id="union"))
    shown: list[Mention] = []
    page = Page([], None)
    while not shown or page.cursor:
        page = mentions.page(OURS, YEAR, limit, page.cursor)
        shown += page.mentions
    assert shown == some[::-1]
    assert mentions.recorded_in(OURS, YEAR) == some


def test_only_days_with_mentions_are_asked(line: Line, mentions: DynamoMentions) -> None:
    """Of a year with three days of them: the months, then the three; of two days in a row, those two."""
    mentions.record(recorded_after(3, 100, 101))
    line.requests.clear()
    assert len(mentions.recorded_in(OURS, YEAR)) == 3
    assert line.requests == ["Query"] * 4
    line.requests.clear()
    two_days = Interval(NEW_YEAR + timedelta(days=100), NEW_YEAR + timedelta(days=102))
    assert len(mentions.recorded_in(OURS, two_days)) == 2
    assert line.requests == ["Query"] * 2


def test_a_full_page_asks_no_older_day(line: Line, mentions: DynamoMentions) -> None:
    """Days are asked from the newest on, until the page is full."""
    mentions.record(recorded_after(*range(40), 40.1, 40.2, 40.3))
    line.requests.clear()
    assert len(mentions.page(OURS, YEAR, 2).mentions) == 2
    assert line.requests == ["Query"] * 2


def test_a_day_that_has_just_begun_does_not_make_the_others_look_thin(
    line: Line, mentions: DynamoMentions
) -> None:
    """One mention since midnight, many a day before: one more day fills the page, not eight at once."""
    mentions.record(recorded_after(*(day + tenth / 10 for day in range(30) for tenth in range(5)), 30))
    line.requests.clear()
    assert len(mentions.page(OURS, YEAR, 5).mentions) == 5
    assert line.requests == ["Query"] * 3


def test_a_day_is_marked_once(line: Line, mentions: DynamoMentions, table: str) -> None:
    """Its first batch writes the mark, later ones look at it; a worker that dies after it leaves a mark alone."""
    mentions.record(recorded_after(3.1, 3.2, 3.3))
    assert line.requests.count("UpdateItem") == 1
    mentions.record(recorded_after(3.4, 3.5))
    assert line.requests.count("UpdateItem") == 1
    assert list(marked_days(Table(line.client, table), OURS)) == [date(2026, 1, 4)]


def test_what_a_client_owns_is_in_all_its_partitions(
    line: Line, table: str, mentions: DynamoMentions
) -> None:
    """Taken away and put back, it is whole; erased, nothing is left of it, and everything of a neighbour."""
    some, theirs = recorded_after(*SPARSE), recorded_after(3, 58.2, client_id=f"{OURS}-2")
    mentions.record([*some, *theirs])
    owned = DynamoOwned(line.client, {"mentions": table})
    taken = list(owned.of(OURS))
    assert owned.erase(OURS) == {"mentions": len(taken)}
    assert mentions.recorded_in(OURS, YEAR) == []
    assert list(owned.of(OURS)) == []
    assert mentions.recorded_in(f"{OURS}-2", YEAR) == theirs
    for item in taken:
        owned.put(item)
    assert mentions.recorded_in(OURS, YEAR) == some
    assert mentions.get(OURS, "doc-120") == some[8]
