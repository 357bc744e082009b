"""What a source that fails can expect: what happened, what is done about it and when, what somebody can do.

The one place for these sentences: the API, the command line and whoever else shows a source take them from here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast, get_args

from vigie.domain.fetching import FailureReason
from vigie.domain.sources import SourceState

ALARM_AFTER = timedelta(days=7)
"""A source that has failed for so long needs somebody; it is asked all the same."""

REMEDIES: dict[FailureReason, str] = {
    "bad_url": "Correct the source's address: nothing can be asked at this one.",
    "refused_address": "Give an http or https address on the public Internet, on port 80 or 443.",
    "downgrade": "Give the https address of the feed itself: a redirect out of https is not followed.",
    "redirect_loop": "Look where the address leads in a browser, and give the feed's own.",
    "dns": "Check the host's name; the site may have moved or ended.",
    "connect": "Nothing to do unless it lasts: then see whether the site still exists.",
    "tls": "The site's certificate is broken: tell the publisher, or give an address that works.",
    "timeout": "Nothing to do unless it lasts: then see whether the site answers in a browser.",
    "truncated": "Nothing to do unless it lasts: then tell the publisher that the feed is cut.",
    "too_large": "Look for a shorter feed of this publisher: this one is beyond what is read.",
    "bad_encoding": "Tell the publisher: the answer is not compressed as it says.",
    "bad_response": "See what answers at this address: it is no web server, or a broken one.",
    "bad_status": "Look at the address in a browser, and give the feed's new one if it moved.",
    "gone": "Remove the source, or give the address that replaces it.",
    "rate_limited": "Nothing to do: the host is left alone for as long as it asks.",
    "unauthorised": "Renew the platform's credential among the stack's parameters: it is refused, or missing.",
    "query_rejected": "Nothing to do with the watch: the platform does not take our way of asking; tell us.",
    "terms": "Follow the platform only once a contract allows it.",
    "not_a_feed": "Look at the address in a browser: it may show a page; `vigie sources find` names its feeds.",
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """A failing source's outlook. ``alarm``: it will not mend by itself, or has not for a week."""

    reason: FailureReason
    says: str
    alarm: bool


def patience(state: SourceState) -> str | None:
    """Return what a search that waits for its platform can expect, or None for one that does not."""
    if state.limited is None or state.next_poll_at is None:
        return None
    return (
        f"{state.limited[:1].upper()}{state.limited[1:]}: asked again at {_at(state.next_poll_at)}, from where it "
        "was. Nothing to do: it is no failure."
    )


def outlook(state: SourceState, now: datetime) -> Outlook | None:
    """Return what a source can expect, or None when its last poll did not fail."""
    if state.failure is None:
        return None
    reason, detail = _read(state.failure)
    since = state.failing_since or state.polled_at or now
    lasting = now - since >= ALARM_AFTER
    what = f"{detail[:1].upper()}{detail[1:].rstrip('.')}. {_what_next(state, since, now)}"
    hopeless = reason in {"bad_url", "refused_address", "gone"}
    return Outlook(reason, f"{what} {REMEDIES[reason]}", alarm=hopeless or lasting)


def _read(failure: str) -> tuple[FailureReason, str]:
    """Return the reason and the sentence that a state keeps in one line."""
    reason, _, detail = failure.partition(": ")
    if reason in get_args(FailureReason):
        return cast("FailureReason", reason), detail or reason
    return "not_a_feed", failure  # a line of another version of this code


def _what_next(state: SourceState, since: datetime, now: datetime) -> str:
    if state.gone:
        return f"Given up at {_at(state.polled_at or now)}: the publisher says so, and it is not asked again."
    times = "once" if state.failures == 1 else f"{state.failures} times in a row"
    said = f"Failed {times} since {_at(since)}"
    if now - since >= ALARM_AFTER:
        said += f", {(now - since).days} days"
    if state.quiet_until is not None and state.quiet_until > now:
        again = max(state.quiet_until, state.next_poll_at or state.quiet_until)
        return f"{said}; the host wants peace, asked again at {_at(again)}."
    if state.next_poll_at is None or state.next_poll_at <= now:
        return f"{said}; asked again at the next poll."
    return f"{said}; asked again at {_at(state.next_poll_at)}, later each time, never given up."


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
