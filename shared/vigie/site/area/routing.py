"""Pages of the client area: each method of each path, and what one must be to open it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from vigie import wiring
from vigie.adapters.web.area import AreaFrame, area_frame
from vigie.adapters.web.pages import write_page
from vigie.adapters.web.reply import SIGNED_IN, Reply, see_other
from vigie.adapters.web.request import Asked
from vigie.domain.clients import Client, Locale
from vigie.domain.sign_in import Role, Session, SessionClaim

Right = Literal["signed", "read", "manage", "review"]
"""``signed``: a session, of whatever client. ``read``: somebody the client knows. ``manage``: who may change what is
watched and who receives it, the reviewer included. ``review``: the reviewer."""

RIGHTS: Mapping[Role, frozenset[Right]] = {
    "reader": frozenset({"signed", "read"}),
    "manager": frozenset({"signed", "read", "manage"}),
    "reviewer": frozenset({"signed", "read", "manage", "review"}),
}


@dataclass(slots=True, kw_only=True)
class AreaCall:
    """One request of somebody signed in. ``client`` and ``role`` are sure to be there but on pages for ``signed``."""

    asked: Asked
    session: Session
    claim: SessionClaim
    ids: Mapping[str, str] = field(default_factory=dict)
    known: tuple[Client, Role] | None = None

    @property
    def client(self) -> Client:
        """The client they look at."""
        if self.known is None:
            raise LookupError(f"{self.asked.route} is for whoever is signed in")
        return self.known[0]

    @property
    def role(self) -> Role:
        """What they are to it."""
        if self.known is None:
            raise LookupError(f"{self.asked.route} is for whoever is signed in")
        return self.known[1]

    @property
    def may_manage(self) -> bool:
        """Whether they may change what is watched."""
        return "manage" in RIGHTS[self.role]

    @property
    def email(self) -> str:
        """Who asks."""
        return self.session.email

    @property
    def locale(self) -> Locale:
        """Their language: their own, else the client's, else the browser's."""
        if self.known is None:
            return self.asked.language
        own = (each for each in self.client.recipients if each.email.casefold() == self.email.casefold())
        return next((each.locale for each in own if each.locale), self.client.locale)

    def to(self, path: str = "") -> str:
        """Return the address of a page of the area, relative to this one."""
        return f"{self.asked.root}/espace/{path}" if path else f"{self.asked.root}/espace"

    def shown(self, template: str, status: int = 200, **values: object) -> Reply:
        """Return a page of the area."""
        html = write_page(template, self.locale, self.asked.root, area=self.frame(), **values)
        return Reply(status, html, headers=SIGNED_IN)

    def frame(self) -> AreaFrame:
        """Return what stands around the page."""
        return area_frame(
            self.known[0] if self.known else None,
            self.email,
            self.locale,
            role=self.known[1] if self.known else None,
            has_several=len(self.session.client_ids) > 1,
            seal=self.claim.csrf,
            base=self.to(),
            here=self.asked.parameters.get("page", ""),
            subscribes=self.known is not None
            and wiring.entitlements().plan_of(self.client.client_id) is not None,
        )

    def see(self, path: str = "") -> Reply:
        """Send the browser to a page of the area (303)."""
        return see_other(self.to(path))


View = Callable[[AreaCall], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaPage:
    """One method of one path."""

    method: str
    path: str
    right: Right
    view: View

    def ids(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        """Return what the parts of an address give its names; None when it is another page's."""
        wanted = tuple(self.path.split("/")) if self.path else ()
        if len(wanted) != len(parts):
            return None
        ids = {}
        for name, part in zip(wanted, parts, strict=True):
            if name.startswith("{"):
                ids[name.strip("{}")] = part
            elif name != part:
                return None
        return ids


class AreaPages:
    """The pages of one concern."""

    def __init__(self) -> None:
        self.all: list[AreaPage] = []

    def get(self, path: str, right: Right) -> Callable[[View], View]:
        """Declare a view that shows."""
        return self._declare("GET", path, right)

    def post(self, path: str, right: Right) -> Callable[[View], View]:
        """Declare a view that does something."""
        return self._declare("POST", path, right)

    def _declare(self, method: str, path: str, right: Right) -> Callable[[View], View]:
        def keep(view: View) -> View:
            self.all.append(AreaPage(method=method, path=path, right=right, view=view))
            return view

        return keep
