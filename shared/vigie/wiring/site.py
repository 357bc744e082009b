"""What signed links open, and what makes them."""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from vigie.domain.site_links import DigestLinks
from vigie.wiring.common import now, settings
from vigie.wiring.desks import feedback
from vigie.wiring.stores import accounts, current_mentions, reviewed_digests

if TYPE_CHECKING:
    from vigie.steps.site.acting import Acting
    from vigie.steps.site.finding import Finding
    from vigie.steps.site.reading import Reading
    from vigie.steps.site.visits import Visits


@cache
def link_secret() -> str:
    """Return the secret that links are signed with. Raises NotFound while nobody has signed one."""
    from vigie.adapters import aws, ssm

    return ssm.stack_secret(aws.ssm(), settings().need("link_secret_name"))


@cache
def make_link_secret() -> str:
    """Return the secret that links are signed with, made when there is none."""
    from vigie.adapters import aws, ssm

    return ssm.make_stack_secret(aws.ssm(), settings().need("link_secret_name"))


def digest_links(client_id: str, digest_id: str, recipient: str, at: datetime) -> DigestLinks | None:
    """Return the addresses for one recipient's mail of a digest; None on a stack without a site."""
    if not settings().site_url:
        return None
    return DigestLinks(
        site_url=settings().site_url,
        secret=make_link_secret(),
        client_id=client_id,
        digest_id=digest_id,
        recipient=recipient,
        now=at,
    )


def review_link(client_id: str, digest_id: str, reviewer: str, at: datetime) -> str | None:
    """Return the address of the page to look a digest over; None on a stack without a site."""
    links = digest_links(client_id, digest_id, reviewer, at)
    return links.review if links else None


@cache
def visits() -> "Visits":
    """Return what lets in who holds a link."""
    from vigie.steps.site.visits import Visits

    return Visits(accounts=accounts(), secret=link_secret, clock=now)


@cache
def reading() -> "Reading":
    """Return what shows digests on the web."""
    from vigie.steps.site.reading import Reading

    return Reading(digests=reviewed_digests(), mentions=current_mentions(), clock=now)


@cache
def finding() -> "Finding":
    """Return what searches a client's mentions."""
    from vigie.steps.site.finding import Finding

    return Finding(mentions=current_mentions(), clock=now)


@cache
def acting() -> "Acting":
    """Return what takes a reader's corrections."""
    from vigie.steps.site.acting import Acting

    return Acting(reading=reading(), feedback=feedback())
