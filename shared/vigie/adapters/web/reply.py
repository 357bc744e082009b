"""What the gateway sends back: a page, a file or another address, with the headers that keep a signed page private.

The address of a page is the permission to read it. So no page may be kept by a cache, found by a search engine, put
into a frame, or named to another site (the articles it links to) as where a reader came from.
"""

from dataclasses import dataclass, field, replace
from typing import Any

PRIVATE = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
SIGNED_IN = {**PRIVATE, "Referrer-Policy": "same-origin"}
"""For pages behind a session, whose addresses open nothing: under ``no-referrer`` a form's own Origin is ``null``."""
PUBLIC = {name: value for name, value in SIGNED_IN.items() if name != "X-Robots-Tag"}
"""For pages that anybody may find. Still kept by no cache: they answer what somebody typed."""
FOR_EVERYBODY = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": PRIVATE["Strict-Transport-Security"],
    "X-Content-Type-Options": "nosniff",
}
"""For stylesheets and scripts, whose names change with what they hold."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to the browser."""

    status: int
    body: str
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=lambda: PRIVATE)

    def as_gateway(self) -> dict[str, Any]:
        """Return it as API Gateway's proxy integration wants it."""
        headers = {"Content-Type": self.content_type, **self.headers}
        return {"statusCode": self.status, "headers": headers, "body": self.body}


def page(html: str, status: int = 200) -> Reply:
    """Return a page."""
    return Reply(status, html)


def see_other(address: str) -> Reply:
    """Send the browser to a page to read (303), so that loading it again posts nothing again."""
    return Reply(303, "", "text/plain; charset=utf-8", {**PRIVATE, "Location": address})


def kept_by_browser(reply: Reply, cookie: str) -> Reply:
    """Return a reply that also has the browser keep a cookie (a whole Set-Cookie header)."""
    return replace(reply, headers={**reply.headers, "Set-Cookie": cookie})


def leading_to(reply: Reply, *origins: str) -> Reply:
    """Return a page whose forms may lead to other sites too: a redirect that a form meets is held to its policy."""
    policy = reply.headers["Content-Security-Policy"]
    wider = policy.replace("form-action 'self'", " ".join(("form-action 'self'", *origins)))
    return replace(reply, headers={**reply.headers, "Content-Security-Policy": wider})


def download(text: str, content_type: str, name: str) -> Reply:
    """Return a file to keep."""
    headers = {**SIGNED_IN, "Content-Disposition": f'attachment; filename="{name}"'}
    return Reply(200, text, content_type, headers)


def said(text: str, status: int = 200) -> Reply:
    """Return a plain sentence, for mailboxes that post by themselves (RFC 8058)."""
    return Reply(status, text, "text/plain; charset=utf-8")
