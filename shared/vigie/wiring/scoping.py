"""Whose items a request may touch."""

from contextlib import AbstractContextManager


def scoped_request() -> AbstractContextManager[None]:
    """Answer a request while the block runs, under credentials that open no client's items until one is known."""
    from vigie.adapters import scopes

    return scopes.request()


def enter_scope(name: str) -> None:
    """Go on under the credentials of a client, by its id, or of ``ALL``."""
    from vigie.adapters import scopes

    scopes.enter(name)


def within_scope(name: str) -> AbstractContextManager[None]:
    """Go on under the credentials of a client while the block runs, then as before."""
    from vigie.adapters import scopes

    return scopes.within(name)
