"""Pages of what is followed: sources, lists of them made ready, platforms."""

from vigie import wiring
from vigie.adapters.web.reply import Reply
from vigie.adapters.web.view_packs import packs_view
from vigie.adapters.web.view_sources import sources_page
from vigie.domain.refusals import told
from vigie.errors import Conflict
from vigie.site.area.routing import AreaCall, AreaPages

pages = AreaPages()


@pages.get("sources", "read")
def show_sources(call: AreaCall) -> Reply:
    """Show what is followed for everybody and for this client, and how it does."""
    return _shown(call)


@pages.post("sources", "manage")
def choose_pack(call: AreaCall) -> Reply:
    """Follow a list of sources, or follow it no more."""
    desk, name = wiring.pack_desk(), call.asked.sent("pack")
    try:
        if call.asked.sent("do") == "leave":
            desk.leave(call.client, name)
        else:
            desk.follow(call.client, name)
    except Conflict as full:
        return _shown(call, problem=told(full, call.locale), status=full.status)
    return call.see("sources?ok=1")


def _shown(call: AreaCall, problem: str = "", status: int = 200) -> Reply:
    client = call.client
    shown = sources_page(
        wiring.source_views(client.client_id),
        wiring.connectors().of_client(client.client_id),
        call.locale,
        client.tz,
        question=call.asked.query.get("q", "").strip()[:100],
    )
    return call.shown(
        "area_sources",
        status,
        page=shown,
        packs=packs_view(wiring.pack_desk().followings(client), call.locale),
        problem=problem,
        saved="ok" in call.asked.query,
        may_manage=call.may_manage,
        action=call.to("sources"),
    )
