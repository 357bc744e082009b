"""The reviewer's pages: a digest before it leaves, to drop, pin, move, correct, comment and add to."""

from vigie import wiring
from vigie.adapters.web.form_review import read_review
from vigie.adapters.web.pages import write_page
from vigie.adapters.web.reply import Reply, page, see_other
from vigie.adapters.web.view_digest import DigestAddresses, digest_page
from vigie.adapters.web.view_review import review_page
from vigie.domain.site_links import PATHS
from vigie.domain.site_pages import Sheet
from vigie.errors import BadField, Conflict, Expired
from vigie.site.routing import Call, Pages
from vigie.steps.review_desk import ReviewSheet

pages = Pages()


@pages.get("/review/{token}", "review")
def show_review(call: Call) -> Reply:
    """Show a digest with what is decided of it, and forms to decide more until it leaves."""
    return _shown(call, _sheet(call))


@pages.post("/review/{token}", "review")
def review(call: Call) -> Reply:
    """Keep what the form decides, in place of what was decided in the version it was made from."""
    sheet, visit = _sheet(call), call.visit
    try:
        wanted = read_review(call.asked.form, sheet.found, sheet.review, visit.client.tz)
        wiring.review_desk().decide(visit.client, visit.link.subject, wanted, visit.link.recipient)
    except (Conflict, Expired) as late:
        return _shown(call, _sheet(call), problem="review_conflict", status=late.status)
    except BadField as wrong:
        return _shown(call, sheet, problem="review_refused", status=wrong.status)
    return see_other(call.asked.token)


@pages.get("/review/{token}/preview", "review")
def preview(call: Call) -> Reply:
    """Show the digest as its page will be, without what only its readers may do."""
    digest = _sheet(call).digest
    here = f"{call.asked.root}/{PATHS['review']}/{call.asked.token}"
    shown = digest_page(
        Sheet(digest=digest, week=digest.history.week, before=None, after=None), DigestAddresses(back=here)
    )
    return page(write_page("digest", digest.locale, call.asked.root, page=shown))


def _sheet(call: Call) -> ReviewSheet:
    return wiring.review_desk().sheet(call.visit.client, call.visit.link.subject)


def _shown(call: Call, sheet: ReviewSheet, problem: str = "", status: int = 200) -> Reply:
    shown = review_page(
        sheet.digest,
        sheet.review,
        leaves_at=sheet.leaves_at,
        is_open=sheet.is_open,
        preview=f"{call.asked.root}/{PATHS['review']}/{call.asked.token}/preview",
        problem=problem,
    )
    return page(write_page("review", sheet.digest.locale, call.asked.root, page=shown), status)
