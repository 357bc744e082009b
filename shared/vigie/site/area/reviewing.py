"""The reviewer's page: which digests wait to be looked over."""

from datetime import timedelta

from vigie import wiring
from vigie.adapters.web.reply import Reply
from vigie.adapters.web.view_area import waiting_lines
from vigie.domain.links import Link
from vigie.site.area.routing import AreaCall, AreaPages
from vigie.steps.site.visits import Visit

pages = AreaPages()


@pages.get("relecture", "review")
def show_waiting(call: AreaCall) -> Reply:
    """List the digests that have not left, each with the way to its review."""
    now, client = wiring.now(), call.client
    waiting = [entry for entry in wiring.desk().digest_entries(client) if entry.send_at > now]
    link = Link(
        purpose="review",
        client_id=client.client_id,
        subject="",
        recipient=call.email,
        expires_at=max((entry.send_at for entry in waiting), default=now) + timedelta(hours=1),
    )

    def address(digest_id: str) -> str:
        return wiring.visits().links(Visit(link, client), call.asked.root).to("review", digest_id)

    return call.shown("area_review", lines=waiting_lines(waiting, client, call.locale, address))
