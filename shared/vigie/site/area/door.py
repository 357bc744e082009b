"""The area's door: every request of somebody signed in passes it."""

from vigie import wiring
from vigie.adapters.web.reply import Reply, see_other
from vigie.domain.clients import Client
from vigie.domain.isolation import DOOR
from vigie.domain.sign_in import Role, role_of
from vigie.errors import Forbidden, NotAllowed, NotFound
from vigie.site.area.routing import RIGHTS, AreaCall, AreaPage
from vigie.site.area.table import AREA_PAGES
from vigie.site.origin import refuse_foreign_form
from vigie.site.routing import Call, Pages

SHAPES = ("/espace", "/espace/{page}", "/espace/{page}/{item}", "/espace/{page}/{item}/{deed}")
"""Every address of the area has one of these; the template lists them, each with both methods."""

pages = Pages()


def enter(call: Call) -> Reply:
    """Answer somebody signed in; send anybody else to the page to sign in.

    Raises NotAllowed for a form that no page of theirs sent, or a right they do not have, and NotFound.
    """
    asked = call.asked
    if asked.method == "POST":
        refuse_foreign_form(call)
    try:
        session, claim = wiring.sign_in().session(asked.cookie)
    except Forbidden:
        return see_other(f"{asked.root}/connexion")
    if asked.method == "POST" and not claim.owns(asked.sent("csrf")):
        raise NotAllowed("This page was opened in another session. Open it again.")
    found, ids = _found(call)
    inside = AreaCall(asked=asked, session=session, claim=claim, ids=ids)
    inside.known = _known(session.client_id, session.email)
    if found.right == "signed":
        return found.view(inside)
    if inside.known is None:
        return see_other(f"{asked.root}/espace/clients")
    if found.right not in RIGHTS[inside.role]:
        raise NotAllowed("Your access lets you read this client's pages, not change them.")
    return found.view(inside)


for _shape in SHAPES:
    pages.get(_shape, None)(enter)
    pages.post(_shape, None)(enter)


def _found(call: Call) -> tuple[AreaPage, dict[str, str]]:
    """Return the page that is asked for, and the ids in its address. Raises NotFound."""
    parameters = call.asked.parameters
    parts = tuple(parameters[name] for name in ("page", "item", "deed") if name in parameters)
    for page in AREA_PAGES:
        if page.method == call.asked.method and (ids := page.ids(parts)) is not None:
            return page, ids
    raise NotFound("There is no such page.")


def _known(client_id: str | None, email: str) -> tuple[Client, Role] | None:
    """Return a client and what somebody is to it today; None when it no longer knows them."""
    if client_id is None:
        return None
    wiring.enter_scope(client_id)
    client = wiring.accounts().client(client_id)
    role = role_of(client, email) if client else None
    if client is None or role is None:
        wiring.enter_scope(DOOR)
        return None
    return client, role
