"""Pages of what is followed: sources that were chosen, and platforms."""

from vigie import wiring
from vigie.adapters.web.reply import Reply
from vigie.adapters.web.view_sources import sources_page
from vigie.site.area.routing import AreaCall, AreaPages

pages = AreaPages()


@pages.get("sources", "read")
def show_sources(call: AreaCall) -> Reply:
    """Show what is followed for everybody and for this client, and how it does."""
    client = call.client
    shown = sources_page(
        wiring.source_views(client.client_id),
        wiring.connectors().of_client(client.client_id),
        call.locale,
        client.tz,
        question=call.asked.query.get("q", "").strip()[:100],
    )
    return call.shown("area_sources", page=shown, action=call.to("sources"))
