"""The table of all routes."""

from vigie.api import clients, digests, mentions, stack, stories, watches
from vigie.api.routing import Route

ROUTES: tuple[Route, ...] = tuple(
    route for concern in (stack, clients, watches, mentions, stories, digests) for route in concern.routes.all
)
"""Every route, by concern."""
