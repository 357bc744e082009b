"""Stylesheet, script and icon: what anybody may fetch."""

from vigie.adapters.web.assets import asset
from vigie.adapters.web.reply import Reply
from vigie.site.routing import Call, Pages

pages = Pages()


@pages.get("/assets/{name}", None)
def send_asset(call: Call) -> Reply:
    """Send a file."""
    return asset(call.asked.parameters.get("name", ""))
