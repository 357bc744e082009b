"""Why: what became of an address. Reads every store, writes none; what it means is ``domain.why``'s to say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from vigie.domain.clients import Client, Watch
from vigie.domain.cutoffs import Interval
from vigie.domain.findings import Finding, Search, Sighting, Standing
from vigie.domain.sources import health
from vigie.domain.urls import canonical_url, site_of
from vigie.domain.why import (
    concerns,
    judge_address,
    shares_site,
    tell_parked,
    tell_sighting,
    tell_source,
)
from vigie.errors import BadField, NotFound
from vigie.ports import AccountStore, Blobs, Clock, LedgerStore, SourceStore
from vigie.steps.archive import ArchivedDocument, find_documents, poll_keys, shard_in
from vigie.steps.fates import Fates

PARKED_READ = 1_000
DAYS_AT_MOST = 366  # the bucket keeps thirty unless the stack says otherwise


@dataclass(frozen=True, slots=True)
class _Shard:
    """A shard: its sources as they stand, and the poll it has yet to apply."""

    name: str
    standings: list[Standing]
    pending: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Answers what became of an address."""

    sources: SourceStore
    blobs: Blobs
    ledger: LedgerStore
    accounts: AccountStore
    fates: Fates
    clock: Clock
    late_after_seconds: int

    def run(
        self, url: str, *, days: int, client_id: str | None = None, tell: Callable[[str], None]
    ) -> list[Finding]:
        """Return the findings on an address, in the order of the flow; ``tell`` hears what takes long.

        The archive of the last ``days`` is read: first the polls of the sources that share the address's site,
        then, when it is in none of them, all others. Raises BadField for what is no web address, NotFound for
        a client that is none.
        """
        if not site_of(url) or not url.lower().startswith(("http://", "https://")):
            raise BadField("URL", f"{url!r} is no web address", "Give it whole: https://….")
        if not 1 <= days <= DAYS_AT_MOST:
            raise BadField("days", f"{days} is out of range", f"Ask for 1 to {DAYS_AT_MOST} days.")
        clients, watches = self._clients(client_id), self._watches(client_id)
        shards = self._shards()
        sightings, search = self._search(url, days, shards, tell)
        standings = _standings(url, shards, sightings)
        firsts = _firsts(sightings)
        parked = self.ledger.parked(PARKED_READ)
        document_ids = [sighting.document.document_id for sighting in firsts]
        findings: list[Finding] = [judge_address(url, sightings, standings, search)]
        findings += map(tell_source, standings)
        findings += (tell_sighting(sighting, self.late_after_seconds) for sighting in sightings)
        findings += (tell_parked(each) for each in parked if concerns(each, (url,), document_ids))
        for sighting in firsts:
            findings += self.fates.of(sighting, clients, watches, parked, every_watch=client_id is not None)
        return findings

    # -- sources and archive --------------------------------------------------------------------------------

    def _shards(self) -> list[_Shard]:
        now = self.clock()
        shards = []
        for head in self.sources.heads():
            sources, states = self.sources.load(head.shard)
            standings = [
                Standing(
                    source=source,
                    state=states.get(source.source_id),
                    health=health(states.get(source.source_id), now, self.late_after_seconds),
                )
                for source in sources
            ]
            shards.append(_Shard(head.shard, standings, head.pending))
        return shards

    def _search(
        self, url: str, days: int, shards: Sequence[_Shard], tell: Callable[[str], None]
    ) -> tuple[list[Sighting], Search]:
        now = self.clock()
        interval = Interval(now - timedelta(days=days), now)
        likely = {
            shard.name
            for shard in shards
            if any(shares_site(url, standing.source.url) for standing in shard.standings)
        }
        keys = poll_keys(self.blobs, interval)
        rounds = (
            [key for key in keys if shard_in(key) in likely],
            [key for key in keys if shard_in(key) not in likely],
        )
        found: list[ArchivedDocument] = []
        search = Search(since=interval.since, polls_read=0)
        for chosen in filter(None, rounds):
            tell(f"reading {len(chosen)} archived polls")
            read = find_documents(self.blobs, chosen, (url, canonical_url(url)))
            found += read.documents
            search = replace(
                search,
                polls_read=search.polls_read + read.polls_read,
                unreadable=search.unreadable + len(read.unreadable),
            )
            if found:
                break
        pending = {shard.pending for shard in shards}
        sightings = [
            Sighting(
                document=each.document,
                batch_id=each.batch_id,
                polled_at=each.polled_at,
                queued=each.key not in pending,
            )
            for each in found
        ]
        return sightings, search

    # -- clients --------------------------------------------------------------------------------------------

    def _clients(self, client_id: str | None) -> list[Client]:
        if client_id is None:
            return self.accounts.clients()
        client = self.accounts.client(client_id)
        if client is None:
            known = ", ".join(each.client_id for each in self.accounts.clients()) or "none yet"
            raise NotFound(f"there is no client {client_id}; the stack has: {known}")
        return [client]

    def _watches(self, client_id: str | None) -> dict[str, list[Watch]]:
        watches: dict[str, list[Watch]] = {}
        for watch in self.accounts.all_watches() if client_id is None else self.accounts.watches(client_id):
            watches.setdefault(watch.client_id, []).append(watch)
        return watches


def _standings(url: str, shards: Sequence[_Shard], sightings: Sequence[Sighting]) -> list[Standing]:
    """Return the sources that share the address's site or brought a document of it; these first."""
    carriers = {sighting.document.source_id for sighting in sightings}
    concerned = [
        replace(standing, carried=standing.source.source_id in carriers)
        for shard in shards
        for standing in shard.standings
        if standing.source.source_id in carriers or shares_site(url, standing.source.url)
    ]
    return sorted(concerned, key=lambda each: (not each.carried, each.source.source_id))


def _firsts(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Return the first sighting of each document: a poll that died between archive and commit leaves two."""
    return list({each.document.document_id: each for each in reversed(sightings)}.values())[::-1]
