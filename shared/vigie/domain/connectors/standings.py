"""How each platform stands for a client or a stack: followed, waiting, refused, or out of reach. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vigie.domain.connectors.followed import ClientPlan, StackPlan, family_of
from vigie.domain.connectors.offer import FAMILIES, Family, family_named, label_of
from vigie.domain.connectors.outcomes import Coverage
from vigie.domain.connectors.plan import Unsearchable
from vigie.domain.sources import SourceState

Status = Literal["active", "needs_authorisation", "needs_contract", "not_offered"]

_CLOSED: dict[str, Status] = {
    "open": "not_offered",  # it needs nothing, and so is missing only where it was switched off
    "authorisation": "needs_authorisation",
    "contract": "needs_contract",
    "never": "not_offered",
}
_NARROWER: tuple[Coverage, ...] = ("complete", "sampled", "truncated")
_UNAUTHORISED = ("unauthorised", "terms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one connector stands.

    Of its ``searches``, ``limited`` wait for a budget or for the platform's patience, the last until
    ``limited_until``; ``failing`` were not answered. ``coverage`` is what the narrowest search brings of what there
    is, None where none was made. ``trouble`` says why a credential cannot be used. ``unsearchable`` are the watches
    that no search serves, or not wholly.
    """

    connector: str
    label: str
    status: Status
    coverage: Coverage | None = None
    searches: int = 0
    limited: int = 0
    limited_until: datetime | None = None
    failing: int = 0
    trouble: str | None = None
    unsearchable: tuple[Unsearchable, ...] = ()


def standings(
    stack: StackPlan, plan: ClientPlan, states: Mapping[str, SourceState], now: datetime
) -> list[Standing]:
    """Return how every platform stands, in the order they are offered, each connector of it by name.

    ``plan`` is what is searched for whoever asks; ``states`` are those of all sources.
    """
    known = {family.family for family in FAMILIES}
    others = [family_named(name) for name in stack.connectors if family_of(name) not in known]
    families = (*FAMILIES, *dict.fromkeys(others))
    return [standing for family in families for standing in _of_family(family, stack, plan, states, now)]


def _of_family(
    family: Family, stack: StackPlan, plan: ClientPlan, states: Mapping[str, SourceState], now: datetime
) -> Iterator[Standing]:
    names = [name for name in stack.connectors if family_of(name) == family.family]
    if not names:
        status: Status = _CLOSED.get(family.access, "active")
        trouble = stack.troubles.get(family.family)
        yield Standing(connector=family.family, label=family.label, status=status, trouble=trouble)
    for name in names:
        searches = plan.searches.get(name, ())
        found = [state for id_ in searches if (state := states.get(id_))]
        yield _standing(name, len(searches), found, plan.unsearchable.get(name, ()), now)


def _standing(
    name: str,
    searches: int,
    states: Sequence[SourceState],
    unsearchable: tuple[Unsearchable, ...],
    now: datetime,
) -> Standing:
    waiting = [state.next_poll_at for state in states if is_limited(state, now) and state.next_poll_at]
    failing = [state.failure or "" for state in states if state.failures]
    refused = next((failure for failure in failing if failure.startswith(_UNAUTHORISED)), None)
    return Standing(
        connector=name,
        label=label_of(name),
        status="needs_authorisation" if refused else "active",
        coverage=_narrowest(state.coverage for state in states) or _expected(name, searches),
        searches=searches,
        limited=len(waiting),
        limited_until=max(waiting, default=None),
        failing=len(failing),
        trouble=refused.partition(": ")[2] or refused if refused else None,
        unsearchable=unsearchable,
    )


def is_limited(state: SourceState, now: datetime) -> bool:
    """Tell whether a search waits for a budget or for the platform's patience."""
    return state.limited is not None and state.next_poll_at is not None and state.next_poll_at > now


def _narrowest(coverages: Iterable[str | None]) -> Coverage | None:
    there = set(coverages)
    return next((coverage for coverage in reversed(_NARROWER) if coverage in there), None)


def _expected(name: str, searches: int) -> Coverage | None:
    return "sampled" if searches and family_named(name).sampled else None
