"""Packs: clients follow them, and the stack follows what they hold, today's version of it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from vigie.domain.clients import Client
from vigie.domain.packs.following import PACKS_LIMIT, Brought, Following, edition_of, upkeep, wanted
from vigie.domain.packs.pack import Pack, pack_named
from vigie.errors import BadField, Conflict, NotFound
from vigie.messages import ShardDue
from vigie.ports import Clock, Outbox, SourceStore


class PackStore(Protocol):
    """Who follows which packs, and what they brought to the stack."""

    def followings(self, client_id: str) -> list[Following]:
        """Return a client's, by the name of the pack."""
        ...

    def all_followings(self) -> list[Following]:
        """Return everybody's."""
        ...

    def change(
        self, client_id: str, pack: str, decide: Callable[[Following | None], Following | None]
    ) -> Following | None:
        """Replace a following by what is decided of it as it stands, and move the version in the same write."""
        ...

    def version(self) -> int:
        """Return a number that grows whenever any following changes. Ask before reading them, not after."""
        ...

    def brought(self) -> Brought:
        """Return what packs brought."""
        ...

    def keep_brought(self, brought: Brought) -> None:
        """Remember what packs brought."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDesk:
    """Lets clients follow packs, and leave out what they do not want of them."""

    store: PackStore
    clock: Clock

    def followings(self, client: Client) -> list[Following]:
        """Return what a client follows."""
        return self.store.followings(client.client_id)

    def following(self, client: Client, name: str) -> Following:
        """Return one pack that a client follows. Raises NotFound."""
        found = next((each for each in self.followings(client) if each.pack == name), None)
        if found is None:
            raise NotFound(f"{client.client_id} does not follow the pack {name}.")
        return found

    def follow(
        self,
        client: Client,
        name: str,
        removed: Sequence[str] = (),
        check: Callable[[Following], None] = lambda _: None,
    ) -> Following:
        """Follow a pack but for the ``removed`` sources, by id; again, to change which.

        ``check`` is asked of the following as it stands, in the write itself. Raises NotFound, BadField or Conflict.
        """
        pack = pack_named(name)
        others = {each.pack for each in self.followings(client)} - {name}
        if len(others) >= PACKS_LIMIT:
            raise Conflict(f"There are {PACKS_LIMIT} packs already; leave one first.")

        def decide(standing: Following | None) -> Following:
            if standing is not None:
                check(standing)
            _check_removed(pack, removed, standing)
            kept = tuple(dict.fromkeys(removed))
            if standing is not None:
                return replace(standing, removed=kept)
            now = self.clock()
            return Following(client_id=client.client_id, pack=name, followed_at=now, removed=kept)

        changed = self.store.change(client.client_id, name, decide)
        assert changed is not None  # what is decided is never nothing  # noqa: S101
        return changed

    def leave(self, client: Client, name: str) -> None:
        """Follow a pack no more. Raises NotFound."""
        self.following(client, name)
        self.store.change(client.client_id, name, lambda _: None)


def _check_removed(pack: Pack, removed: Sequence[str], standing: Following | None) -> None:
    known = {id_ for each in pack.sources for id_ in each.ids} | set(standing.removed if standing else ())
    for place, source_id in enumerate(removed):
        if source_id not in known:
            problem = f"{source_id!r} is no source of the pack {pack.name}"
            raise BadField(f"removed[{place}]", problem, f"Name some that GET /packs/{pack.name} lists.")


@dataclass(slots=True, kw_only=True)
class KeepUp:
    """Makes the stack follow what its clients' packs hold; what a version of the code brings, too.

    It is run every minute. ``_done`` spares it, in one process, all but one reading.
    """

    store: PackStore
    sources: SourceStore
    outbox: Outbox
    packs: Callable[[], Mapping[str, Pack]]
    clock: Clock
    shard_count: int
    _done: int | None = field(default=None, init=False)

    def run(self) -> int:
        """Follow what is wanted, and nothing that packs brought and nobody wants; return how many sources changed."""
        version = self.store.version()
        if version in (0, self._done):
            return 0
        packs, brought = self.packs(), self.store.brought()
        edition = hashlib.sha256(edition_of(packs.values()).encode()).hexdigest()[:16]
        changed = 0
        if (brought.version, brought.edition) != (version, edition):
            changed = self._change(packs, brought, version, edition)
        self._done = version
        return changed

    def _change(self, packs: Mapping[str, Pack], brought: Brought, version: int, edition: str) -> int:
        followed = {source.source_id: source for source in self.sources.sources()}
        plan = upkeep(wanted(self.store.all_followings(), packs), followed, frozenset(brought.source_ids))
        # Named before they are added: what a worker that dies in between adds is still known to be a pack's.
        both = tuple(sorted({*brought.source_ids, *plan.source_ids}))
        self.store.keep_brought(Brought(source_ids=both))
        self.sources.put_sources(plan.add, self.shard_count)
        for source_id in plan.remove:
            self.sources.remove_source(source_id)
        shards = {self.sources.place(source.source_id) for source in plan.add}
        now = self.clock()
        self.outbox.send([ShardDue(shard=shard, due_at=now) for shard in sorted(filter(None, shards))])
        self.store.keep_brought(Brought(version=version, edition=edition, source_ids=plan.source_ids))
        return len(plan.add) + len(plan.remove)
