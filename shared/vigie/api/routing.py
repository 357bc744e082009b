"""Routes: what each method of each path needs, takes and answers, declared beside its view."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from vigie.domain.clients import Client, Locale
from vigie.domain.keys import Caller
from vigie.requests import language_of, read

T = TypeVar("T")


class NoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A route whose address takes no parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one path.

    ``scope`` is what a key must be allowed (None: no key is asked for), ``ops`` that it must be the agency's.
    ``takes`` is the body's type, ``query`` that of the address's parameters. ``answers`` is the type of the JSON
    answered with ``status``, or types by media type. ``refuses`` are statuses of problems besides those any route
    of its kind can answer.
    """

    method: str
    path: str
    view: "View"
    tag: str
    scope: str | None
    ops: bool = False
    takes: type | None = None
    query: type[msgspec.Struct] = NoQuery
    answers: Any = None
    status: int = 200
    refuses: tuple[int, ...] = ()


@dataclass(slots=True, kw_only=True)
class Call:
    """One request on its way through a route; ``client`` is the one its path names, already the caller's to ask."""

    route: Route
    path: Mapping[str, str]
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    request_id: str
    url_path: str
    stack_locale: Locale = "fr"
    caller: Caller = field(default_factory=lambda: Caller("", ()))
    found: Client | None = None
    parameters: Any = None

    @property
    def client(self) -> Client:
        """The client of the path."""
        if self.found is None:
            raise LookupError(f"{self.route.path} names no client")
        return self.found

    @property
    def locale(self) -> Locale:
        """The language to answer in: the one asked for, else the client's, else the stack's."""
        own = self.found.locale if self.found else self.stack_locale
        return language_of(self.headers.get("accept-language")) or own

    def takes(self, kind: type[T]) -> T:
        """Return the body read as what the route declares. Raises BadField."""
        if kind is not self.route.takes:
            raise LookupError(f"{self.route.path} does not declare that it takes {kind.__name__}")
        return read(self.body, kind)

    def asked(self, kind: type[T]) -> T:
        """Return the address's parameters, as the door read them by what the route declares."""
        if not isinstance(self.parameters, kind):
            raise TypeError(f"{self.route.path} does not declare that it asks for {kind.__name__}")
        return self.parameters


View = Callable[[Call], Any]


class Routes:
    """The routes of one concern, in the order they are written; ``tag`` groups them in the document."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.all: list[Route] = []

    def get(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a view that answers GET; see ``Route``."""
        return self._declare("GET", path, declared)

    def post(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a view that answers POST; see ``Route``."""
        return self._declare("POST", path, declared)

    def put(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a view that answers PUT; see ``Route``."""
        return self._declare("PUT", path, declared)

    def delete(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a view that answers DELETE with 204; see ``Route``."""
        return self._declare("DELETE", path, {"status": 204, **declared})

    def _declare(self, method: str, path: str, declared: dict[str, Any]) -> Callable[[View], View]:
        def keep(view: View) -> View:
            self.all.append(Route(method=method, path=path, view=view, tag=self.tag, **declared))
            return view

        return keep
