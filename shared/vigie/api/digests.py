"""Digests, and the ledgers they close with."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.accepting import preferred
from vigie.api.answers import Answer
from vigie.api.routing import Call, Routes

LEDGERS_SHOWN = 14
JSON_TYPE = "application/json"

routes = Routes("digests")


@routes.get("/clients/{client_id}/digests", scope="read", answers=shapes.Digests)
def list_digests(call: Call) -> Any:
    """List the client's digests, newest first."""
    return {"digests": [views.of_entry(entry) for entry in wiring.desk().digest_entries(call.client)]}


@routes.get(
    "/clients/{client_id}/digests/{digest_id}",
    scope="read",
    answers={JSON_TYPE: shapes.Digest, "text/html": str, "text/plain": str},
    refuses=(406,),
)
def show_digest(call: Call) -> Any:
    """Show a digest, as Accept wants it: JSON, the mail's HTML or its text; ``latest`` is the newest."""
    wanted = preferred(call.headers.get("accept"), (JSON_TYPE, "text/html", "text/plain"))
    if wanted == "text/html":
        return show_digest_html(call)
    if wanted == "text/plain":
        return show_digest_text(call)
    return views.of_digest(wiring.desk().digest(call.client, call.path["digest_id"]))


@routes.get("/clients/{client_id}/digests/{digest_id}/html", scope="read", answers={"text/html": str})
def show_digest_html(call: Call) -> Any:
    """Show a digest as the mail's HTML: an address for what sends no Accept of its own."""
    digest = wiring.desk().digest(call.client, call.path["digest_id"])
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src https:"
    return Answer(
        text=wiring.renderer()(digest, None).html,
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": policy},
    )


@routes.get("/clients/{client_id}/digests/{digest_id}/text", scope="read", answers={"text/plain": str})
def show_digest_text(call: Call) -> Any:
    """Show a digest as the mail's text."""
    digest = wiring.desk().digest(call.client, call.path["digest_id"])
    return Answer(text=wiring.renderer()(digest, None).text, content_type="text/plain; charset=utf-8")


@routes.get("/clients/{client_id}/ledger", scope="read", answers=shapes.Ledgers)
def list_ledgers(call: Call) -> Any:
    """Show the ledger of each of the latest digests, newest first."""
    desk = wiring.desk()
    entries = desk.digest_entries(call.client)[:LEDGERS_SHOWN]
    digests = [desk.digest(call.client, entry.digest_id) for entry in entries]
    return {
        "ledgers": [
            {
                "digest_id": digest.digest_id,
                "interval": views.plain(digest.interval),
                **views.of_ledger(digest.ledger),
            }
            for digest in digests
        ]
    }
