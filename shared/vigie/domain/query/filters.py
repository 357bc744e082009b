"""The values filters take, and hosts, which two of them compare."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PLATFORM = re.compile(r"[a-z0-9][a-z0-9_-]*")
TYPES = ("article", "post", "comment", "review", "video", "clip", "message")
MEDIA = ("video", "image", "link")


def host_name(host: str) -> str:
    """Return a host as hosts are compared: lower case, ASCII (IDNA), without ``www.`` nor final dot."""
    host = host.lower().rstrip(".").removeprefix("www.")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:  # a label IDNA 2003 does not know: compared as written
        return host


def host_of(url: str) -> str:
    """Return the host of a URL as ``host_name`` does, or an empty string when it has none to read."""
    try:
        return host_name(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def is_under(host: str, parent: str) -> bool:
    """Tell whether ``host`` is ``parent`` or a subdomain of it; both as ``host_name`` gives them."""
    return host == parent or host.endswith(f".{parent}")


def _host(value: str) -> str | None:
    return host_name(value) or None if _HOST.fullmatch(value) else None


def _language(value: str) -> str | None:
    return value.lower() if _LANGUAGE.fullmatch(value.lower()) else None


def _platform(value: str) -> str | None:
    return value.lower() if _PLATFORM.fullmatch(value.lower()) else None


def _type(value: str) -> str | None:
    return value.lower() if value.lower() in TYPES else None


def _media(value: str) -> str | None:
    return value.lower() if value.lower() in MEDIA else None


KINDS: Mapping[str, Callable[[str], str | None]] = {
    "site": _host,
    "links": _host,
    "lang": _language,
    "platform": _platform,
    "type": _type,
    "has": _media,
}
"""How each filter reads a value; None when it does not take it."""

KNOWN = {"type": TYPES, "has": MEDIA}
"""The values of the filters that take only these."""
