"""Addresses that lead to another, which they carry: redirectors of searches, networks and audience tools, AMP caches.

Only what can be read from the address is. Short links, and the feed redirectors that number their entries, are
answered by their server alone.
"""

import re
from urllib.parse import unquote_plus, urlsplit

_QUERY_REDIRECTORS = tuple(
    (re.compile(hosts), re.compile(paths), frozenset(names.split()))
    for hosts, paths, names in (
        (r"(?:news\.)?google(?:\.[a-z]{2,3}){1,2}", r"/(?:news/)?url", "url q"),
        (r"(?:lm?\.)?facebook\.com", r"/l\.php", "u"),
        (r"l\.(?:instagram|threads)\.(?:com|net)", r"", "u"),
        (r"t\.umblr\.com", r"/redirect", "z"),
        (r"out\.reddit\.com", r"(?:/.*)?", "url"),
        (r"medium\.com", r"/r", "url"),
        (r"bing\.com", r"/news/apiclick\.aspx", "url"),
        (r"linkedin\.com", r"/redir/redirect", "url"),
        (r"youtube\.com", r"/redirect", "q"),
        (r"vk\.com", r"/away\.php", "to"),
        (r"(?:[\w-]+\.)*(?:xiti\.com|ati-host\.net)", r"/go\.(?:url|click|ad)", "url"),
    )
)
_PATH_REDIRECTORS = (
    (re.compile(r"r\.search\.yahoo\.com"), re.compile(r"/.*?\bRU=(?P<whole>http[^/]+)(?:/.*)?")),
    # The key of google.com/amp/s/… has lost its "/amp" already.
    (re.compile(r"google(?:\.[a-z]{2,3}){1,2}"), re.compile(r"/s/(?P<page>[^/]+\.[^/]+(?:/.*)?)")),
    (
        re.compile(r"(?:[\w-]+\.)?cdn\.ampproject\.org"),
        re.compile(r"/(?:[cv]/)?s/(?P<page>[^/]+\.[^/]+(?:/.*)?)"),
    ),
)
_KNOWN = re.compile(  # tells nearly all addresses at once
    r"https://(?:[\w-]+\.)*(?:google|facebook|instagram|threads|umblr|reddit|medium|bing|linkedin|youtube|vk|xiti"
    r"|ati-host|yahoo|ampproject)\."
)
_ADDRESS = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)


def carried_by(key: str) -> str | None:
    """Return the web address that an address carries, shorter than it; None when it is no redirector.

    ``key`` is folded already: scheme, host and trailing slash as keys have them.
    """
    if not _KNOWN.match(key):
        return None
    try:
        parts = urlsplit(key)
        host = parts.hostname or ""
    except ValueError:
        return None
    for hosts, paths, names in _QUERY_REDIRECTORS:
        if hosts.fullmatch(host) and paths.fullmatch(parts.path):
            return _named(parts.query, names)
    for hosts, paths in _PATH_REDIRECTORS:
        if hosts.fullmatch(host) and (found := paths.fullmatch(parts.path)):
            carried = found.groupdict()
            if "whole" in carried:
                return _address(unquote_plus(carried["whole"]))
            return _address(f"https://{carried['page']}{'?' * bool(parts.query)}{parts.query}")
    return None


def _named(query: str, names: frozenset[str]) -> str | None:
    """Return the first parameter of these names that is an address: a search for one is none."""
    for piece in query.split("&"):
        name, _, value = piece.partition("=")
        if name in names and (address := _address(unquote_plus(value))):
            return address
    return None


def _address(text: str) -> str | None:
    return text if _ADDRESS.fullmatch(text.strip()) else None
