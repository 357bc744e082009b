"""Clients: who reads, when, what is followed for them."""

from datetime import datetime, time
from typing import Annotated

import msgspec

from vigie.domain.clients import Client, DigestSchedule, Locale, Recipient, Reviewer, check_client
from vigie.domain.holidays import Country
from vigie.domain.keys import Scope as KeyScope
from vigie.domain.notices import SUBSCRIBED, Subscribed
from vigie.errors import BadField


class ReviewerRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who looks each digest over before it leaves."""

    email: str
    name: str = ""


class ScheduleRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the digest leaves, local time as 07:30; see DigestSchedule."""

    send_at: str = "07:30"
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    cutoff_minutes: int = 15
    only_when_spoken: bool = False
    weekly_day: Annotated[int, msgspec.Meta(ge=0, le=6)] = 0
    holidays: Country | None = None

    def to_schedule(self, field: str = "schedule") -> DigestSchedule:
        """Return the schedule asked for. Raises BadField when the hour is none."""
        try:
            send_at = time.fromisoformat(self.send_at)
        except ValueError as error:
            problem = f"{self.send_at!r} is no hour of the day"
            raise BadField(f"{field}.send_at", problem, "Write it as 07:30.") from error
        if send_at.tzinfo is not None or send_at.second or send_at.microsecond:
            raise BadField(f"{field}.send_at", "is not a local hour and minute", "Write it as 07:30.")
        return DigestSchedule(
            send_at, self.days, self.cutoff_minutes, self.only_when_spoken, self.weekly_day, self.holidays
        )


class RecipientRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One recipient of the digest; language, zone and schedule are the client's where they are left out.

    A ``manager`` may change, in the client's area, what is watched and who receives it.
    """

    email: str
    name: str = ""
    locale: Locale | None = None
    zone: str | None = None
    schedule: ScheduleRequest | None = None
    manager: bool = False

    def to_recipient(self) -> Recipient:
        """Return the recipient asked for. Raises BadField when the hour is none."""
        schedule = self.schedule.to_schedule("recipients.schedule") if self.schedule else None
        return Recipient(self.email, self.name, self.locale, self.zone, schedule, self.manager)


class PackRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source pack to follow, but for the sources ``removed``, by their ids."""

    removed: Annotated[tuple[str, ...], msgspec.Meta(max_length=500)] = ()


class ClientRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A client as ops create it, or as it changes itself."""

    name: str
    client_id: str | None = None
    locale: Locale | None = None
    zone: str = "Europe/Paris"
    schedule: ScheduleRequest = ScheduleRequest()
    recipients: tuple[RecipientRequest, ...] = ()
    reviewer: ReviewerRequest | None = None

    def to_client(self, client_id: str, created_at: datetime, default_locale: Locale = "fr") -> Client:
        """Return the client asked for, in the stack's language when it names none.

        Raises BadField naming what cannot be kept.
        """
        if self.client_id not in {None, client_id}:
            raise BadField("client_id", "is not the one of the address", "Leave it out; an id never changes.")
        schedule = self.schedule.to_schedule()
        return check_client(
            Client(
                client_id=client_id,
                name=self.name,
                created_at=created_at,
                locale=self.locale or default_locale,
                zone=self.zone,
                schedule=schedule,
                recipients=tuple(recipient.to_recipient() for recipient in self.recipients),
                reviewer=Reviewer(self.reviewer.email, self.reviewer.name) if self.reviewer else None,
            )
        )


class PlanRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client's plan includes a month; null when nothing is counted against."""

    monthly_mentions: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] | None


class KeyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key asked for: what it is for, what it may do, how long it is good (for ever when left out)."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    scopes: tuple[KeyScope, ...]
    good_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None


class RotateRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the key that is replaced stays good."""

    grace_hours: Annotated[int, msgspec.Meta(ge=0, le=720)] = 24


class EndpointRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An https address of the caller's, and what it is to be told."""

    url: Annotated[str, msgspec.Meta(max_length=2_000)]
    events: tuple[Subscribed, ...] = SUBSCRIBED
