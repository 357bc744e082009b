"""Accept: the type that a caller wants most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.api.accepting import preferred
from vigie.errors import NotAcceptable

OFFERS = ("application/json", "text/html", "text/plain")


@pytest.mark.parametrize(
    ("accept", "got"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/html"),
        ("text/*;q=0.5, text/plain", "text/plain"),
        ("TEXT/HTML ; Q=0.3, application/json;q=0.2", "text/html"),
        ("*/*;q=0.1, application/json;q=0", "text/html"),
        ("text/html;level=1", "text/html"),
        ("text/html;q=much, application/json;q=0.9", "text/html"),
    ],
)
def test_the_most_wanted_of_what_there_is(accept: str | None, got: str) -> None:
    """What is named closer goes before what is named by a star; q says how much; the first of equals."""
    assert preferred(accept, OFFERS) == got


@pytest.mark.parametrize("accept", ["application/pdf", "text/html;q=0", "image/*"])
def test_nothing_that_is_wanted_is_there(accept: str) -> None:
    """It is refused, and what can be had is named."""
    with pytest.raises(NotAcceptable, match="text/plain"):
        preferred(accept, OFFERS)


@given(st.text())
def test_any_header_that_wants_anything_gets_an_offer(accept: str) -> None:
    """Whatever somebody sends besides."""
    assert preferred(f"text/plain;q=0.1,{accept}", OFFERS) in OFFERS
