"""What makes signed links, and the secret they are signed with."""

from datetime import datetime
from functools import cache

from vigie.domain.site_links import DigestLinks
from vigie.wiring.common import settings


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
