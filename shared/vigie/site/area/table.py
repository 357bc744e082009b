"""The table of the client area's pages."""

from vigie.site.area import (
    alerting,
    being,
    erasing,
    reading,
    receiving,
    reviewing,
    seeing,
    subscribing,
    taking,
    watching,
)
from vigie.site.area.routing import AreaPage

AREA_PAGES: tuple[AreaPage, ...] = tuple(
    page
    for concern in (
        reading,
        watching,
        alerting,
        seeing,
        receiving,
        taking,
        subscribing,
        reviewing,
        erasing,
        being,
    )
    for page in concern.pages.all
)
"""Every page of the area. Of two that an address fits, the one named first is meant."""
