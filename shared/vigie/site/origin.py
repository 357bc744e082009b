"""Where a form was sent from: a page of ours, or somebody else's that would have a browser act for its owner."""

from vigie import wiring
from vigie.errors import NotAllowed
from vigie.site.routing import Call


def refuse_foreign_form(call: Call) -> None:
    """Raise NotAllowed for what a page that is not ours sent, by the browser's own word (``Origin``)."""
    if not call.asked.is_ours(wiring.settings().site_url):
        raise NotAllowed("This form was not sent from one of our pages. Open the page again.")
