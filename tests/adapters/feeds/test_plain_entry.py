"""The shortcut for plain entries reads what the longer reader reads, or nothing."""

from xml.sax.saxutils import escape, quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from vigie.adapters.feeds.fast_entry import FastEntry
from vigie.adapters.feeds.plain_entry import PlainEntry
from vigie.adapters.feeds.vocabulary import Doubt, Place

URL = "https://journal.example/rss"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "a": "http://www.w3.org/2005/Atom",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "rss": "http://purl.org/rss/1.0/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcx": "http://purl.org/dc/elements/1.1",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "x": "urn:example:unknown",
}
NAMES = [
    "title", "link", "guid", "description", "pubDate", "author", "enclosure", "category", "dc:creator", "dc:date",
    "dc:title", "content:encoded", "media:content", "media:thumbnail", "media:group", "slash:comments", "x:title",
    "x:thing", "a:title", "a:link", "a:id", "a:published", "a:updated", "a:summary", "a:content", "a:author", "image",
    "source", "TITLE", "media:title", "media:description", "rss:title", "rss:link", "rss:description", "dcx:creator",
    "itunes:author", "dc:language",
]  # fmt: skip
TEXTS = [
    "", " ", "Un titre", "<b>gras</b> & <a href='/x'>lien</a>", "https://journal.example/1", "/relatif",
    "https://journal.example/?a=1&amp;b=2", "https://journal.example/?a=1&lang;b=2&c", "https:///trop", "hier",
    "Sun, 22 Nov 2026 12:01:30 +0100", "2026-11-22T12:01:30Z", "Léa Martin", "lea@journal.example (Léa)", "x" * 301,
    "Ã©tÃ©", "été\x85",
]  # fmt: skip
PARTS = [
    "a:name",
    "a:email",
    "a:uri",
    "title",
    "x:y",
    "media:credit",
    "media:title",
    "media:thumbnail",
    "itunes:name",
]
ATTRIBUTES = {
    "type": ["text", "html", "xhtml", "image/png"],
    "isPermaLink": ["true", "false"],
    "href": ["https://journal.example/2", "/3", "https:///x"],
    "rel": ["alternate", "self", "enclosure", "ALTERNATE"],
    "url": ["https://journal.example/i.jpg"],
    "medium": ["image"],
    "xml:base": ["https://ailleurs.example/", "/ici", "https:///x"],
    "rdf:about": ["https://journal.example/&amp;4"],
    "mode": ["base64"],
    "x:href": ["https://journal.example/5"],
    "x:count": ["3"],
    "xml:lang": ["en"],
    "domain": ["tag"],
}


def written(name: str, text: str, attributes: dict[str, str], inside: list[str]) -> str:
    """Return an element as XML."""
    said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{said}>{escape(text)}{''.join(inside)}</{name}>"


attributes = st.dictionaries(st.sampled_from(sorted(ATTRIBUTES)), st.just(""), max_size=2).flatmap(
    lambda keys: st.fixed_dictionaries({key: st.sampled_from(ATTRIBUTES[key]) for key in keys})
)
none: st.SearchStrategy[dict[str, str]] = st.just({})
parts = st.builds(
    written,
    st.sampled_from(PARTS),
    st.sampled_from(TEXTS),
    none,
    st.just([]),
)
elements = st.builds(
    written,
    st.sampled_from(NAMES),
    st.sampled_from(TEXTS),
    none | none | attributes,
    st.just([]) | st.just([]) | st.lists(parts, max_size=2),
)
items = st.builds(
    written,
    st.sampled_from(["item", "a:entry"]),
    st.just(""),
    none | none | attributes,
    st.lists(elements, max_size=9),
)


@settings(max_examples=300, deadline=None)
@given(
    item=items, language=st.sampled_from([None, "fr"]), base=st.sampled_from(["", "https://base.example/"])
)
def test_what_the_shortcut_reads_is_what_the_longer_reader_reads(
    item: str, language: str | None, base: str
) -> None:
    """Whatever an entry holds, in whatever order, the shortcut reads the same of it or leaves it alone."""
    names = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())
    try:
        element = etree.fromstring(f"<rss{names}>{item}</rss>")[0]
    except etree.XMLSyntaxError:  # two attributes that are one
        return
    place = Place(base, language)
    plain = PlainEntry.of(element, place)
    if plain is None:
        return
    try:
        expected = FastEntry(element, place).finish(URL, "en").read()
    except Doubt:
        raise AssertionError("the longer reader doubts") from None
    assert plain.finish(URL, "en").read() == expected


def test_an_ordinary_item_takes_the_shortcut() -> None:
    """An item as newspapers write it is plain."""
    item = etree.fromstring(
        '<item xmlns:dc="http://purl.org/dc/elements/1.1/"><title>Un titre</title>'
        "<link>https://journal.example/1</link><category>Monde</category>"
        '<guid isPermaLink="false">1</guid><description>&lt;p&gt;Un texte.&lt;/p&gt;</description>'
        "<pubDate>Sun, 22 Nov 2026 12:01:30 +0100</pubDate><dc:creator>Léa</dc:creator></item>"
    )
    plain = PlainEntry.of(item, Place())
    assert plain is not None
    entry = plain.finish(URL, "fr").read()
    assert (entry.title, entry.summary, entry.author, entry.language) == (
        "Un titre",
        "Un texte.",
        "Léa",
        "fr",
    )


def test_misspelt_namespaces_are_read_by_their_prefixes() -> None:
    """Many feeds leave the last slash out: the shortcut reads them as the longer reader does."""
    item = etree.fromstring(
        '<item xmlns:dc="http://purl.org/dc/elements/1.1" xmlns:content="http://purl.org/rss/1.0/modules/content">'
        "<title>Un titre</title><dc:creator>Léa</dc:creator><content:encoded>Un texte.</content:encoded></item>"
    )
    plain = PlainEntry.of(item, Place())
    assert plain is not None
    entry = plain.finish(URL, "fr").read()
    assert entry == FastEntry(item, Place()).finish(URL, "fr").read()
    assert (entry.author, entry.body) == ("Léa", "Un texte.")
