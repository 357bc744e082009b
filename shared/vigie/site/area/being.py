"""Pages of being signed in: which client to look at, where else one is signed in, and out again."""

from vigie import wiring
from vigie.adapters.web.area import client_choices, session_lines
from vigie.adapters.web.reply import Reply, kept_by_browser, see_other
from vigie.domain.clients import Client
from vigie.domain.isolation import DOOR
from vigie.domain.sign_in import role_of, unset_cookie
from vigie.errors import NotFound
from vigie.site.area.routing import AreaCall, AreaPages

pages = AreaPages()


@pages.get("clients", "signed")
def show_clients(call: AreaCall) -> Reply:
    """Show which clients one may look at."""
    choices = client_choices(_clients(call), call.session.client_id)
    return call.shown("area_clients", choices=choices, action=call.to("clients"))


@pages.post("clients", "signed")
def choose_client(call: AreaCall) -> Reply:
    """Look at another client from now on. Raises NotFound for one that does not know the person."""
    chosen = call.asked.sent("client_id")
    if chosen not in {client.client_id for client in _clients(call)}:
        raise NotFound(f"There is no client {chosen:.60}.")
    with wiring.within_scope(DOOR):
        wiring.sign_in().choose(call.session, chosen)
    return call.see()


@pages.get("sessions", "signed")
def show_sessions(call: AreaCall) -> Reply:
    """Show in how many browsers one is signed in."""
    with wiring.within_scope(DOOR):
        found = wiring.sign_in().sessions(call.session)
    lines = session_lines(found, call.session, call.locale)
    return call.shown("area_sessions", lines=lines, action=call.to("sessions"))


@pages.post("sessions", "signed")
def leave(call: AreaCall) -> Reply:
    """Sign out here, or everywhere."""
    with wiring.within_scope(DOOR):
        if call.asked.sent("where") == "everywhere":
            wiring.sign_in().leave_everywhere(call.email)
        else:
            wiring.sign_in().leave(call.session)
    return kept_by_browser(see_other(f"{call.asked.root}/connexion"), unset_cookie())


def _clients(call: AreaCall) -> list[Client]:
    """Return the session's clients that still know the person."""
    found = [_client(client_id) for client_id in call.session.client_ids]
    return [client for client in found if client and role_of(client, call.email)]


def _client(client_id: str) -> Client | None:
    with wiring.within_scope(client_id):
        return wiring.accounts().client(client_id)
