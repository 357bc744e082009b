"""The table of all pages."""

from vigie.site import acting, alerting, files, joining, leaving, reading, reviewing
from vigie.site.area import door, entering
from vigie.site.routing import Page

PAGES: dict[tuple[str, str], Page] = {
    (page.method, page.path): page
    for concern in (files, reading, acting, leaving, reviewing, alerting, joining, entering, door)
    for page in concern.pages.all
}
"""Every page, by method and path."""
