"""The form of when mails come, read as a schedule and a zone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time

from vigie.adapters.web.view_leaving import OWN_DAYS
from vigie.domain.clients import DigestSchedule
from vigie.domain.rhythms import FREQUENCIES, with_frequency
from vigie.errors import BadField


def read_preferences(
    form: Mapping[str, Sequence[str]], standing: DigestSchedule
) -> tuple[DigestSchedule, str]:
    """Return the schedule and the zone that a form asks for; what it does not ask is as it stands.

    Raises BadField for what is none of the choices; whether the zone exists is for ``check_client`` to say.
    """
    schedule = replace(standing, send_at=_hour(_one(form, "send_at")))
    return _often(form, schedule), _one(form, "zone")


def _often(form: Mapping[str, Sequence[str]], schedule: DigestSchedule) -> DigestSchedule:
    wanted = _one(form, "frequency")
    if wanted == OWN_DAYS:
        days = tuple(sorted({_day(value) for value in form.get("days", ())}))
        return replace(schedule, days=days, only_when_spoken=False, weekly_day=0)
    if wanted not in FREQUENCIES:
        raise BadField("frequency", f"{wanted!r} is none", f"Use one of {', '.join(FREQUENCIES)}.")
    day = _day(_one(form, "day")) if wanted in {"weekly", "spoken"} else 0
    return with_frequency(schedule, wanted, day)


def _hour(text: str) -> time:
    try:
        hour = time.fromisoformat(text)
    except ValueError as error:
        raise BadField("send_at", f"{text!r} is no hour of the day", "Choose it in the field.") from error
    return hour.replace(second=0, microsecond=0, tzinfo=None)


def _day(text: str) -> int:
    if text not in {"0", "1", "2", "3", "4", "5", "6"}:
        raise BadField("day", f"{text!r} is no day", "Use 0 (Monday) to 6 (Sunday).")
    return int(text)


def _one(form: Mapping[str, Sequence[str]], name: str) -> str:
    return (form.get(name) or ("",))[-1]
