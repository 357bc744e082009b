"""Mentions in a list: those a question found, those a digest left out."""

from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from vigie.adapters.mail.catalogue import Catalogue
from vigie.adapters.mail.links import web_link
from vigie.adapters.mail.printer import Printer
from vigie.adapters.mail.view import LinkView
from vigie.adapters.web.catalogue import site_catalogue
from vigie.domain.digest import Digest
from vigie.domain.extracts import extract_of
from vigie.domain.mentions import Mention
from vigie.domain.site_pages import Found, HeldBack
from vigie.domain.typography import isolated, long_date, one_line, quoted

_BLANK = {"withdrawn": "withdrawn_title", "over_quota": "over_quota_title"}  # what is shown instead of a text


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionView:
    """One mention in a list; ``note`` says why it was left out, or which watches found it."""

    title: str
    url: str | None
    origin: str
    extract: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page that is a list of mentions."""

    heading: str
    intro: str
    mentions: tuple[MentionView, ...]
    back: LinkView
    client: str
    more: LinkView | None = None
    search: str = ""
    question: str = ""


def mention_view(printer: Printer, mention: Mention) -> MentionView:
    """Return what is shown of a mention: of its text, only what the law and its platform's terms let us show."""
    document = mention.document
    origin = [printer.title(document.source_name, 60)]
    if document.published_at:
        origin.append(printer.moment(document.published_at))
    evidence = [span for hit in mention.hits for span in hit.evidence]
    extract = printer.title(extract_of(document, evidence), 160) if evidence else ""
    blank = _BLANK.get(mention.held_reason or "")
    return MentionView(
        title=printer.say(blank) if blank else printer.title(document.title),
        url=web_link(document.url),
        origin=", ".join(origin),
        extract=quoted(extract, printer.digest.locale) if extract and not blank else "",
        note=_note(printer, mention),
    )


def _note(printer: Printer, mention: Mention) -> str:
    if mention.status == "held":
        key = f"why_{mention.held_reason}"
        return printer.say(key if key in printer.catalogue else "why_other")
    watches = dict.fromkeys(printer.title(hit.watch_name, 60) for hit in mention.hits)
    return printer.say("found_in", watches=", ".join(watches))


def held_page(held: HeldBack, back: str) -> ListPage:
    """Return the list of what a digest left out."""
    digest = held.digest
    printer = Printer(site_catalogue(digest.locale), digest)
    intro = printer.count("held_intro", digest.ledger.held_back)
    if digest.ledger.held_back and not held.mentions:
        intro = f"{intro} {printer.say('held_gone')}"
    return ListPage(
        heading=printer.say("held_title"),
        intro=intro,
        mentions=tuple(mention_view(printer, mention) for mention in held.mentions),
        back=LinkView(printer.say("back_to_digest"), back),
        client=printer.client,
    )


def found_page(digest: Digest, found: Found, *, back: str, search: str) -> ListPage:
    """Return what a search found; ``digest`` is the one whose link the reader holds."""
    printer = Printer(site_catalogue(digest.locale), digest)
    more = f"{search}?{urlencode({'q': found.question, 'after': found.cursor})}" if found.cursor else ""
    return ListPage(
        heading=printer.say("found_title"),
        intro=found_intro(printer.catalogue, found, printer.zone),
        mentions=tuple(mention_view(printer, mention) for mention in found.mentions),
        back=LinkView(printer.say("back_to_digest"), back),
        more=LinkView(printer.say("found_more"), more) if more else None,
        search=search,
        question=found.question,
        client=printer.client,
    )


def found_intro(catalogue: Catalogue, found: Found, zone: ZoneInfo) -> str:
    """Return the sentence above what a question found, and what is to be known of it; nothing was asked: nothing."""
    if not found.question:
        return ""
    locale = catalogue.locale
    told = {
        "question": quoted(isolated(one_line(found.question, 100)), locale),
        "since": long_date(found.since.astimezone(zone).date(), locale),
    }
    if found.cursor:
        sentence = catalogue.say("found_some", **told)
    elif found.mentions:
        sentence = catalogue.count("found_count", len(found.mentions), **told)
    else:
        sentence = catalogue.say("found_none", **told)
    notes = [sentence]
    notes += [] if found.is_whole else [catalogue.say("found_partly")]
    notes += [catalogue.say("found_cut")] if found.is_cut else []
    return " ".join(notes)
