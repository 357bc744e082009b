"""The page to have everything erased: said twice, by the client's name."""

from vigie import observe, wiring
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.reply import Reply
from vigie.errors import Permanent, Transient
from vigie.site.area.routing import AreaCall, AreaPages

logger = observe.make_logger("site")
pages = AreaPages()


@pages.get("effacer", "manage")
def ask_to_erase(call: AreaCall) -> Reply:
    """Say what would go and what remains, and ask for the client's name."""
    return _shown(call)


@pages.post("effacer", "manage")
def erase(call: AreaCall) -> Reply:
    """Have everything erased, once the client's name was typed. Raises NotFound for an agency's client."""
    say = site_catalogue(call.locale).say
    if _plain(call.asked.sent("name")) != _plain(call.client.name):
        return _shown(call, problem=say("erase_other_name"), status=422)
    try:
        wiring.subscription_desk().erase(call.client)
    except (Transient, Permanent):
        logger.exception("Stripe refused, or is not there", asked=call.asked.route)
        return _shown(call, problem=say("plan_not_now"), status=503)
    return call.see("effacer?ok=1")


def _shown(call: AreaCall, problem: str = "", status: int = 200) -> Reply:
    standing = wiring.billing_store().subscription(call.client.client_id)
    return call.shown(
        "area_erase",
        status,
        problem=problem,
        is_own=standing is not None,
        is_asked=standing is not None and standing.erase_at is not None and standing.erase_at <= wiring.now(),
        action=call.to("effacer"),
        exports=call.to("exports"),
    )


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
