"""Telling people of alerts: each notice claimed before it is told, by the channels its person gave, in turn."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from vigie.domain.alerts.alert import Alert, Notice, notice_key
from vigie.domain.alerts.gathering import Waiting, gathered
from vigie.domain.alerts.settings import Person
from vigie.domain.alerts.telling import Telling
from vigie.domain.clients import Client
from vigie.domain.mentions import Parked
from vigie.errors import Permanent, Transient, Unanswered
from vigie.ports import Clock, DeliveryStore, LedgerStore
from vigie.ports.alerts import Teller

CLAIM_SECONDS = 120
TRIES_A_CHANNEL = 3
TRIED_AGAIN_AFTER = timedelta(minutes=1)

Outcomes = dict[tuple[str, Notice], Notice | None]
"""What is left to be told of each notice, by its alert's id; None: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesTold:
    """Tells what is due; ``told`` takes up the keys of what was, ``failed`` those of what was not and why."""

    deliveries: DeliveryStore
    ledger: LedgerStore
    tell: Teller
    clock: Clock
    told: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def tell_all(self, client: Client, alerts: Sequence[Alert], people: Sequence[Person]) -> Outcomes:
        """Tell what is due, and return what is left of each notice; one that cannot be told now stays."""
        now = self.clock()
        outcomes: Outcomes = {}
        for waiting, others in gathered(alerts, now):
            alert, notice = waiting
            left = self._tell(client, waiting, tuple(other for other, _ in others), people)
            outcomes[alert.alert_id, notice] = left
            for other, put_off in others:  # told with it, or later with it
                outcomes[other.alert_id, put_off] = left and replace(
                    put_off, due_at=left.due_at, channel=left.channel, tries=left.tries
                )
        return outcomes

    def _tell(
        self,
        client: Client,
        waiting: Waiting,
        also: tuple[Alert, ...],
        people: Sequence[Person],
    ) -> Notice | None:
        """Tell one thing; return what is still to be told of it, None when nothing."""
        alert, notice = waiting
        if notice.person >= len(people):
            return None  # the chain is shorter now
        person = people[notice.person]
        channel = person.channels[min(notice.channel, len(person.channels) - 1)]
        key = notice_key(alert, notice)
        now = self.clock()
        claim = self.deliveries.claim(alert.client_id, key, now, CLAIM_SECONDS)
        if claim == "sent":
            return None
        if claim == "held":
            return replace(notice, due_at=now + TRIED_AGAIN_AFTER)
        try:
            event = alert.events[notice.event - 1]
            telling = Telling(
                client=client, alert=alert, event=event, person=person, channel=channel, key=key, also=also
            )
            self.tell(telling)
        except Unanswered as error:  # perhaps told: the claim decides
            self.failed[key] = str(error)
            return self._after_silence(notice, person)
        except (Transient, Permanent) as error:
            self.deliveries.give_back(alert.client_id, key)
            self.failed[key] = str(error)
            return self._after_failure(alert, notice, person, error)
        self.deliveries.mark_sent(alert.client_id, key, key, now)
        self.told.append(key)
        return None

    def _after_silence(self, notice: Notice, person: Person) -> Notice:
        """Return when a notice that was perhaps told is looked at again; the next channel after some silences."""
        if notice.tries + 1 >= TRIES_A_CHANNEL and notice.channel + 1 < len(person.channels):
            return replace(notice, channel=notice.channel + 1, tries=0, due_at=self.clock())
        wait = timedelta(seconds=CLAIM_SECONDS) + min(notice.tries, 30) * TRIED_AGAIN_AFTER
        return replace(notice, tries=notice.tries + 1, due_at=self.clock() + wait)

    def _after_failure(
        self, alert: Alert, notice: Notice, person: Person, error: Transient | Permanent
    ) -> Notice | None:
        """Return when and by which channel a notice is tried next; parked when there is no other channel."""
        now = self.clock()
        if isinstance(error, Transient) and notice.tries + 1 < TRIES_A_CHANNEL:
            return replace(notice, tries=notice.tries + 1, due_at=now + TRIED_AGAIN_AFTER)
        if notice.channel + 1 < len(person.channels):
            return replace(notice, channel=notice.channel + 1, tries=0, due_at=now)
        if isinstance(error, Transient):  # the only way there is: go on trying, ever less often
            return replace(
                notice, tries=notice.tries + 1, due_at=now + min(notice.tries, 30) * TRIED_AGAIN_AFTER
            )
        content = {"client_id": alert.client_id, "alert_id": alert.alert_id, "person": person.name}
        self.ledger.park(Parked("alert", notice_key(alert, notice), str(error), now, dict(content)))
        return None
