"""Usage desk: what a client used this month, against its plan.

Days are UTC's, as the index counts them; what was recorded since its last run is counted on the spot.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from vigie.domain.clients import Client
from vigie.domain.cutoffs import Interval
from vigie.domain.quotas import QuotaUse
from vigie.ports import Blobs, Clock, DeliveryStore, MentionStore
from vigie.steps.search_index import Manifest, counted, manifest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """A month's use. ``documents`` matched a watch, ``mentions`` of them were kept; ``mails`` were accepted.

    ``share_of_plan`` is the mentions over what the plan includes (``monthly_mentions``), null without one;
    ``held`` are those of them that are past a subscription's quota, kept and not shown until its plan rises.
    """

    client_id: str
    month: str
    until: datetime
    documents: int
    mentions: int
    mails: int
    monthly_mentions: int | None
    share_of_plan: float | None
    held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDesk:
    """Counts what clients used."""

    mentions: MentionStore
    deliveries: DeliveryStore
    blobs: Blobs
    clock: Clock
    quota: Callable[[str], QuotaUse | None] = lambda _client_id: None

    def of(self, client: Client) -> Usage:
        """Return what a client used since the month began."""
        now = self.clock().astimezone(UTC)
        start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        manifest = manifest_of(self.blobs, client.client_id) or Manifest(until=start)
        month = f"{now:%Y-%m}"
        days = [count for day, count in manifest.counts.items() if day.startswith(month)]
        since = max(start, min(manifest.until, now))
        days.append(counted(self.mentions.recorded_in(client.client_id, Interval(since, now))))
        mentions = sum(kept for _, kept in days)
        quota = self.quota(client.client_id)
        plan = quota.included if quota else client.monthly_mentions
        return Usage(
            client_id=client.client_id,
            month=month,
            until=now,
            documents=sum(recorded for recorded, _ in days),
            mentions=mentions,
            mails=self.deliveries.count_sent(client.client_id, f"{client.client_id}_{now:%Y%m}"),
            monthly_mentions=plan,
            share_of_plan=round(mentions / plan, 3) if plan else None,
            held=quota.held if quota else 0,
        )
