"""Pages to read: a digest, what it left out, what a search finds."""

from urllib.parse import quote

from vigie import wiring
from vigie.adapters.web.pages import write_page
from vigie.adapters.web.reply import Reply, page
from vigie.adapters.web.view_digest import DigestAddresses, digest_page
from vigie.adapters.web.view_mentions import found_page, held_page
from vigie.domain.site_links import PATHS, StoryRef
from vigie.site.routing import Call, Pages

pages = Pages()


@pages.get("/digest/{token}", "digest")
def show_digest(call: Call) -> Reply:
    """Show the link's digest, or the one that ``day`` names."""
    sheet = wiring.reading().sheet(call.visit, _day(call))
    digest_id = sheet.digest.digest_id
    here, links = _here(call), call.links
    addresses = DigestAddresses(
        day=lambda other: f"{here}?day={quote(other)}",
        held=f"{here}/held?day={quote(digest_id)}",
        search=f"{here}/search",
        alert=lambda alert_id: links.to("acknowledge", alert_id),
        act=lambda story_id: links.to("act", str(StoryRef(digest_id, story_id))),
        preferences=links.to("preferences"),
    )
    shown = digest_page(sheet, addresses)
    return page(write_page("digest", sheet.digest.locale, call.asked.root, page=shown))


@pages.get("/digest/{token}/held", "digest")
def show_held(call: Call) -> Reply:
    """Show what a digest left out, and why."""
    held = wiring.reading().held(call.visit, _day(call))
    shown = held_page(held, back=f"{_here(call)}?day={quote(held.digest.digest_id)}")
    return page(write_page("list", held.digest.locale, call.asked.root, page=shown))


@pages.get("/digest/{token}/search", "digest")
def search(call: Call) -> Reply:
    """Show the mentions that hold the words of ``q``; ``after`` goes on."""
    found = wiring.finding().find(call.visit, call.asked.query.get("q", ""), call.asked.query.get("after"))
    digest = wiring.reading().sheet(call.visit).digest
    here = _here(call)
    shown = found_page(digest, found, back=here, search=f"{here}/search")
    return page(write_page("list", call.locale, call.asked.root, page=shown))


def _here(call: Call) -> str:
    return f"{call.asked.root}/{PATHS['digest']}/{call.asked.token}"


def _day(call: Call) -> str | None:
    return call.asked.query.get("day")
