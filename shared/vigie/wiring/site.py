"""What signed links open."""

from functools import cache
from typing import TYPE_CHECKING

from vigie.wiring.common import now
from vigie.wiring.desks import feedback, mention_desk
from vigie.wiring.links import link_secret
from vigie.wiring.mailing import appointments
from vigie.wiring.scoping import enter_scope
from vigie.wiring.stores import accounts, alert_store, current_mentions, reviewed_digests

if TYPE_CHECKING:
    from vigie.steps.site.acting import Acting
    from vigie.steps.site.choosing import Choosing
    from vigie.steps.site.finding import Finding
    from vigie.steps.site.reading import Reading
    from vigie.steps.site.visits import Visits


@cache
def visits() -> "Visits":
    """Return what lets in who holds a link."""
    from vigie.steps.site.visits import Visits

    return Visits(
        accounts=accounts(),
        alert_settings=alert_store().settings,
        secret=link_secret,
        clock=now,
        enter=enter_scope,
    )


@cache
def reading() -> "Reading":
    """Return what shows digests on the web."""
    from vigie.steps.site.reading import Reading

    return Reading(digests=reviewed_digests(), mentions=current_mentions(), clock=now)


@cache
def finding() -> "Finding":
    """Return what searches a client's mentions."""
    from vigie.steps.site.finding import Finding

    return Finding(desk=mention_desk(), clock=now)


@cache
def acting() -> "Acting":
    """Return what takes a reader's corrections."""
    from vigie.steps.site.acting import Acting

    return Acting(reading=reading(), feedback=feedback())


@cache
def choosing() -> "Choosing":
    """Return what changes when a recipient's mails come."""
    from vigie.steps.site.choosing import Choosing

    return Choosing(accounts=accounts(), keep=appointments().keep)
