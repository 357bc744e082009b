"""The digest as a mail's three texts: subject, HTML and plain text, from one view.

HTML is written in MJML (Jinja2, escaped) and compiled by mrml. A mail past 102 KB is cut by some readers, with
its last lines (and the unsubscribe link) out of sight: what would weigh too much is laid out with fewer stories.
"""

import binascii
import textwrap
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment

from vigie.adapters.mail.links import MailLinks, Places, width_for
from vigie.adapters.mail.markup import html_of
from vigie.adapters.mail.view import DigestView, Shown, view_of
from vigie.adapters.mail.view_bars import Bar
from vigie.adapters.mail.view_week import WeekView
from vigie.adapters.templating import templates_of
from vigie.domain.digest import Digest
from vigie.ports import RenderedDigest

HTML_LIMIT_BYTES = 80_000  # quoted-printable, as mailed
LAYOUTS = (Shown(8, 24), Shown(8, 12), Shown(6, 6), Shown(4, 0), Shown(2, 0))
"""From the roomiest to the tightest; the last is taken whatever it weighs (about 40 KB at worst)."""

_TEXT_COLUMNS = 78
_GAUGE_COLUMNS = 24
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class _Laid:
    """A digest laid out for every recipient: its texts, with places for addresses when there is a site."""

    digest: Digest
    width: int
    places: Places | None
    texts: RenderedDigest


class MailRenderer:
    """Implements ``ports.Renderer``. A digest is laid out once; its next recipients cost their addresses only."""

    def __init__(self) -> None:
        self._last: _Laid | None = None

    def __call__(self, digest: Digest, links: MailLinks | None) -> RenderedDigest:
        """Return the three texts; the HTML part is within ``HTML_LIMIT_BYTES`` as mailed."""
        width = width_for(links) if links else 0
        laid = self._last
        if laid is None or laid.digest is not digest or laid.width != width:
            self._last = laid = _lay_out(digest, width)
        if links is None or laid.places is None:
            return laid.texts
        return RenderedDigest(
            subject=laid.texts.subject,
            html=laid.places.filled(laid.texts.html, links, escape),
            text=laid.places.filled(laid.texts.text, links),
        )


def _lay_out(digest: Digest, width: int) -> _Laid:
    for shown in LAYOUTS:
        places = Places(width) if width else None
        view = view_of(digest, places, shown)
        html = _html(view)
        if mailed_size_bytes(html) <= HTML_LIMIT_BYTES:
            break
    return _Laid(digest, width, places, RenderedDigest(subject=view.subject, html=html, text=_text(view)))


def mailed_size_bytes(text: str) -> int:
    """Return what a text weighs in a mail: quoted-printable, lines ended by CR LF."""
    encoded = binascii.b2a_qp(text.encode(), istext=True)
    return len(encoded) + encoded.count(b"\n")


def _html(view: DigestView) -> str:
    return html_of(_environment().get_template("digest.mjml.j2").render(view=view))


def _text(view: DigestView) -> str:
    return _environment().get_template("digest.txt.j2").render(view=view)


@cache
def _environment() -> Environment:
    environment = templates_of(_TEMPLATES)
    environment.filters.update(fill=_fill, gauge=_gauge, week=_week)
    return environment


def _fill(text: str, indent: str = "") -> str:
    """Wrap at 78 columns, breaking at spaces only: never inside a word or an address."""
    if len(indent) + len(text) <= _TEXT_COLUMNS:
        return f"{indent}{text}"
    return textwrap.fill(
        text,
        _TEXT_COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _gauge(bar: Bar) -> str:
    filled = round(bar.width * _GAUGE_COLUMNS / 100)
    return f"{bar.label:<24} {'█' * filled:<{_GAUGE_COLUMNS}} {bar.count} ({bar.share})"


def _week(week: WeekView) -> str:
    return "  ".join(f"{bar.name} {bar.figure}" for bar in week.bars)
