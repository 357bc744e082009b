"""What the fast and the tolerant reader both make of what they find in an entry."""

from collections.abc import Iterable, Mapping
from urllib.parse import urljoin
from xml.sax.saxutils import unescape

from vigie.adapters.feeds.text import Reading, one_line, opaque, read_markup, video_host

_READABLE_TYPES = ("text/", "application/xhtml", "application/xml")


def guid(written: str) -> str | None:
    """Return a guid as written, whether or not the XML around it is broken.

    On broken XML feedparser leaves these escaped; the guid must not change on the day a feed breaks.
    """
    return opaque(unescape(written, {"&quot;": '"', "&apos;": "'"}) if "&" in written else written)


def joined(links: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Return the links of a text and of another one, each once."""
    return (
        tuple(dict.fromkeys(links + others)) if links and others and links is not others else links or others
    )


def listed(people: Iterable[str]) -> str:
    """Return names on one line, each once."""
    return ", ".join(dict.fromkeys(name for person in people if (name := one_line(person))))


def readable(media_type: str) -> bool:
    """Tell whether content of this type is text."""
    return media_type.startswith(_READABLE_TYPES)


def read_based(markup: str, base: str, url: str) -> Reading:
    """Read markup whose links are relative to ``base``, itself relative to the feed's address."""
    return read_markup(markup, urljoin(url, base) if base else url)


def attached(files: Iterable[Mapping[str, str]], *, thumbnail: bool, video: bool) -> set[str]:
    """Return the media beside the text: enclosures and Media RSS (``files``, by their attributes)."""
    kinds = {"image"} if thumbnail else set()
    if video:
        kinds.add("video")
    for file in files:
        kinds.add(file.get("medium") or (file.get("type") or "").partition("/")[0])
        if video_host(file.get("url") or file.get("href") or ""):
            kinds.add("video")
    return kinds & {"image", "video"}
