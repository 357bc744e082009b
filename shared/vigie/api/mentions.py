"""Mentions: listed, searched, shown."""

from datetime import timedelta
from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.routing import Call, Routes
from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Question
from vigie.requests import MentionFilter, MentionsQuery

LISTED_DAYS = 30

routes = Routes("mentions")


@routes.get("/clients/{client_id}/mentions", scope="read", query=MentionsQuery, answers=shapes.Mentions)
def list_mentions(call: Call) -> Any:
    """List mentions, newest first, or search among them with `q`.

    Without `since`: those of the last 30 days; of a search, all that are kept. A page may hold fewer than `limit`,
    even none, and still have a `cursor`: go on until it is null (a search gives 20 at most at once). A cursor is
    good for its own question only, and mentions that come in meanwhile do not disturb it. `complete` is false when a
    part of the index could not be read. `history_since` is told when a plan shows nothing before it: what is older is
    kept, and comes back with a longer plan.
    """
    asked = call.asked(MentionsQuery)
    page = wiring.mention_desk().page(question_of(call, asked), asked.limit, asked.cursor)
    return {
        "mentions": [views.of_mention(mention) for mention in page.mentions],
        "cursor": page.cursor,
        "complete": page.complete,
        "history_since": views.plain(page.history_since),
    }


def question_of(call: Call, asked: MentionFilter) -> Question:
    """Return the question that the parameters put, on the client of the path."""
    until = asked.until or wiring.now() + timedelta(seconds=1)
    days = LISTED_DAYS if asked.q is None else wiring.settings().mention_retention_days
    return Question(
        client_id=call.client.client_id,
        interval=Interval(asked.since or until - timedelta(days=days), until),
        wanted=asked.to_wanted(),
        words=asked.q,
    )


@routes.get("/clients/{client_id}/mentions/{mention_id}", scope="read", answers=shapes.Mention)
def show_mention(call: Call) -> Any:
    """Show a mention."""
    return views.of_mention(wiring.desk().mention(call.client, call.path["mention_id"]))
