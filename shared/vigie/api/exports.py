"""Exports: mentions taken away as a table, as JSON Lines, or as a press review to print.

An answer is made a page of mentions at a time and ends at a limit: what Lambda may answer is 6 MB. ``Link: <…>;
rel="next"`` (RFC 8288) leads to the rest.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import msgspec

from vigie import views, wiring
from vigie.api.answers import Answer
from vigie.api.mentions import question_of
from vigie.api.routing import Call, Routes
from vigie.domain.exports import press_review, table_head, table_line
from vigie.domain.mentions import Mention
from vigie.requests import ExportQuery, ReviewQuery

routes = Routes("exports")

_TABLE = "/clients/{client_id}/exports/mentions.csv"
_LINES = "/clients/{client_id}/exports/mentions.jsonl"
_REVIEW = "/clients/{client_id}/exports/press-review.html"


@routes.get(_TABLE, scope="export", query=ExportQuery, answers={"text/csv": str})
def export_table(call: Call) -> Any:
    """Take mentions away as a table, in the client's language; Excel opens it as it is.

    Takes the parameters of the list of mentions. 2,000 lines or 4 MB at once: `Link`, with `rel="next"`, leads to the
    rest. In French: semicolons, local dates, a byte order mark. A cell that would run as a formula gets an apostrophe
    in front.
    """
    client = call.client
    text, cursor = _taken(call, lambda mention: table_line(mention, client))
    head = "" if call.asked(ExportQuery).cursor else table_head(client.locale)
    return _file(call, head + text, "text/csv; charset=utf-8", f"{client.client_id}.csv", cursor)


@routes.get(_LINES, scope="export", query=ExportQuery, answers={"application/jsonl": str})
def export_lines(call: Call) -> Any:
    """Take mentions away as JSON Lines: each as the list of mentions shows it.

    2,000 lines or 4 MB at once: `Link`, with `rel="next"`, leads to the rest.
    """
    text, cursor = _taken(
        call, lambda mention: msgspec.json.encode(views.of_mention(mention)).decode() + "\n"
    )
    return _file(call, text, "application/jsonl; charset=utf-8", f"{call.client.client_id}.jsonl", cursor)


@routes.get(_REVIEW, scope="export", query=ReviewQuery, answers={"text/html": str})
def export_review(call: Call) -> Any:
    """Make a press review of a selection, to print or to save as PDF: references, links, very short extracts.

    Select as in the list of mentions, or name them in `ids`; 100 at most, and a longer selection says that it is cut.
    """
    asked, client = call.asked(ReviewQuery), call.client
    if asked.ids is None:
        review = wiring.exports().review(client, question_of(call, asked))
    else:
        mentions = [wiring.desk().mention(client, mention_id) for mention_id in asked.chosen()]
        review = press_review(client, mentions, is_cut=False)
    return Answer(
        text=wiring.render_review(review),
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
    )


def _taken(call: Call, line_of: Callable[[Mention], str]) -> tuple[str, str | None]:
    """Return the lines of what is asked for, and the cursor that goes on (None: that was all)."""
    asked = call.asked(ExportQuery)
    return wiring.exports().lines(question_of(call, asked), line_of, asked.limit, asked.cursor)


def _file(call: Call, text: str, content_type: str, name: str, cursor: str | None) -> Answer:
    """Return a file to keep; ``Link`` leads to the next, with the same question."""
    headers = {"Content-Disposition": f'attachment; filename="vigie-{name}"'}
    if cursor is not None:
        query = urlencode({**call.query, "cursor": cursor})
        headers["Link"] = f'<{call.url_path}?{query}>; rel="next"'
    return Answer(text=text, content_type=content_type, headers=headers)
