"""What a file seeds and what has become of it: a client's own changes stand, and are shown.

Three states are compared, fact by fact: what the file says now, what was last seeded from it, what stands in the
stack. Where the stack still holds what was seeded, the file leads. Where it holds something else, somebody changed it
since through the API, and it is theirs; undone by them, the file leads again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from vigie.domain.clients import Client, Recipient, Watch
from vigie.domain.sources import Source
from vigie.views import of_client, plain

Facts = Mapping[str, Any]
"""Values by address: ``name``, ``recipients[ana@example.org]``, ``watches[marque]``, ``sources[…]``; all of JSON."""

Action = Literal["create", "update", "remove", "keep"]
CLIENT_FIELDS = ("name", "locale", "zone", "schedule", "reviewer", "monthly_mentions")


class _Absent:
    """Stands for what is not there: no value of JSON does."""


_ABSENT: Any = _Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is to be done with one fact. ``keep``: what stands is somebody's own, whatever is ``filed``."""

    address: str
    action: Action
    filed: Any = None
    standing: Any = None


def client_facts(client: Client | None, watches: Sequence[Watch]) -> dict[str, Any]:
    """Return what a file could have seeded of a client, as it stands or as it is wanted."""
    if client is None:
        return {}
    shown = of_client(client) | {"monthly_mentions": client.monthly_mentions}
    return (
        {name: _said(shown[name]) for name in CLIENT_FIELDS}
        | {_recipient(each["email"]): _said(each) for each in shown["recipients"]}
        | {f"watches[{watch.watch_id}]": _said(_watch(watch)) for watch in watches}
    )


@dataclass(frozen=True, slots=True)
class Packed:
    """A source of a pack, and the ids that it had in earlier versions of it."""

    source: Source
    was: tuple[str, ...] = ()


def moved(seeded: Facts, standing: Facts, packed: Iterable[Packed]) -> dict[str, Any]:
    """Return what was seeded, a source that was removed since under the id that its pack gives it now.

    Who removed one of its former addresses has removed it: a pack that moves it does not bring it back.
    """
    found = dict(seeded)
    for each in packed:
        for address in (f"sources[{old}]" for old in each.was):
            if address in found and address not in standing:
                del found[address]
                found.update(source_facts([each.source]))
    return found


def source_facts(sources: Iterable[Source]) -> dict[str, Any]:
    """Return what packs could have seeded: the feeds, without the searches that are planned from watches."""
    return {f"sources[{each.source_id}]": _said(plain(each)) for each in sources if each.connector is None}


def steps(filed: Facts, seeded: Facts, standing: Facts) -> list[Step]:
    """Return what is to be done so that the stack follows its file, in the order of addresses."""
    found = []
    for address in sorted({*filed, *seeded, *standing}):
        wanted, before, now = (each.get(address, _ABSENT) for each in (filed, seeded, standing))
        if wanted == now:
            continue
        action: Action = "keep"
        if now == before:  # nobody touched it
            action = "create" if now is _ABSENT else "remove" if wanted is _ABSENT else "update"
        found.append(Step(address=address, action=action, filed=_shown(wanted), standing=_shown(now)))
    return found


def seeded_after(filed: Facts, seeded: Facts, done: Iterable[Step]) -> dict[str, Any]:
    """Return what is remembered as seeded: the file, except where somebody's own stands instead."""
    kept = {step.address for step in done if step.action == "keep"}
    return {address: value for address, value in filed.items() if address not in kept} | {
        address: value for address, value in seeded.items() if address in kept
    }


def merged(standing: Client, wanted: Client, done: Iterable[Step]) -> Client:
    """Return a client with the fields and recipients that its file may set as the file has them."""
    led = {step.address for step in done if step.action != "keep"}
    fields = {name: getattr(wanted, name) for name in CLIENT_FIELDS if name in led}
    return replace(standing, recipients=_recipients(standing, wanted, led), **fields)


def _recipients(standing: Client, wanted: Client, led: set[str]) -> tuple[Recipient, ...]:
    """Return the recipients in the order they stand in, those that come behind."""
    filed = {_recipient(each.email): each for each in wanted.recipients}
    there = {_recipient(each.email): each for each in standing.recipients}
    led_now = {address: filed[address] for address in filed if address in led}
    kept = {address: each for address, each in there.items() if address not in led or address in filed}
    return tuple({**kept, **led_now}.values())


def _recipient(email: str) -> str:
    return f"recipients[{email.casefold()}]"


def _watch(watch: Watch) -> dict[str, Any]:
    return {
        "name": watch.name,
        "purpose": watch.purpose,
        "query": watch.query,
        "entity": plain(watch.entity) if watch.entity else None,
    }


def _said(value: Any) -> Any:
    """Return a value without what it leaves open: a field that a later release adds changes no fact of before."""
    if not isinstance(value, dict):
        return value
    return {name: _said(each) for name, each in value.items() if each or type(each) is int}


def _shown(value: Any) -> Any:
    return None if value is _ABSENT else value
