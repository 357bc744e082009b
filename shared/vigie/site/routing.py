"""Pages: each method of each path, and the purpose of the link that opens it, declared beside its view."""

from collections.abc import Callable
from dataclasses import dataclass, field

from vigie.adapters.web.reply import Reply
from vigie.adapters.web.request import Asked
from vigie.domain.clients import Locale
from vigie.domain.links import LinkPurpose
from vigie.domain.site_links import SiteLinks
from vigie.steps.site.visits import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One method of one path; ``purpose`` None is for what anybody may fetch."""

    method: str
    path: str
    purpose: LinkPurpose | None
    view: "View"


@dataclass(slots=True, kw_only=True)
class Call:
    """One request on its way through a page; ``links`` makes the addresses that the page may hold."""

    asked: Asked
    opened: Visit | None = None
    maker: Callable[[str], SiteLinks] | None = field(default=None, repr=False)

    @property
    def visit(self) -> Visit:
        """Who holds the link."""
        if self.opened is None:
            raise LookupError(f"{self.asked.route} asks for no link")
        return self.opened

    @property
    def locale(self) -> Locale:
        """The reader's language."""
        return self.visit.locale

    @property
    def links(self) -> SiteLinks:
        """Addresses to stand on the page, relative to it."""
        return self.links_at(self.asked.root)

    def links_at(self, site_url: str) -> SiteLinks:
        """Addresses that start with ``site_url``."""
        if self.maker is None:
            raise LookupError(f"{self.asked.route} asks for no link")
        return self.maker(site_url)


View = Callable[[Call], Reply]


class Pages:
    """The pages of one concern, in the order they are written."""

    def __init__(self) -> None:
        self.all: list[Page] = []

    def get(self, path: str, purpose: LinkPurpose | None) -> Callable[[View], View]:
        """Declare a view that shows."""
        return self._declare("GET", path, purpose)

    def post(self, path: str, purpose: LinkPurpose | None) -> Callable[[View], View]:
        """Declare a view that does something."""
        return self._declare("POST", path, purpose)

    def _declare(self, method: str, path: str, purpose: LinkPurpose | None) -> Callable[[View], View]:
        def keep(view: View) -> View:
            self.all.append(Page(method=method, path=path, purpose=purpose, view=view))
            return view

        return keep
