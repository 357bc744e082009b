"""The table of all routes, and the document that describes them."""

from functools import cache
from typing import Any

from vigie.api import (
    alerts,
    clients,
    digests,
    endpoints,
    exports,
    feedback,
    keys,
    mentions,
    packs,
    reviews,
    shapes,
    stack,
    stories,
    watches,
)
from vigie.api.answers import as_json
from vigie.api.openapi import document
from vigie.api.routing import Call, Route, Routes

about = Routes("about")


@about.get("/status", scope=None, answers=shapes.Running)
def status(_call: Call) -> Any:
    """Say that the API answers; no key needed, nothing read."""
    return {"status": "ok"}


@about.get("/openapi.json", scope=None, answers=dict[str, Any])
def show_openapi(call: Call) -> Any:
    """Show this document; no key needed."""
    return as_json(_document(call.url_path.removesuffix("/openapi.json") or "/"))


@cache
def _document(server: str) -> dict[str, Any]:
    return document(ROUTES, server)


ROUTES: tuple[Route, ...] = (
    *about.all,
    *(
        route
        for concern in (
            clients,
            alerts,
            keys,
            watches,
            mentions,
            exports,
            feedback,
            stories,
            digests,
            reviews,
            endpoints,
            packs,
            stack,
        )
        for route in concern.routes.all
    ),
)
"""Every route, by concern."""
