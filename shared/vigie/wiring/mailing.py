"""Steps that make digests and mail them."""

import time
from functools import cache
from typing import TYPE_CHECKING

from vigie.ports import Renderer
from vigie.wiring.common import late_after_seconds, now, settings
from vigie.wiring.links import digest_links, review_link
from vigie.wiring.notifying import announce
from vigie.wiring.provider import mailer, mails_per_second
from vigie.wiring.recording import subjects
from vigie.wiring.stores import (
    accounts,
    addresses,
    alert_store,
    current_mentions,
    deliveries,
    digests,
    entitlements,
    ledger,
    outbox,
    reviews,
    sources,
)

_SEND_BUDGET_SECONDS = 40  # of the sixty that the function has: the mail under way ends in time

if TYPE_CHECKING:
    from vigie.domain.exports import PressReview
    from vigie.steps.alerts_told import AlertsTold
    from vigie.steps.appointments import Appointments
    from vigie.steps.deliver import Deliver
    from vigie.steps.digest import BuildDigests
    from vigie.steps.mail_events import MailEvents
    from vigie.steps.overdue import Overdue
    from vigie.steps.pen import Pen
    from vigie.steps.preview import Preview
    from vigie.steps.send import Send
    from vigie.steps.unsubscribe import Unsubscribe


@cache
def renderer() -> Renderer:
    """Return what turns digests into mails."""
    from vigie.adapters.mail.render import MailRenderer

    return MailRenderer()


@cache
def appointments() -> "Appointments":
    """Return what keeps clients' digests to come."""
    from vigie.steps.appointments import Appointments

    return Appointments(digests=digests(), sources=sources(), clock=now)


@cache
def digest() -> "BuildDigests":
    """Return the digest step."""
    from vigie.steps.digest import BuildDigests

    return BuildDigests(
        accounts=accounts(),
        mentions=current_mentions(),
        ledger=ledger(),
        sources=sources(),
        digests=digests(),
        subjects=subjects(may_count=True),
        alerts=_alerts_told(),
        appointments=appointments(),
        outbox=outbox(),
        clock=now,
        settle_seconds=settings().settle_seconds,
        late_after_seconds=late_after_seconds(),
        is_mailed=entitlements().is_mailed,
    )


def _alerts_told() -> "AlertsTold":
    from vigie.adapters.alerting.words import title_of
    from vigie.steps.alerts_told import AlertsTold

    return AlertsTold(alert_store(), title_of)


@cache
def deliver() -> "Deliver":
    """Return what hands mails to the provider."""
    from vigie.steps.deliver import Deliver, Pace

    return Deliver(
        deliveries=deliveries(),
        ledger=ledger(),
        mailer=mailer(),
        addresses=addresses(),
        pace=Pace(_seconds_between_mails, time.sleep, time.monotonic),
        clock=now,
    )


@cache
def _seconds_between_mails() -> float:
    """Return each worker's share of the provider's rate, asked once: what it raises is asked again."""
    return settings().send_workers / mails_per_second()


@cache
def unsubscribe() -> "Unsubscribe":
    """Return what takes recipients off."""
    from vigie.steps.unsubscribe import Unsubscribe

    return Unsubscribe(accounts())


@cache
def mail_events() -> "MailEvents":
    """Return what takes the provider's word."""
    from vigie.steps.mail_events import MailEvents

    return MailEvents(
        deliver=deliver(), addresses=addresses(), unsubscribe=unsubscribe(), ledger=ledger(), clock=now
    )


@cache
def overdue() -> "Overdue":
    """Return what looks for digests that should have left."""
    from vigie.steps.overdue import Overdue

    return Overdue(digests(), outbox(), now)


@cache
def send() -> "Send":
    """Return the send step."""
    from vigie.steps.send import Send

    return Send(
        accounts=accounts(),
        digests=digests(),
        reviews=reviews(),
        deliver=deliver(),
        outbox=outbox(),
        render=renderer(),
        pen=_pen(),
        links=digest_links,
        clock=now,
        budget_seconds=_SEND_BUDGET_SECONDS,
        announce=announce().digest,
    )


@cache
def preview() -> "Preview":
    """Return the step that shows reviewers what is about to leave."""
    from vigie.adapters.mail.preview import frame_preview
    from vigie.steps.preview import Preview

    return Preview(
        accounts=accounts(),
        digests=digests(),
        reviews=reviews(),
        deliver=deliver(),
        outbox=outbox(),
        render=renderer(),
        frame=frame_preview,
        pen=_pen(),
        review_link=review_link,
        clock=now,
    )


def _pen() -> "Pen":
    from vigie.adapters.mail.compose import compose_mail
    from vigie.steps.pen import Pen

    return Pen(compose_mail, settings().need("sender"))


def render_review(review: "PressReview") -> str:
    """Return a press review as a page to print."""
    from vigie.adapters.press.review import render_review as render

    return render(review)
