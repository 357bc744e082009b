"""Pages to read: where one arrives, digests, what was left out, what a search finds."""

from datetime import timedelta
from urllib.parse import quote, urlencode

from vigie import wiring
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.pages import write_page
from vigie.adapters.web.reply import SIGNED_IN, Reply
from vigie.adapters.web.view_area import DigestLine, digest_lines, home_page, search_page
from vigie.adapters.web.view_chart import Chart, chart_of
from vigie.adapters.web.view_digest import DigestAddresses, digest_page
from vigie.adapters.web.view_mentions import held_page
from vigie.domain.links import Link
from vigie.domain.mention_questions import Wanted
from vigie.domain.rhythms import OPENING
from vigie.domain.site_links import StoryRef
from vigie.domain.week import week_of
from vigie.errors import BadField, NotFound
from vigie.site.area.routing import AreaCall, AreaPages
from vigie.steps.site.visits import Visit

PAGE_LIFETIME = timedelta(hours=12)
"""How long the buttons of a digest's page work after it was opened."""
TONES = ("negative", "neutral", "positive", "to_verify")

pages = AreaPages()


@pages.get("", "read")
def show_home(call: AreaCall) -> Reply:
    """Show what is new: the week, the last digest, alerts that are open, when the next mail leaves."""
    client, now = call.client, wiring.now()
    live = [alert for alert in wiring.alert_desk().listed(client) if alert.is_live]
    shown = home_page(
        client, call.locale, now, alerts=len(live), watches=len(wiring.accounts().watches(client.client_id))
    )
    lines, chart = _digests(call)
    return call.shown(
        "area_home", page=shown, lines=lines[:3], chart_of_week=chart, to=call.to, may_manage=call.may_manage
    )


@pages.get("envois", "read")
def show_digests(call: AreaCall) -> Reply:
    """List the digests, newest first, with the week's chart."""
    lines, chart = _digests(call)
    return call.shown("area_digests", lines=lines, chart_of_week=chart)


def _digests(call: AreaCall) -> tuple[tuple[DigestLine, ...], Chart | None]:
    """Return the client's digests as lines, and the week that the last one closes.

    What a sign-up was told of the archive comes first in time, and counts in no week.
    """
    entries = wiring.desk().digest_entries(call.client)
    told_first = wiring.digests().entries(call.client.client_id, 1, OPENING)
    lines = digest_lines([*entries, *told_first], call.client, call.locale, call.to("envois"))
    if not entries:
        return lines, None
    closed = ((entry.interval.until, entry.mentions) for entry in entries)
    week = week_of(closed, entries[0].interval.until, call.client.tz)
    return lines, chart_of(site_catalogue(call.locale), week)


@pages.get("envois/{digest_id}", "read")
def show_digest(call: AreaCall) -> Reply:
    """Show a digest, as behind the link of its mail."""
    visit = _visit(call)
    sheet = wiring.reading().sheet(visit)
    digest_id = sheet.digest.digest_id
    links = wiring.visits().links(visit, call.asked.root)
    addresses = DigestAddresses(
        day=lambda other: call.to(f"envois/{quote(other)}"),
        alert=lambda alert_id: call.to(f"alertes/{quote(alert_id)}"),
        held=call.to(f"envois/{quote(digest_id)}/ecartees"),
        search=call.to("recherche"),
        act=lambda story_id: links.to("act", str(StoryRef(digest_id, story_id))),
        preferences=call.to("destinataires"),
    )
    return _framed(call, "digest", digest_page(sheet, addresses))


@pages.get("envois/{digest_id}/ecartees", "read")
def show_held(call: AreaCall) -> Reply:
    """Show what a digest left out, and why."""
    held = wiring.reading().held(_visit(call))
    return _framed(call, "list", held_page(held, back=call.to(f"envois/{quote(held.digest.digest_id)}")))


@pages.get("recherche", "read")
def search(call: AreaCall) -> Reply:
    """Show the mentions that hold the words of ``q``, of a watch and a tone where they are named."""
    asked = call.asked.query
    watches = wiring.accounts().watches(call.client.client_id)
    wanted = _wanted(asked.get("veille", ""), asked.get("ton", ""), {watch.watch_id for watch in watches})
    days = wiring.settings().mention_retention_days
    found = wiring.finding().find(
        _visit_of(call, ""), asked.get("q", ""), asked.get("suite"), days=days, wanted=wanted
    )
    kept = {"q": found.question, "veille": wanted.watch or "", "ton": wanted.tone or ""}
    more = f"{call.to('recherche')}?{urlencode({**kept, 'suite': found.cursor})}" if found.cursor else ""
    shown = search_page(
        call.client,
        call.locale,
        found,
        watches=watches,
        wanted=wanted,
        tones=TONES,
        now=wiring.now(),
        more=more,
    )
    return call.shown("area_search", page=shown, action=call.to("recherche"))


def _wanted(watch: str, tone: str, known: set[str]) -> Wanted:
    """Return what the choices beside the words ask for; one that is none of the choices asks for nothing."""
    if watch and watch not in known:
        raise BadField("veille", "is none of yours", "Choose it in the list.")
    match tone:
        case "negative" | "neutral" | "positive" | "to_verify":
            return Wanted(watch=watch or None, tone=tone)
    return Wanted(watch=watch or None)


def _visit(call: AreaCall) -> Visit:
    """Return the visit to the digest that the address names. Raises NotFound for one that is not the client's."""
    digest_id = call.ids["digest_id"]
    if wiring.digests().entry(call.client.client_id, digest_id) is None:
        raise NotFound(f"There is no digest {digest_id:.60}.")
    return _visit_of(call, digest_id)


def _visit_of(call: AreaCall, subject: str) -> Visit:
    """Return what the steps behind signed links ask for, of somebody signed in."""
    link = Link(
        purpose="digest",
        client_id=call.client.client_id,
        subject=subject,
        recipient=call.email,
        expires_at=wiring.now() + PAGE_LIFETIME,
    )
    return Visit(link, call.client)


def _framed(call: AreaCall, template: str, page: object) -> Reply:
    html = write_page(template, call.locale, call.asked.root, area=call.frame(), page=page)
    return Reply(200, html, headers=SIGNED_IN)
