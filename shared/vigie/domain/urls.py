"""Addresses: which of them lead to the same page.

Sources of the parameter lists: what French and English publishers append to feed links (``xtor``, ``at_*``),
the advertising networks (``fbclid``, ``gclid``) and Google Analytics (``utm_*``).
"""

import re
from urllib.parse import SplitResult, unquote_plus, urlsplit, urlunsplit

from vigie.domain.redirectors import carried_by

_TRACKING = re.compile(
    r"utm_\w+|at_\w+|mc_[ce]id|pk_(?:campaign|kwd|keyword|source|medium|content|cid)|mtm_\w+|hsa_\w+|ns_\w+"
    r"|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|twclid|yclid|igshid|_ga|_gl"
    r"|xtor|xtref|xts|cmpid|ocid|s_cid|ref_src|smid|amp_js_v|amp_gsa|usqp|wt[._]mc(?:_id)?|sfnsn|ftag",
    re.IGNORECASE,
)
# Words that track only with these values: "source=12" or "ref=1" may well choose the page.
_SOFT = re.compile(r"source|ref|origin|partner|feature", re.IGNORECASE)
_SOFT_VALUES = re.compile(r"|rss|feed|flux|share|twitter|facebook|newsletter|email", re.IGNORECASE)
_VARIANT = re.compile(r"amp|rss|outputtype", re.IGNORECASE)
_VARIANT_VALUES = re.compile(r"|1|true|amp|rss", re.IGNORECASE)

_DOMAIN_AHEAD = r"(?=[^.]+\.[^.]+)"  # "m.fr" and "www.fr" are domains, not the mobile page of "fr"
_MOBILE_HOST = re.compile(rf"^(?:(?:www\d?|m|mobile|amp)\.)+{_DOMAIN_AHEAD}")
_WWW = re.compile(rf"^www\.{_DOMAIN_AHEAD}")
_AMP_PATH = re.compile(r"/amp(?:\.html)?/?$|^/amp(?=/)|\.amp(?=\.html$|$)")
_INDEX = re.compile(r"/(?:index\.(?:html?|php)|default\.aspx?)\Z", re.IGNORECASE)
_PATH_END = re.compile(r"[/\s]+\Z")

_REDIRECTIONS_AT_MOST = 4


def canonical_url(url: str) -> str:
    """Return the address a page is compared by: two addresses of one page give one text.

    Scheme and ``www.`` are folded; default ports, anchors, tracking parameters, AMP and mobile variants, names of
    index files and the trailing slash dropped; redirectors that carry an address give its key. What may choose the
    page stays: path case, other parameters, byte for byte and in their order, and the routes of one-page sites
    (``#!/…``, ``#/…``). The result is a key, not an address to open, and its own key. What is no web address comes
    back as it is.
    """
    first = key = _folded(url)
    for _ in range(_REDIRECTIONS_AT_MOST):
        carried = carried_by(key)
        if carried is None:
            return key
        key = _folded(carried)
    return first if carried_by(key) else key  # redirectors nested deeper are somebody's trap


def _folded(url: str) -> str:
    url = url.strip()
    try:
        parts = urlsplit(url)
        netloc = _netloc(parts)
    except ValueError:
        return url
    if parts.scheme not in {"http", "https"} or not netloc:
        return url
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(("https", netloc, _path(parts.path), _kept_query(parts.query), fragment)).strip()


def site_of(url: str) -> str:
    """Return the host of an address without ``www.``, lower case; empty when there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return _WWW.sub("", host.lower())


def _netloc(parts: SplitResult) -> str:
    """Return host and port as compared; empty when there is no host, or one with spaces in it."""
    host = (parts.hostname or "").lower().strip(".")
    if re.search(r"\s", host):
        return ""
    if ":" in host:  # IPv6
        host = f"[{host}]"
    host = _MOBILE_HOST.sub("", host)
    # Both default ports: the scheme is folded, so that the other one's says nothing either.
    return host if not host or parts.port in {None, 80, 443} else f"{host}:{parts.port}"


def _path(path: str) -> str:
    while (shorter := _PATH_END.sub("", _INDEX.sub("", _AMP_PATH.sub("", path)))) != path:
        path = shorter
    return path


def _kept_query(query: str) -> str:
    pieces = (piece.strip() for piece in query.split("&"))
    return "&".join(piece for piece in pieces if piece and not _tracks(piece))


def _tracks(piece: str) -> bool:
    name, _, value = (unquote_plus(part) for part in piece.partition("="))
    if _SOFT.fullmatch(name):
        return bool(_SOFT_VALUES.fullmatch(value))
    if _VARIANT.fullmatch(name):
        return bool(_VARIANT_VALUES.fullmatch(value))
    return bool(_TRACKING.fullmatch(name))
