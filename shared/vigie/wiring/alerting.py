"""What alerts people, and wakes what does."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from vigie.domain.alerts.alert import Alert
from vigie.domain.site_links import SiteLinks
from vigie.ports import Workers
from vigie.wiring.common import now, settings
from vigie.wiring.links import make_link_secret
from vigie.wiring.notifying import announce
from vigie.wiring.provider import mailer
from vigie.wiring.stores import accounts, alert_store, deliveries, entitlements, ledger, mentions

if TYPE_CHECKING:
    from vigie.ports.alerts import Teller
    from vigie.steps.alert_desk import AlertDesk
    from vigie.steps.alerts import Alerts


@cache
def alerts() -> "Alerts":
    """Return the alert step."""
    from vigie.adapters.backoff import attempts
    from vigie.steps.alerts import Alerts

    return Alerts(
        accounts=accounts(),
        mentions=mentions(),
        alerts=alert_store(),
        deliveries=deliveries(),
        ledger=ledger(),
        tell=_teller(),
        clock=now,
        is_alerted=entitlements().is_alerted,
        announce=announce().alert if settings().webhooks == "on" else None,
        attempts=attempts,
    )


@cache
def alert_desk() -> "AlertDesk":
    """Return what people do with alerts."""
    from vigie.steps.alert_desk import AlertDesk

    return AlertDesk(accounts=accounts(), alerts=alert_store(), clock=now)


def _teller() -> "Teller":
    from vigie.adapters.alerting.chat import ChatPoster
    from vigie.adapters.alerting.teller import ChannelTeller
    from vigie.adapters.http_guard import AllowList

    return ChannelTeller(
        mailer=mailer(),
        sender=settings().need("sender"),
        post=ChatPoster(
            user_agent=f"vigie/0.1 (+{settings().contact_url})",
            allow=AllowList.parse(settings().local_allow),
        ),
        sms=_send_sms if settings().sms == "on" else None,
        link=_acknowledge_link,
    )


def _send_sms(number: str, text: str) -> None:
    from vigie.adapters import aws
    from vigie.adapters.sms import SnsSms

    SnsSms(aws.sns())(number, text)


def _acknowledge_link(alert: Alert, taker: str) -> str | None:
    if not settings().site_url:
        return None
    links = SiteLinks(
        site_url=settings().site_url,
        secret=make_link_secret(),
        client_id=alert.client_id,
        recipient=taker,
        now=now(),
    )
    return links.to("acknowledge", alert.alert_id)


def wake_alerts(client_ids: Sequence[str]) -> None:
    """Have what came for some clients looked at. Raises Transient when the call was not taken."""
    if client_ids:
        _alert_workers().start({"clients": list(client_ids)})


def wake_due_alerts() -> int:
    """Wake what alerts people when time has come for some client; return how many clients."""
    due = alert_store().due(now())
    if due:
        _alert_workers().start({"clients": due})
    return len(due)


def _alert_workers() -> Workers:
    from vigie.adapters import aws
    from vigie.adapters.workers import LambdaWorkers

    return LambdaWorkers(aws.functions, settings().need("alert_function"))
