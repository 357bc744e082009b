"""A digest's mail as its reviewer gets it: when it leaves and how to change it, above the digest itself."""

import re
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from vigie.adapters.mail.catalogue import catalogue_for
from vigie.domain.digest import Digest
from vigie.domain.typography import hour
from vigie.ports import RenderedDigest

_BODY = re.compile(r"<body\b[^>]*>")
_STYLE = "margin:0;padding:16px 24px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5"
_PAPER = "background-color:#fff3d6;color:#1d2733"


def frame_preview(
    rendered: RenderedDigest, digest: Digest, leaves_at: datetime, link: str | None
) -> RenderedDigest:
    """Return the mail with a first line for the reviewer; ``link`` is the page to change it at, if there is one."""
    catalogue = catalogue_for(digest.locale)
    leaves = catalogue.say(
        "preview_leaves", hour=hour(leaves_at.astimezone(ZoneInfo(digest.zone)), digest.locale)
    )
    look = catalogue.say("preview_link")
    anchor = f' <a href="{escape(link)}" style="color:#14545c"><b>{escape(look)}</b></a>' if link else ""
    banner = f'<p style="{_STYLE};{_PAPER}">{escape(leaves)}{anchor}</p>'
    return RenderedDigest(
        subject=catalogue.say("preview_subject", subject=rendered.subject),
        html=_BODY.sub(lambda body: body[0] + banner, rendered.html, count=1),
        text="\n\n".join([leaves, *([f"{look}\n{link}"] if link else []), rendered.text]),
    )
