"""Connectors: how the platforms stand, for one client or for the whole stack."""

from dataclasses import dataclass

from vigie.domain.connectors.followed import ClientPlan
from vigie.domain.connectors.plan import Unsearchable
from vigie.domain.connectors.standings import Standing, standings
from vigie.ports import AccountStore, Clock, SourceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Connectors:
    """Says what is followed on each platform, and what would be needed. Reads the plan, no credential."""

    accounts: AccountStore
    sources: SourceStore
    clock: Clock

    def of_client(self, client_id: str) -> list[Standing]:
        """Return how each platform stands for a client's own watches."""
        return self._standings(self.accounts.search_plan(client_id))

    def of_stack(self) -> list[Standing]:
        """Return how each platform stands for all clients together."""
        searches: dict[str, tuple[str, ...]] = {}
        for source in self.sources.sources():
            if source.connector is not None:
                searches[source.connector] = (*searches.get(source.connector, ()), source.source_id)
        unsearchable: dict[str, tuple[Unsearchable, ...]] = {}
        for client in self.accounts.clients():
            for name, left in self.accounts.search_plan(client.client_id).unsearchable.items():
                unsearchable[name] = (*unsearchable.get(name, ()), *left)
        return self._standings(ClientPlan(client_id="", searches=searches, unsearchable=unsearchable))

    def _standings(self, plan: ClientPlan) -> list[Standing]:
        return standings(self.sources.search_plan(), plan, self.sources.states(), self.clock())
