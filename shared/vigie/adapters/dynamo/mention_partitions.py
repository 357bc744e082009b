"""How a client's mentions are laid out: guards apart, mentions by the day, and which days have some.

::

    CLIENT#<client>         DAYS#<month>                    a flag a day (``d22``) that may have mentions
    CLIENT#<client>#<day>   MENTION#<recorded_at>#<id>      the mentions recorded on that UTC day, in order
    CLIENT#<client>#SEEN    SEEN#<id>                       where each mention is

So a partition that is asked stays small however long a client is kept, and however many mentions it has. Months tell
a reader which days to ask: a client who is cited twice a month would cost a question for each day of the year. A day
is marked before its first mention is written: a mark alone costs a question, mentions without a mark would be missed.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from vigie.adapters.dynamo.concurrent import CALLS_AT_ONCE, at_once
from vigie.adapters.dynamo.table import Change, Item, Key, Table
from vigie.adapters.dynamo.values import expiry, instant, stamp
from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Place
from vigie.domain.quotas import month_of

_UNASKED_DAYS = 3  # as many days as an interval may touch and not be looked up: it costs no more to ask them
_INSTANT = timedelta(microseconds=1)


class MentionDays:
    """The partitions of a table of mentions. A mark goes ``retention_days`` after its month."""

    def __init__(self, table: Table, *, retention_days: int) -> None:
        self._table = table
        self._retention_days = retention_days

    def mark(self, client_id: str, day: date) -> None:
        """Tell readers that a day may have mentions, unless they know."""
        pk, sk, flag = f"CLIENT#{client_id}", f"DAYS#{day:%Y-%m}", _flag(day)
        if flag not in (self._table.get(pk, sk, consistent=False) or {}):
            month = month_of(datetime.combine(day, time(), UTC))
            expires_at = expiry(month.until, self._retention_days)
            self._table.update(pk, sk, Change({flag: True, "expires_at": expires_at}))

    def between(self, client_id: str, interval: Interval) -> list[date]:
        """Return the days of an interval that may have mentions of a client, oldest first."""
        first, last = (each.astimezone(UTC).date() for each in (interval.since, interval.until - _INSTANT))
        count = (last - first).days + 1
        if count <= _UNASKED_DAYS:
            return [first + timedelta(days=n) for n in range(count)]
        return [day for day in marked_days(self._table, client_id, first, last) if first <= day <= last]

    def read(
        self,
        client_id: str,
        days: Sequence[date],
        low: str,
        high: str,
        *,
        newest_first: bool = False,
        limit: int | None = None,
        after: str | None = None,
        consistent: bool = True,
    ) -> Iterator[Item]:
        """Yield the mentions of some days whose ``sk`` lies between two, both included, day by day as given.

        ``after`` skips up to and including that one, of the first day; ``limit`` bounds those of each day, and is
        what the caller wants of all. Days are asked some at a time, as many as are likely to be wanted: who is cited
        every other week would be waited for otherwise.
        """

        def ask(place: tuple[int, date]) -> list[Item]:
            number, day = place
            found = self._table.query(
                day_partition(client_id, day),
                low=low,
                high=high,
                newest_first=newest_first,
                limit=limit,
                after=after if number == 0 else None,
                consistent=consistent,
            )
            return list(found)

        places, found = list(enumerate(days)), 0
        while places:
            size = _wave(len(days) - len(places), found, limit)
            for answer in at_once(ask, places[:size]):
                found += len(answer)
                yield from answer
            places = places[size:]


def marked_days(
    table: Table, client_id: str, first: date = date.min, last: date = date.max
) -> Iterator[date]:
    """Yield the marked days of the months from one day's to another's, in order."""
    low, high = (f"DAYS#{day.isoformat()[:7]}" for day in (first, last))
    for item in table.query(f"CLIENT#{client_id}", low=low, high=high):
        month = date.fromisoformat(f"{item['sk'].removeprefix('DAYS#')}-01")
        days = (month.replace(day=number) for number in range(1, monthrange(month.year, month.month)[1] + 1))
        yield from (day for day in days if _flag(day) in item)


def day_partition(client_id: str, day: date) -> str:
    """Return the partition key of a client's mentions of a day."""
    return f"CLIENT#{client_id}#{day.isoformat()}"


def guard_key(client_id: str, mention_id: str) -> Key:
    """Return the key of a mention's guard; those of a document told again begin with its id."""
    return f"CLIENT#{client_id}#SEEN", f"SEEN#{mention_id}"


def partitions(table: Table, client_id: str) -> list[str]:
    """Return all partition keys of a client's, the one that names the others last: who erases can begin again."""
    days = (day_partition(client_id, day) for day in marked_days(table, client_id))
    return [*days, guard_key(client_id, "")[0], f"CLIENT#{client_id}"]


def led_to(guard: Item) -> Key:
    """Return the key of the mention that a guard leads to."""
    return key_of(str(guard["pk"]).split("#")[1], guard["at"])


def key_of(client_id: str, sk: str) -> Key:
    """Return the key of a client's mention by its sort key, which says its day."""
    return day_partition(client_id, day_of(sk)), sk


def sort_key(place: Place) -> str:
    """Return the sort key of the mention at a place."""
    return f"MENTION#{stamp(place[0])}#{place[1]}"


def instant_of(sk: str) -> datetime:
    """Return when a mention was recorded, by its sort key."""
    return instant(sk.split("#")[1])


def day_of(sk: str) -> date:
    """Return the UTC day that a mention was recorded on, by its sort key."""
    return instant_of(sk).date()


def _wave(asked_days: int, found: int, wanted: int | None) -> int:
    """Return how many days to ask at once, going by what those before held; all are wanted where nothing is said.

    Never more than were asked so far, where some held any: the first may be a day that has just begun.
    """
    if wanted is None:
        return CALLS_AT_ONCE
    if asked_days == 0:
        return 1
    if found == 0:
        return min(2 * asked_days, CALLS_AT_ONCE)
    return max(1, min(ceil((wanted - found) * asked_days / found), asked_days, CALLS_AT_ONCE))


def _flag(day: date) -> str:
    return f"d{day:%d}"
