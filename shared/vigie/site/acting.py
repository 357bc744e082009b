"""Pages that act on a story: « pas pertinent », « corriger », « partager »; and the page that is shared."""

from typing import cast

from vigie import wiring
from vigie.adapters.web.pages import write_page
from vigie.adapters.web.reply import Reply, page, see_other
from vigie.adapters.web.view_action import ActionAddresses, action_page, share_page, shared_page
from vigie.domain.site_links import StoryRef
from vigie.errors import NotFound
from vigie.site.routing import Call, Pages
from vigie.steps.site.acting import Question

QUESTIONS = ("irrelevant", "correct")

pages = Pages()


@pages.get("/story/{token}/{action}", "act")
def show_action(call: Call) -> Reply:
    """Show what an action would do, or that it is done; how to share needs no deed."""
    ref = StoryRef.read(call.visit.link.subject)
    back = call.links.to("digest", ref.digest_id)
    if call.asked.parameters.get("action") == "share":
        told = wiring.reading().story(call.visit, ref)
        link = call.links_at(_site_url(call)).to_share(ref)
        return _written(call, "share", share_page(told, link=link, back=back))
    judged = wiring.acting().look(call.visit, _question(call))
    return _written(call, "action", action_page(judged, _question(call), ActionAddresses(back=back)))


@pages.post("/story/{token}/{action}", "act")
def act(call: Call) -> Reply:
    """Do it, or undo it; then show how it stands."""
    question, sent = _question(call), call.asked.sent
    if sent("undo"):
        wiring.acting().undo(call.visit, question, sent("undo"))
    else:
        wiring.acting().answer(call.visit, question, sent("value"), sent("reason"))
    return see_other(question)


@pages.get("/shared/{token}", "share")
def show_shared(call: Call) -> Reply:
    """Show one story to whoever was given its link."""
    told = wiring.reading().story(call.visit, StoryRef.read(call.visit.link.subject))
    return _written(call, "shared", shared_page(told, until=call.visit.link.expires_at))


def _question(call: Call) -> Question:
    action = call.asked.parameters.get("action")
    if action not in QUESTIONS:
        raise NotFound("There is no such action.")
    return cast("Question", action)


def _site_url(call: Call) -> str:
    """Return the site's address as others must write it."""
    return wiring.settings().site_url or call.asked.site_url


def _written(call: Call, template: str, shown: object) -> Reply:
    return page(write_page(template, call.locale, call.asked.root, page=shown))
