"""Addresses: which of them lead to the same page.

Sources of the parameter lists: what French and English publishers append to feed links (``xtor``, ``at_*``),
the advertising networks (``fbclid``, ``gclid``) and Google Analytics (``utm_*``).
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"(?:utm_\w+|at_\w+|mc_\w+|pk_\w+|mtm_\w+|hsa_\w+|fbclid|gclid|gclsrc|dclid|msclkid|twclid|yclid|igshid"
    r"|xtor|xtref|xts|ns_\w+|cmpid|ocid|s_cid|partner|origin|ref|ref_src|rss|source|smid|wt_mc|sfnsn"
    r"|feature|ftag|amp|outputtype)",
    re.IGNORECASE,
)
# Words that mark a tracking parameter only with these values; "source=12" may well choose the page.
_SOFT = {"source", "ref", "origin", "partner", "feature", "rss", "amp", "outputtype"}
_SOFT_VALUES = re.compile(r"|rss|feed|flux|amp|1|true|share|twitter|facebook|newsletter|email", re.IGNORECASE)
_MOBILE_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.]+)")
_AMP_PATH = re.compile(r"(?:/amp(?:\.html)?/?$|^/amp(?=/)|\.amp(?=\.html$|$))")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """Return the address a page is compared by: two addresses of one page give one text.

    Scheme and ``www.`` are folded, default ports, fragments, tracking parameters, AMP and mobile variants and
    the trailing slash dropped; what may choose the page (path case, other parameters, their order) stays.
    The result is a key, not an address to open. What cannot be split comes back as it is.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        return url.strip()
    host = _MOBILE_HOST.sub("", parts.hostname.lower().rstrip("."))
    netloc = host if port in {None, _DEFAULT_PORTS[parts.scheme.lower()]} else f"{host}:{port}"
    path = _AMP_PATH.sub("", parts.path).rstrip("/")
    return urlunsplit(("https", netloc, path, _kept_query(parts.query), ""))


def site_of(url: str) -> str:
    """Return the host of an address without ``www.``, lower case; empty when there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


def _kept_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(_tracks(name, value) for name, value in pairs):
        return query  # byte for byte: re-encoding could change which page it chooses
    return urlencode([(name, value) for name, value in pairs if not _tracks(name, value)])


def _tracks(name: str, value: str) -> bool:
    if not _TRACKING.fullmatch(name):
        return False
    return name.lower() not in _SOFT or bool(_SOFT_VALUES.fullmatch(value))
