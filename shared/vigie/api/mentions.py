"""Mentions."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.routing import Call, Routes
from vigie.requests import MentionsQuery

routes = Routes("mentions")


@routes.get("/clients/{client_id}/mentions", scope="read", query=MentionsQuery, answers=shapes.Mentions)
def list_mentions(call: Call) -> Any:
    """List mentions, newest first: ``since``, ``until``, ``limit``, ``cursor``."""
    asked = call.asked(MentionsQuery)
    page = wiring.desk().mention_page(call.client, asked.since, asked.until, asked.limit, asked.cursor)
    return {"mentions": [views.of_mention(mention) for mention in page.mentions], "cursor": page.cursor}


@routes.get("/clients/{client_id}/mentions/{mention_id}", scope="read", answers=shapes.Mention)
def show_mention(call: Call) -> Any:
    """Show a mention."""
    return views.of_mention(wiring.desk().mention(call.client, call.path["mention_id"]))
