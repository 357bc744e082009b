"""Pages to take one's mentions away: a table, JSON Lines, a press review to print."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

import msgspec

from vigie import views, wiring
from vigie.adapters.web.reply import SIGNED_IN, Reply, download
from vigie.domain.cutoffs import Interval
from vigie.domain.exports import table_head, table_line
from vigie.domain.mention_questions import Question, Wanted
from vigie.errors import BadField, NotFound
from vigie.requests import EXPORT_LIMIT
from vigie.site.area.routing import AreaCall, AreaPages

DAYS_BEFORE = 30
FILES = {
    "mentions.csv": "text/csv; charset=utf-8",
    "mentions.jsonl": "application/jsonl; charset=utf-8",
    "revue-de-presse.html": "text/html; charset=utf-8",
}
REVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

pages = AreaPages()


@pages.get("exports", "manage")
def show_exports(call: AreaCall) -> Reply:
    """Show what can be taken away."""
    today = wiring.now().astimezone(call.client.tz).date()
    since = today - timedelta(days=DAYS_BEFORE)
    watches = wiring.accounts().watches(call.client.client_id)
    names = tuple((watch.watch_id, watch.name) for watch in watches)
    action = {name: call.to(f"exports/{name}") for name in FILES}
    return call.shown(
        "area_exports", since=since, until=today, watches=names, action=action, erase=call.to("effacer")
    )


@pages.get("exports/{name}", "manage")
def take_away(call: AreaCall) -> Reply:
    """Send a file of the mentions of some days; a long one says in its last line where the rest is."""
    name, client = call.ids["name"], call.client
    if name not in FILES:
        raise NotFound("There is no such file.")
    question = _question(call)
    if name == "revue-de-presse.html":
        html = wiring.render_review(wiring.exports().review(client, question))
        return Reply(200, html, FILES[name], {**SIGNED_IN, "Content-Security-Policy": REVIEW_POLICY})
    as_table = name == "mentions.csv"
    text, cursor = wiring.exports().lines(
        question,
        (lambda mention: table_line(mention, client))
        if as_table
        else (lambda mention: msgspec.json.encode(views.of_mention(mention)).decode() + "\n"),
        EXPORT_LIMIT,
        call.asked.query.get("suite"),
    )
    head = table_head(client.locale) if as_table and "suite" not in call.asked.query else ""
    reply = download(head + text, FILES[name], f"vigie-{client.client_id}-{name}")
    if cursor is not None:
        rest = urlencode({**call.asked.query, "suite": cursor})
        reply.headers["Link"] = f'<{call.to(f"exports/{name}")}?{rest}>; rel="next"'
    return reply


def _question(call: AreaCall) -> Question:
    """Return the question that the form puts. Raises BadField."""
    now, zone = wiring.now(), call.client.tz
    until = _day(call, "au", now.astimezone(zone).date())
    since = _day(call, "du", until - timedelta(days=DAYS_BEFORE))
    if since > until:
        raise BadField("du", "is after the end", "Begin on an earlier day.")
    interval = Interval(
        datetime.combine(since, time(), zone), datetime.combine(until + timedelta(days=1), time(), zone)
    )
    watch = call.asked.query.get("veille") or None
    return Question(client_id=call.client.client_id, interval=interval, wanted=Wanted(watch=watch))


def _day(call: AreaCall, name: str, default: date) -> date:
    text = call.asked.query.get(name, "")
    try:
        return date.fromisoformat(text) if text else default
    except ValueError as error:
        raise BadField(name, f"{text!r:.40} is no day", "Write it as 2026-11-22.") from error
