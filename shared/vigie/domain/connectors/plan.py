"""Which searches a stack makes on a platform, for whom, and how often each client's share of it allows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from vigie.domain.clients import Watch
from vigie.domain.connectors.native import Syntax, native_queries
from vigie.domain.connectors.pushdown import Alternative, Place, alternatives
from vigie.domain.query import Query

UnsearchableReason = Literal["no_sure_word", "too_long"]
"""No word of the query is sure to be in what it matches; or one is longer than the platform can be asked."""


URGENT = "crisis"  # the purpose of watches that may spend the reserve of a budget
EVERYBODY = ""  # stands for all clients; none is called so


@dataclass(frozen=True, slots=True)
class Search:
    """One query to ask a platform, and the clients it is asked for; ``urgent`` when a crisis is watched by it."""

    native: str
    clients: frozenset[str]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Unsearchable:
    """A watch that a platform cannot be searched for, or not for all of it, and why."""

    client_id: str
    watch_id: str
    reason: UnsearchableReason


@dataclass(frozen=True, slots=True)
class Plan:
    """The searches of a platform, and the watches that none of them serves though they might match there."""

    searches: tuple[Search, ...]
    unsearchable: tuple[Unsearchable, ...] = ()


def plan_searches(
    watches: Iterable[tuple[Watch, Query]], place: Place, syntax: Syntax, *, packed: bool = False
) -> Plan:
    """Return the searches that together find whatever any watch could match at ``place``.

    Each watch has its own searches, shared by those who ask the same; ``packed`` joins the alternatives of
    all watches instead, for platforms where a search is dear (YouTube: 100 a day for everybody).
    """
    needs: dict[bool, dict[Alternative, set[str]]] = {True: {}, False: {}}
    clients_of: dict[str, set[str]] = {}
    urgent: set[str] = set()
    unsearchable = []
    for watch, query in watches:
        wanted = alternatives(query, place)
        native = native_queries([need for need in wanted if need], syntax)
        if frozenset() in wanted or native.unasked:
            reason: UnsearchableReason = "no_sure_word" if frozenset() in wanted else "too_long"
            unsearchable.append(Unsearchable(watch.client_id, watch.watch_id, reason))
        for need in wanted:
            needs[watch.purpose == URGENT].setdefault(need, set()).add(watch.client_id)
        for text in native.queries:
            clients_of.setdefault(text, set()).add(watch.client_id)
            urgent |= {text} if watch.purpose == URGENT else set()
    if packed:
        searches = [*_packed(needs[True], syntax, urgent=True), *_packed(needs[False], syntax, urgent=False)]
    else:
        searches = [Search(text, frozenset(who), text in urgent) for text, who in clients_of.items()]
    return Plan(tuple(searches), tuple(unsearchable))


def follow_feeds(natives: Iterable[str]) -> Plan:
    """Return the searches that feeds followed ask for: everybody's and nobody's, they share the budget alike."""
    return Plan(tuple(Search(native, frozenset({EVERYBODY})) for native in dict.fromkeys(natives)))


def _packed(needs: Mapping[Alternative, set[str]], syntax: Syntax, *, urgent: bool) -> list[Search]:
    """Join all alternatives, in an order that a new one hardly disturbs."""
    ordered = sorted((need for need in needs if need), key=sorted)
    everybody = frozenset[str]().union(*(needs[need] for need in ordered))
    return [Search(text, everybody, urgent) for text in native_queries(ordered, syntax).queries]


def share_seconds(
    searches: Sequence[Search], *, calls: int, window_seconds: int, reserve: float = 0.1
) -> dict[str, float]:
    """Return how long to wait between two askings of each search, so that every client has an equal share.

    ``calls`` is what the platform allows in a window; ``reserve`` of them are kept for urgent polls. A client
    with many searches asks each less often; a search that several share goes at the pace of the best served.
    """
    clients = {client for search in searches for client in search.clients}
    if not clients:
        return {}
    each = calls * (1 - reserve) / len(clients)
    counts = {client: sum(client in search.clients for search in searches) for client in clients}
    return {
        search.native: min(window_seconds * counts[client] / each for client in search.clients)
        for search in searches
    }
