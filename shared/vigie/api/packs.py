"""Source packs: what there is, and what a client follows of it."""

from typing import Any

from vigie import wiring
from vigie.api import pack_shapes as shapes
from vigie.api.answers import nothing
from vigie.api.conditions import unless_changed
from vigie.api.routing import Call, Routes
from vigie.domain.packs.pack import pack_named, packs
from vigie.requests import PackRequest
from vigie.views import packs as views_packs

routes = Routes("packs")

_ALL = "/clients/{client_id}/packs"
_ONE = _ALL + "/{pack}"


@routes.get("/packs", scope="read", answers=shapes.Packs)
def list_packs(_call: Call) -> Any:
    """List the source packs that there are: national, by region, by sector, by town."""
    return {"packs": [views_packs.of_pack_briefly(pack) for pack in packs().values()]}


@routes.get("/packs/{pack}", scope="read", answers=shapes.Pack)
def show_pack(call: Call) -> Any:
    """Show a source pack, with its sources and the press group behind each.

    `answered` is the year in which an address is last known to have answered, `checked_at` the day on which all of
    them were asked; null is never, as far as we know.
    """
    return views_packs.of_pack(pack_named(call.path["pack"]))


@routes.get(_ALL, scope="read", answers=shapes.Followings)
def list_client_packs(call: Call) -> Any:
    """List the packs that a client follows."""
    return {"packs": [views_packs.of_following(each) for each in wiring.pack_desk().followings(call.client)]}


@routes.get(_ONE, scope="read", answers=shapes.Following)
def show_client_pack(call: Call) -> Any:
    """Show a pack that a client follows, and which of its sources it removed."""
    return views_packs.of_following(wiring.pack_desk().following(call.client, call.path["pack"]))


@routes.put(_ONE, scope="write", takes=PackRequest, answers=shapes.Following, refuses=(409,))
def follow_pack(call: Call) -> Any:
    """Follow a pack, but for the sources that are `removed`; within a minute or two they are polled.

    Later versions of the pack bring what is new, take away what is gone, and leave removed what was removed.
    """
    asked = call.takes(PackRequest)
    check = unless_changed(call, views_packs.of_following)
    desk = wiring.pack_desk()
    return views_packs.of_following(desk.follow(call.client, call.path["pack"], asked.removed, check))


@routes.delete(_ONE, scope="write")
def leave_pack(call: Call) -> Any:
    """Follow a pack no more; a source that somebody else wants, or that was imported, stays."""
    wiring.pack_desk().leave(call.client, call.path["pack"])
    return nothing()
