"""Pages as HTML (Jinja2, escaped). Each is whole without its script; none holds a style or a script of its own."""

from pathlib import Path
from typing import Any

from vigie.adapters.templating import templates_of
from vigie.adapters.web.assets import asset_names
from vigie.adapters.web.catalogue import site_catalogue
from vigie.domain.clients import Locale

_TEMPLATES = Path(__file__).parent / "templates"


def write_page(template: str, locale: Locale, root: str, **shown: Any) -> str:
    """Return a page. ``root`` leads from it back to the site (``..``); ``area`` frames one of the client area."""
    catalogue = site_catalogue(locale)
    shown.setdefault("area", None)
    return (
        templates_of(_TEMPLATES)
        .get_template(f"{template}.html.j2")
        .render(
            lang=locale, root=root, assets=asset_names(), say=catalogue.say, count=catalogue.count, **shown
        )
    )
