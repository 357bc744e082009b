"""The colours of the stylesheet, by day and by night, are told apart by eyes that are not perfect (WCAG 2.2)."""

import re

import pytest

from vigie.adapters.web.catalogue import FOLDER

SHEET = (FOLDER.parent / "assets" / "site.css").read_text("utf-8")
SCHEMES = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in SHEET.split("@media")[:2]]
READ = ("ink", "soft", "link", "negative", "neutral", "positive", "to_verify")
"""Colours of texts."""
SEEN = ("edge", "accent", "rival")
"""Colours of what is no text and must be seen: edges of fields, bars."""

schemes = pytest.mark.parametrize("scheme", SCHEMES, ids=["day", "night"])


def luminance(colour: str) -> float:
    """Return a colour's relative luminance, as WCAG defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours: 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@schemes
@pytest.mark.parametrize("ground", ["card", "paper"])
@pytest.mark.parametrize("name", READ)
def test_texts_are_read(scheme: dict[str, str], ground: str, name: str) -> None:
    """Every text stands out from what it is on by 4.5 to 1 at least."""
    assert contrast(scheme[name], scheme[ground]) >= 4.5


@schemes
@pytest.mark.parametrize("name", SEEN)
def test_shapes_are_seen(scheme: dict[str, str], name: str) -> None:
    """Edges of fields and bars stand out by 3 to 1 at least."""
    assert contrast(scheme[name], scheme["card"]) >= 3


@schemes
def test_buttons_are_read(scheme: dict[str, str]) -> None:
    """A button's word stands out from the button."""
    assert contrast(scheme["on-accent"], scheme["accent"]) >= 4.5


def test_day_and_night_have_the_same_colours() -> None:
    """No colour of the day is left as it is at night."""
    assert set(SCHEMES[0]) == set(SCHEMES[1])
