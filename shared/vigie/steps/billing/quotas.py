"""Mentions read within their client's quota, and what of it is used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Place
from vigie.domain.mentions import Mention
from vigie.domain.quotas import QuotaUse, counts, held_over_quota, is_over, month_of, reached_at
from vigie.ports import BillingStore, Blobs, Clock, MentionStore, Page, Recording
from vigie.steps.search_index import Manifest, manifest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """Counts mentions as they were recorded, by the hourly index where it has counted them already.

    A client without a subscription has no quota.
    """

    billing: BillingStore
    mentions: MentionStore
    blobs: Blobs
    clock: Clock

    def use(self, client_id: str) -> QuotaUse | None:
        """Return what a client used of this month's quota; None for one that has none."""
        subscription = self.billing.subscription(client_id)
        if subscription is None:
            return None
        now = self.clock()
        included = subscription.plan.monthly_mentions
        days, rest = self._counted(client_id, month_of(now))
        total = sum(days.values()) + sum(map(counts, rest))
        held_after = self._held_after(client_id, days, rest, included)
        shown = total if held_after is None else self._shown(client_id, month_of(now), held_after)
        return QuotaUse(included=included, used=shown, held=total - shown, held_after=held_after)

    def held_after(self, client_id: str, months: Iterable[Interval]) -> dict[datetime, datetime | None]:
        """Return, by each month's beginning, when its quota was used up; {} for a client that has none."""
        subscription = self.billing.subscription(client_id)
        if subscription is None:
            return {}
        included = subscription.plan.monthly_mentions
        return {
            month.since: self._held_after(client_id, *self._counted(client_id, month), included)
            for month in months
        }

    def _counted(self, client_id: str, month: Interval) -> tuple[dict[str, int], list[Mention]]:
        """Return a month's kept mentions by day, as far as days are counted, and those of the rest."""
        manifest = manifest_of(self.blobs, client_id) or Manifest(until=month.since)
        counted_until = min(_day_of(manifest.until), month.until)
        days = {
            day: kept
            for day, (_, kept) in sorted(manifest.counts.items())
            if f"{month.since:%Y-%m-%d}" <= day < f"{counted_until:%Y-%m-%d}"
        }
        rest_since = max(month.since, counted_until)
        if rest_since >= month.until:
            return days, []
        return days, self.mentions.recorded_in(client_id, Interval(rest_since, month.until))

    def _held_after(
        self, client_id: str, days: dict[str, int], rest: list[Mention], included: int
    ) -> datetime | None:
        left = included
        for day, kept in days.items():
            if kept >= left:
                since = datetime.fromisoformat(day).replace(tzinfo=UTC)
                on_that_day = Interval(since, since + timedelta(days=1))
                return (
                    reached_at(self.mentions.recorded_in(client_id, on_that_day), left) or on_that_day.until
                )
            left -= kept
        return reached_at(rest, left)

    def _shown(self, client_id: str, month: Interval, held_after: datetime) -> int:
        until = Interval(month.since, held_after + timedelta(microseconds=1))
        return sum(map(counts, self.mentions.recorded_in(client_id, until)))


def _day_of(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class MeteredMentions(MentionStore):
    """``mentions``, those past their client's quota held."""

    mentions: MentionStore
    quotas: Quotas

    def record(self, mentions: Sequence[Mention]) -> Recording:
        """Record mentions as they are: a quota is laid over what is read."""
        return self.mentions.record(mentions)

    def withdraw(self, client_id: str, document_id: str, now: datetime) -> None:
        """Blank a client's mentions of a document."""
        self.mentions.withdraw(client_id, document_id, now)

    def recorded_in(self, client_id: str, interval: Interval) -> list[Mention]:
        """Return the client's mentions recorded in the interval, oldest first."""
        return self._metered(client_id, self.mentions.recorded_in(client_id, interval))

    def page(self, client_id: str, interval: Interval, limit: int, cursor: str | None = None) -> Page:
        """Return a page of the client's mentions, newest first."""
        page = self.mentions.page(client_id, interval, limit, cursor)
        return replace(page, mentions=self._metered(client_id, page.mentions))

    def cursor_after(self, client_id: str, place: Place) -> str:
        """Return the cursor that goes on after a place."""
        return self.mentions.cursor_after(client_id, place)

    def at(self, client_id: str, places: Sequence[Place]) -> list[Mention]:
        """Return the client's mentions at some places."""
        return self._metered(client_id, self.mentions.at(client_id, places))

    def get(self, client_id: str, mention_id: str) -> Mention | None:
        """Return one mention of the client."""
        mention = self.mentions.get(client_id, mention_id)
        return self._metered(client_id, [mention])[0] if mention else None

    def _metered(self, client_id: str, mentions: list[Mention]) -> list[Mention]:
        months = {month_of(mention.recorded_at) for mention in mentions if counts(mention)}
        held_after = self.quotas.held_after(client_id, months) if months else {}
        if not any(held_after.values()):
            return mentions
        return [
            held_over_quota(mention)
            if is_over(mention, held_after.get(month_of(mention.recorded_at).since))
            else mention
            for mention in mentions
        ]
