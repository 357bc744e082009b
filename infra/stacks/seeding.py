"""What a stack begins with: its client, watches and sources, out of its file; what was seeded is remembered."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from infra.stacks.client_file import StackFile
from infra.stacks.drift import Packed, Step, client_facts, merged, moved, seeded_after, source_facts, steps
from vigie.domain.clients import Client
from vigie.ports import AccountStore, Blobs, Clock, SourceStore
from vigie.steps.desk import Desk

SEEDED_KEY = "ops/seeded.json"
"""In the stack's bucket, where no rule expires it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeding:
    """Brings a stack in step with its file. Doing it again, or going on where it broke off, changes nothing more."""

    desk: Desk
    accounts: AccountStore
    sources: SourceStore
    blobs: Blobs
    clock: Clock
    shard_count: int
    enrol: Callable[[Client, Client | None], None]

    def plan(self, file: StackFile, packed: Sequence[Packed]) -> list[Step]:
        """Return what seeding would do, and what is somebody's own; ``packed``: the sources of the file's packs."""
        standing = self._standing(file)
        return steps(_filed(file, packed), moved(self._seeded(), standing, packed), standing)

    def run(self, file: StackFile, packed: Sequence[Packed]) -> list[Step]:
        """Do it, and remember it; return what was done and what was left."""
        filed, standing = _filed(file, packed), self._standing(file)
        seeded = moved(self._seeded(), standing, packed)
        done = steps(filed, seeded, standing)
        if file.kind == "client":
            self._put_watches(file, done, self._put_client(file, done))
        self._put_sources(packed, done)
        content = json.dumps(seeded_after(filed, seeded, done), ensure_ascii=False, indent=1)
        self.blobs.put(SEEDED_KEY, content.encode(), "application/json")
        return done

    def _seeded(self) -> dict[str, Any]:
        content = self.blobs.get(SEEDED_KEY)
        return dict(json.loads(content)) if content else {}

    def _standing(self, file: StackFile) -> Mapping[str, Any]:
        """Return what the stack holds of what files seed. The shared tier's clients are nobody's file."""
        facts = source_facts(self.sources.sources())
        if file.kind == "client":
            client = self.accounts.client(file.client)
            facts |= client_facts(client, self.accounts.watches(file.client) if client else ())
        return facts

    def _put_client(self, file: StackFile, done: Sequence[Step]) -> Client:
        wanted = replace(file.to_client(), created_at=self.clock())
        before = self.accounts.client(file.client)
        if before is None:
            self.accounts.put_client(wanted)
            self.enrol(wanted, None)
            return wanted
        changed = self.accounts.change_client(file.client, lambda standing: merged(standing, wanted, done))
        client = changed or before
        self.enrol(client, before)  # whatever changed: a deployment that broke off may have left this undone
        return client

    def _put_watches(self, file: StackFile, done: Sequence[Step], client: Client) -> None:
        asked = {
            f"watches[{watch_id}]": (watch_id, request) for watch_id, request in file.watch_requests().items()
        }
        for step in done:
            if step.action == "remove" and step.address.startswith("watches["):
                self.desk.remove_watch(client, step.address.removeprefix("watches[").removesuffix("]"))
            elif step.action == "create" and step.address in asked:
                watch_id, request = asked[step.address]
                self.desk.create_watch(client, msgspec.structs.replace(request, watch_id=watch_id))
            elif step.action == "update" and step.address in asked:
                self.desk.change_watch(client, *asked[step.address])

    def _put_sources(self, packed: Sequence[Packed], done: Sequence[Step]) -> None:
        led = {step.address: step.action for step in done if step.address.startswith("sources[")}
        sources = [each.source for each in packed]
        wanted = [each for each in sources if led.get(f"sources[{each.source_id}]") in {"create", "update"}]
        if wanted:
            self.sources.put_sources(wanted, self.shard_count)
        for address, action in led.items():
            if action == "remove":
                self.sources.remove_source(address.removeprefix("sources[").removesuffix("]"))


def _filed(file: StackFile, packed: Sequence[Packed]) -> dict[str, Any]:
    facts = source_facts(each.source for each in packed)
    if file.kind == "client":
        facts |= client_facts(file.to_client(), file.to_watches())
    return facts
