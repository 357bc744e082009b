"""Pages to read in the client area: where one arrives, the list of digests, what a search finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from vigie.adapters.mail.links import web_link
from vigie.adapters.mail.view import LinkView
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.view_leaving import Option
from vigie.adapters.web.view_mentions import MentionView, found_intro
from vigie.domain.clients import Client, Locale, Watch
from vigie.domain.cutoffs import next_appointment
from vigie.domain.digest_build import rhythm_in
from vigie.domain.extracts import extract_of
from vigie.domain.mention_questions import Wanted
from vigie.domain.mentions import Mention
from vigie.domain.rhythms import OPENING
from vigie.domain.site_pages import Found
from vigie.domain.typography import day_and_date, hour, long_date, moment, one_line, quoted
from vigie.ports import DigestEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """Where one arrives."""

    client: str
    next_send: str
    alerts: str
    has_watches: bool


def home_page(client: Client, locale: Locale, now: datetime, *, alerts: int, watches: int) -> HomePage:
    """Return what one sees first; ``alerts`` are those open, ``watches`` all there are."""
    catalogue = site_catalogue(locale)
    at = next_appointment(client.schedule, client.tz, now).send_at.astimezone(client.tz)
    return HomePage(
        client=one_line(client.name, 60),
        next_send=catalogue.say("next", day=day_and_date(at.date(), locale), hour=hour(at, locale)),
        alerts=catalogue.count("alerts_open", alerts) if alerts else "",
        has_watches=watches > 0,
    )


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A digest in the list."""

    day: str
    mentions: str
    url: str


def digest_lines(
    entries: Sequence[DigestEntry], client: Client, locale: Locale, base: str
) -> tuple[DigestLine, ...]:
    """Return digests as lines; ``base`` leads to their list."""
    catalogue = site_catalogue(locale)
    return tuple(
        DigestLine(
            day=long_date(entry.interval.until.astimezone(client.tz).date(), locale),
            mentions=catalogue.count(
                "mentions_first" if rhythm_in(entry.digest_id) == OPENING else "mentions", entry.mentions
            ),
            url=f"{base}/{quote(entry.digest_id)}",
        )
        for entry in entries
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """What a search found, and the form it was asked with."""

    question: str
    intro: str
    watches: tuple[Option, ...]
    tones: tuple[Option, ...]
    mentions: tuple[MentionView, ...]
    more: LinkView | None


def search_page(
    client: Client,
    locale: Locale,
    found: Found,
    *,
    watches: Sequence[Watch],
    wanted: Wanted,
    tones: Sequence[str],
    now: datetime,
    more: str,
) -> SearchPage:
    """Return the page of a search over one's mentions; ``more`` leads to what follows."""
    say = site_catalogue(locale).say
    return SearchPage(
        question=found.question,
        intro=found_intro(site_catalogue(locale), found, client.tz),
        watches=tuple(
            Option(each.watch_id, one_line(each.name, 60), each.watch_id == wanted.watch) for each in watches
        ),
        tones=tuple(Option(tone, say(f"tone_{tone}"), tone == wanted.tone) for tone in tones),
        mentions=tuple(mention_line(client, locale, mention, now) for mention in found.mentions),
        more=LinkView(say("found_more"), more) if more else None,
    )


def mention_line(client: Client, locale: Locale, mention: Mention, now: datetime) -> MentionView:
    """Return what is shown of a mention: of its text, only what the law and its platform's terms let us show."""
    document, say = mention.document, site_catalogue(locale).say
    origin = [one_line(document.source_name, 60)]
    if document.published_at:
        today = now.astimezone(client.tz).date()
        origin.append(moment(document.published_at.astimezone(client.tz), today, locale))
    evidence = [span for hit in mention.hits for span in hit.evidence]
    extract = one_line(extract_of(document, evidence), 160) if evidence else ""
    withdrawn = mention.held_reason == "withdrawn"
    watches = dict.fromkeys(one_line(hit.watch_name, 60) for hit in mention.hits)
    return MentionView(
        title=say("withdrawn_title") if withdrawn else one_line(document.title, 140),
        url=web_link(document.url),
        origin=", ".join(origin),
        extract=quoted(extract, locale) if extract and not withdrawn else "",
        note=say("found_in", watches=", ".join(watches)),
    )


def waiting_lines(
    entries: Sequence[DigestEntry], client: Client, locale: Locale, address: Callable[[str], str]
) -> tuple[DigestLine, ...]:
    """Return digests that wait for their review as lines that say when they leave."""
    say = site_catalogue(locale).say
    lines = []
    for entry in entries:
        at = entry.send_at.astimezone(client.tz)
        leaves = say("review_leaves", day=day_and_date(at.date(), locale), hour=hour(at, locale))
        mentions = site_catalogue(locale).count("mentions", entry.mentions)
        lines.append(DigestLine(day=leaves, mentions=mentions, url=address(entry.digest_id)))
    return tuple(lines)
