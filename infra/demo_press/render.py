"""Write a feed as its publisher would: RSS 2.0, Atom 1.0 or RSS 1.0 (RDF), well-formed or not.

RSS 2.0: https://www.rssboard.org/rss-specification; Atom: RFC 4287; RSS 1.0: https://web.resource.org/rss/1.0/spec.
"""

import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from html.entities import codepoint2name
from xml.sax.saxutils import escape, quoteattr

from infra.demo_press.calendar import ZONE
from infra.demo_press.model import Feed, Item, Version
from infra.demo_press.window import changed_at, shown


def render_feed(feed: Feed, now: datetime) -> bytes:
    """Return the feed's bytes at ``now`` (aware): its newest items already published, newest first."""
    writers: dict[str, Callable[[Feed, list[str], datetime | None], str]] = {
        "rss": _rss,
        "atom": _atom,
        "rdf": _rdf,
    }
    entries = [_ENTRIES[feed.style.format](feed, item, item.at(now)) for item in shown(feed, now)]
    text = writers[feed.style.format](feed, entries, changed_at(feed, now))
    if feed.style.answer == "broken":
        text = _break(text)
    return text.encode(feed.style.charset, "xmlcharrefreplace")


def _rss(feed: Feed, entries: list[str], changed: datetime | None) -> str:
    built = f"<lastBuildDate>{_rfc822(changed)}</lastBuildDate>\n" if changed else ""
    return (
        f'<?xml version="1.0" encoding="{feed.style.charset.upper()}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>{escape(feed.name)}</title>\n<link>https://{feed.host}/</link>\n"
        f"<description>{escape(feed.name)}</description>\n<language>{feed.language}</language>\n{built}"
        f"{''.join(entries)}</channel>\n</rss>\n"
    )


def _rss_entry(feed: Feed, item: Item, version: Version) -> str:
    lines = [f"<title>{_title(feed, version)}</title>", f"<link>{escape(item.url)}</link>"]
    if item.guid:
        flag = ' isPermaLink="false"' if feed.style.guid == "opaque" else ""
        lines.append(f"<guid{flag}>{escape(item.guid)}</guid>")
    if item.dated:
        lines.append(f"<pubDate>{_rfc822(item.published_at)}</pubDate>")
    lines += [
        f"<dc:creator>{escape(item.author)}</dc:creator>",
        f"<description>{_summary(feed, version)}</description>",
    ]
    if version.body:
        lines.append(f"<content:encoded><![CDATA[{_content(version)}]]></content:encoded>")
    return "<item>\n" + "\n".join(lines) + "\n</item>\n"


def _atom(feed: Feed, entries: list[str], changed: datetime | None) -> str:
    updated = f"<updated>{_local(changed)}</updated>\n" if changed else ""
    return (
        f'<?xml version="1.0" encoding="{feed.style.charset}"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{feed.language}">\n'
        f"<title>{escape(feed.name)}</title>\n<id>https://{feed.host}/</id>\n"
        f'<link rel="alternate" href="https://{feed.host}/"/>\n'
        f'<link rel="self" href="https://{feed.host}{feed.path}"/>\n{updated}{"".join(entries)}</feed>\n'
    )


def _atom_entry(feed: Feed, item: Item, version: Version) -> str:
    kind = ' type="html"' if feed.style.markup else ""
    lines = [
        f"<title{kind}>{_title(feed, version)}</title>",
        f'<link rel="alternate" type="text/html" href={quoteattr(item.url)}/>',
        f"<id>{escape(item.guid or item.canonical_url)}</id>",
        f"<published>{_local(item.published_at)}</published>",
        f"<updated>{_local(version.since)}</updated>",
        f"<author><name>{escape(item.author)}</name></author>",
        f"<summary{kind}>{_summary(feed, version)}</summary>",
    ]
    if version.body:
        lines.append(f'<content type="html">{escape(_content(version))}</content>')
    return "<entry>\n" + "\n".join(lines) + "\n</entry>\n"


def _rdf(feed: Feed, entries: list[str], changed: datetime | None) -> str:
    about = re.findall(r"<item rdf:about=(\"[^\"]*\")", "".join(entries))
    sequence = "".join(f"<rdf:li rdf:resource={address}/>\n" for address in about)
    date = f"<dc:date>{_local(changed)}</dc:date>\n" if changed else ""
    return (
        f'<?xml version="1.0" encoding="{feed.style.charset}"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="https://{feed.host}{feed.path}">\n<title>{escape(feed.name)}</title>\n'
        f"<link>https://{feed.host}/</link>\n<description>{escape(feed.name)}</description>\n"
        f"<dc:language>{feed.language}</dc:language>\n{date}"
        f"<items><rdf:Seq>\n{sequence}</rdf:Seq></items>\n</channel>\n{''.join(entries)}</rdf:RDF>\n"
    )


def _rdf_entry(feed: Feed, item: Item, version: Version) -> str:
    return (
        f"<item rdf:about={quoteattr(item.url)}>\n<title>{_title(feed, version)}</title>\n"
        f"<link>{escape(item.url)}</link>\n<dc:date>{_local(item.published_at)}</dc:date>\n"
        f"<dc:creator>{escape(item.author)}</dc:creator>\n"
        f"<description>{_summary(feed, version)}</description>\n</item>\n"
    )


_ENTRIES: dict[str, Callable[[Feed, Item, Version], str]] = {
    "rss": _rss_entry,
    "atom": _atom_entry,
    "rdf": _rdf_entry,
}


def _title(feed: Feed, version: Version) -> str:
    if not feed.style.markup:
        return escape(version.title)
    # A magazine's habit: what stands in quotation marks is set in italics.
    return escape(re.sub(r"(«[^»]*»)", r"<em>\1</em>", _entities(version.title)))


def _summary(feed: Feed, version: Version) -> str:
    if not feed.style.markup:
        return escape(version.summary)
    return escape(f"<p>{_entities(version.summary)}</p>")


def _content(version: Version) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in (version.summary, *version.body))


def _entities(text: str) -> str:
    """Write accented letters and signs as named HTML entities, as old publishing tools do."""
    return "".join(f"&{codepoint2name[ord(sign)]};" if ord(sign) in codepoint2name else sign for sign in text)


def _break(text: str) -> str:
    """Make the XML malformed in the ways met in the wild: bare ampersands, open tags, a control character."""
    text = text.replace("</title>\n<link>", " & vous</title>\n<link>", 1).replace(
        "</description>", "<br></description>"
    )
    return text.replace("<item>", "<item>\x0b").replace("<title>Météo", "<title>M&eacute;t&eacute;o", 3)


def _rfc822(at: datetime | None) -> str:
    return format_datetime(at.astimezone(ZONE)) if at else ""


def _local(at: datetime | None) -> str:
    return at.astimezone(ZONE).isoformat() if at else ""
