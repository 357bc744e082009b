"""What a browser asks, read from an API Gateway event (REST, payload version 1.0)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_string
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from vigie.domain.clients import Locale
from vigie.errors import BadField, TooLarge

FORM_LIMIT_BYTES = 100_000
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request. ``route`` is the template's (``/digest/{token}``), ``root`` leads from the page back to the site.

    ``site_url`` is the site's address as the browser knows it, without a slash at the end; empty when the gateway
    does not say. ``origin`` and ``fetch_site`` are browsers' own word of where a request comes from, ``ip`` is the
    gateway's. Of a query's or a form's repeated fields, ``query`` keeps the last and ``form`` all.
    """

    method: str
    route: str
    root: str
    site_url: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language: Locale = "fr"
    cookie: str = ""
    origin: str = ""
    fetch_site: str = ""
    ip: str = ""

    @property
    def token(self) -> str:
        """The link's token."""
        return self.parameters.get("token", "")

    def is_ours(self, *site_urls: str) -> bool:
        """Whether a form was sent by a page of ours: by the browser's word, which no page can make up.

        ``Sec-Fetch-Site`` says it outright; a browser without it sends ``Origin``, to be one of these addresses' own.
        """
        if self.fetch_site:
            return self.fetch_site == "same-origin"
        return self.origin in {_origin(url) for url in (*site_urls, self.site_url) if url}

    def sent(self, name: str) -> str:
        """Return the last value a form gave to a field; empty when it gave none."""
        return self.form.get(name, ("",))[-1]


def read_request(event: Mapping[str, Any], default_language: Locale = "fr") -> Asked:
    """Return what was asked. Raises BadField for a form too large or unreadable."""
    route = str(event.get("resource") or event.get("path") or "/")
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    method = str(event.get("httpMethod", "GET"))
    return Asked(
        method=method,
        route=route,
        root="/".join([".."] * (route.count("/") - 1)) or ".",
        site_url=_site_url(event.get("requestContext") or {}),
        parameters=event.get("pathParameters") or {},
        query=event.get("queryStringParameters") or {},
        form=_form(event, headers) if method == "POST" else {},
        language=_language(_asked_language(event) or headers.get("accept-language", ""), default_language),
        cookie=headers.get("cookie", ""),
        origin=headers.get("origin", ""),
        fetch_site=headers.get("sec-fetch-site", ""),
        ip=str(((event.get("requestContext") or {}).get("identity") or {}).get("sourceIp") or ""),
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _site_url(context: Mapping[str, Any]) -> str:
    """Return the gateway's own address and stage, which a caller cannot make up as it could a Host header."""
    host, stage = context.get("domainName"), context.get("stage")
    return f"https://{host}/{stage}" if host and stage else ""


def _form(event: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    body = event.get("body") or ""
    content_type = headers.get("content-type", _URLENCODED)
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in {_URLENCODED, _MULTIPART}:
        raise BadField("form", "is of another kind", f"Send it as {_URLENCODED}.")
    if len(body) > FORM_LIMIT_BYTES:
        raise TooLarge(f"The body is over {FORM_LIMIT_BYTES} bytes.")
    try:
        text = base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadField("form", "cannot be read", "Send it as UTF-8.") from error
    pairs = parse_qsl(text, keep_blank_values=True) if kind == _URLENCODED else _parts(content_type, text)
    values: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        values[name] = (*values.get(name, ()), value)
    return values


def _parts(content_type: str, text: str) -> list[tuple[str, str]]:
    """Return the fields of a multipart form: what mailboxes prefer for an unsubscription (RFC 8058 §3.1)."""
    message = message_from_string(f"Content-Type: {content_type}\r\n\r\n{text}")
    fields = []
    for part in message.get_payload() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition") if isinstance(part, Message) else None
        if isinstance(part, Message) and name is not None:
            fields.append((str(name), str(part.get_payload()).rstrip("\r\n")))
    return fields


def _asked_language(event: Mapping[str, Any]) -> str:
    """Return what ``?lang=`` asks for: it goes before what the browser prefers."""
    return str((event.get("queryStringParameters") or {}).get("lang") or "")


def _language(accepted: str, default: Locale) -> Locale:
    """Return the first of our languages that a browser names, in its order."""
    for wanted in accepted.split(","):
        match wanted.strip()[:2].lower():
            case "fr":
                return "fr"
            case "en":
                return "en"
    return default
