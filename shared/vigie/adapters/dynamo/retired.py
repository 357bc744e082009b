"""Identity keys that left a source's window, kept in case their articles come back.

::

    RETIRED#<source>   RECENT#<place>   keys that retired lately, in the order they did, and the ``run`` they are of
    RETIRED#<source>   <part>#<run>     the part of an earlier run (about 1,500 keys): keys that begin alike

Keys retire some dozens at a time, and are looked for a few at a time. Written at once where a few are best found,
apart by their first bits, dozens would cost dozens of writes; so they gather in RECENT, one item of a write unit
after the other, and a whole run is spread over its parts. RECENT's places are then used again: until its place is
overwritten a key is found twice. What is written depends on what is there and on the keys alone, so that writing a
poll's keys twice changes nothing.

A search reads RECENT (about 12 KB) and the parts its keys may be in, all runs of a part together, for a query pays
for bytes. Parts may be read as they were a moment ago: what was just spread is still in RECENT.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import groupby

from vigie.adapters.dynamo.table import Item, Table, chunks
from vigie.ports import RETIRED_DAYS

RUN_KEYS = 1_536
PLACE_KEYS = 104  # with its names an item of so many stays within a write unit
PARTS = 64
_GRACE_DAYS = 30  # a key that retires again so soon is not written again
_READERS = 8  # boto3 keeps ten connections
_KEY_BYTES = 8
_RECENT = "RECENT"


class RetiredKeys:
    """The retired keys of a table's sources."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, asked: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
        """Return those of the keys that have retired, by source."""
        wanted = {source_id: frozenset(keys) for source_id, keys in asked.items()}
        places = [
            (source_id, place)
            for source_id, keys in wanted.items()
            for place in (_RECENT, *sorted({_part(key) for key in keys}))
        ]
        found: dict[str, set[str]] = {}
        with ThreadPoolExecutor(_READERS) as readers:
            for (source_id, _), items in zip(places, readers.map(self._read, places), strict=True):
                kept = {key for item in items for key in _keys(item)}
                found.setdefault(source_id, set()).update(kept & wanted[source_id])
        return {source_id: frozenset(keys) for source_id, keys in found.items() if keys}

    def add(self, source_id: str, keys: Sequence[str], at: datetime) -> None:
        """Keep keys that retired ``at``, in this order."""
        recent = self._read((source_id, _RECENT))
        run = max((int(item["run"]) for item in recent), default=0)
        current = [item for item in recent if item["run"] == run]
        still = {key for item in current if item["expires_at"] >= _expiry(at, 0) for key in _keys(item)}
        fresh = [key for key in dict.fromkeys(keys) if key not in still]
        if fresh and _count(current) >= RUN_KEYS:
            run, current = run + 1, []
        written = _appended(source_id, current, fresh, run, at)
        self._table.write_many(puts=written)
        run_items = {item["sk"]: item for item in (*current, *written)}
        if _count(run_items.values()) >= RUN_KEYS:
            self._table.write_many(puts=_spread(source_id, run_items.values(), run, at))

    def forget(self, source_id: str) -> None:
        """Forget a source's keys."""
        pk = _pk(source_id)
        self._table.write_many(deletes=[(pk, item["sk"]) for item in self._table.query(pk)])

    def _read(self, place: tuple[str, str]) -> list[Item]:
        source_id, part = place
        items = self._table.query_prefix(_pk(source_id), f"{part}#", consistent=part == _RECENT)
        return list(items)


def _appended(
    source_id: str, current: Sequence[Item], fresh: Sequence[str], run: int, at: datetime
) -> list[Item]:
    """Return the items to write so that a run goes on with some keys: in its last item when it has room for them."""
    place, last = -1, list[str]()
    if current:
        place, last = int(str(current[-1]["sk"]).rpartition("#")[2]), _keys(current[-1])
    if fresh and last and len(last) + len(fresh) <= PLACE_KEYS:
        pieces = [[*last, *fresh]]
    else:
        place, pieces = place + 1, list(chunks(fresh, PLACE_KEYS))
    return [
        _item(source_id, f"{_RECENT}#{place + number:03d}", piece, run, at)
        for number, piece in enumerate(pieces)
    ]


def _spread(source_id: str, items: Iterable[Item], run: int, at: datetime) -> list[Item]:
    """Return the parts of a whole run."""
    keys = sorted({key for item in items for key in _keys(item)})
    return [
        _item(source_id, f"{part}#{run:05d}", list(own), run, at) for part, own in groupby(keys, key=_part)
    ]


def _item(source_id: str, sk: str, keys: Sequence[str], run: int, at: datetime) -> Item:
    packed = bytes.fromhex("".join(keys))
    return {
        "pk": _pk(source_id),
        "sk": sk,
        "keys": packed,
        "run": run,
        "expires_at": _expiry(at, _GRACE_DAYS),
    }


def _keys(item: Item) -> list[str]:
    data = bytes(item["keys"])
    return [data[start : start + _KEY_BYTES].hex() for start in range(0, len(data), _KEY_BYTES)]


def _count(items: Iterable[Item]) -> int:
    return sum(len(bytes(item["keys"])) // _KEY_BYTES for item in items)


def _part(key: str) -> str:
    return f"{int(key[:2], 16) * PARTS // 256:02x}"


def _expiry(at: datetime, grace_days: int) -> int:
    return int((at + timedelta(days=RETIRED_DAYS + grace_days)).timestamp())


def _pk(source_id: str) -> str:
    return f"RETIRED#{source_id}"
