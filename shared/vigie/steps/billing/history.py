"""As far back as a plan shows: what is older is kept as the stack keeps it, and comes back with a longer plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Place
from vigie.domain.mentions import Mention
from vigie.domain.plans import shortest_history_days
from vigie.ports import BillingStore, Clock, MentionStore, Page, Recording


@dataclass(frozen=True, slots=True)
class PlanHistory:
    """Asks a client's subscription; a client without one (an agency's) sees all that is kept."""

    billing: BillingStore
    clock: Clock

    def since(self, client_id: str) -> datetime | None:
        """Return the instant before which a client's plan shows nothing, None where it shows all."""
        subscription = self.billing.subscription(client_id)
        if subscription is None:
            return None
        return self.clock() - timedelta(days=subscription.plan.history_days)

    def edge(self, client_id: str, asked_since: datetime) -> datetime | None:
        """Return where a plan cuts what is asked from ``asked_since`` on, None where it hides nothing of it.

        The subscription is not read for what every plan shows: most of what is asked is recent.
        """
        if asked_since >= self.clock() - timedelta(days=shortest_history_days()):
            return None
        since = self.since(client_id)
        return since if since and asked_since < since else None


@dataclass(frozen=True, slots=True)
class RecentMentions(MentionStore):
    """``mentions``, less those recorded before what their client's plan shows."""

    mentions: MentionStore
    history: PlanHistory

    def record(self, mentions: Sequence[Mention]) -> Recording:
        """Record mentions: a plan is laid over what is read."""
        return self.mentions.record(mentions)

    def withdraw(self, client_id: str, document_id: str, now: datetime) -> None:
        """Blank a client's mentions of a document, those that are not shown too."""
        self.mentions.withdraw(client_id, document_id, now)

    def recorded_in(self, client_id: str, interval: Interval) -> list[Mention]:
        """Return the client's mentions recorded in the interval, oldest first."""
        shown = self._shown(client_id, interval)
        return self.mentions.recorded_in(client_id, shown) if shown else []

    def page(self, client_id: str, interval: Interval, limit: int, cursor: str | None = None) -> Page:
        """Return a page of the client's mentions, newest first."""
        shown = self._shown(client_id, interval)
        if shown is None:
            return Page([], None)
        # A cursor is of the interval it was given for: the whole of it is asked again.
        page = self.mentions.page(client_id, interval, limit, cursor)
        recent = [mention for mention in page.mentions if mention.recorded_at >= shown.since]
        is_over = len(recent) < len(page.mentions)
        return replace(page, mentions=recent, cursor=None if is_over else page.cursor)

    def cursor_after(self, client_id: str, place: Place) -> str:
        """Return the cursor that goes on after a place."""
        return self.mentions.cursor_after(client_id, place)

    def at(self, client_id: str, places: Sequence[Place]) -> list[Mention]:
        """Return the client's mentions at some places."""
        asked_since = min((place[0] for place in places), default=None)
        since = self.history.edge(client_id, asked_since) if asked_since else None
        return self.mentions.at(client_id, [place for place in places if since is None or place[0] >= since])

    def get(self, client_id: str, mention_id: str) -> Mention | None:
        """Return one mention of the client."""
        mention = self.mentions.get(client_id, mention_id)
        return mention if mention and self.history.edge(client_id, mention.recorded_at) is None else None

    def _shown(self, client_id: str, interval: Interval) -> Interval | None:
        """Return what of an interval is shown, None when nothing is."""
        since = self.history.edge(client_id, interval.since)
        if since is None:
            return interval
        return Interval(since, interval.until) if since < interval.until else None
