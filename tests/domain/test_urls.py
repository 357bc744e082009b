"""Keys of addresses: the cases are in tests/data/urls, one file for equal pages, one for different ones."""

import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vigie.domain.urls import canonical_url, site_of

DATA = Path(__file__).parents[1] / "data" / "urls"


def cases(name: str) -> list[Any]:
    """Return a file's cases, each known by its name."""
    content = tomllib.loads((DATA / name).read_text("utf-8"))
    return [pytest.param(case, id=case["name"]) for case in content["case"]]


@pytest.mark.parametrize("case", cases("same.toml"))
def test_addresses_of_one_page_have_one_key(case: dict[str, Any]) -> None:
    """Every way a publisher writes a page's address gives the same key."""
    assert dict.fromkeys(case["urls"], case["key"]) == {url: canonical_url(url) for url in case["urls"]}


@pytest.mark.parametrize("case", cases("different.toml"))
def test_addresses_of_different_pages_have_different_keys(case: dict[str, Any]) -> None:
    """What may choose the page is kept: a page taken for another would be missed in silence."""
    keys = {url: canonical_url(url) for url in case["urls"]}
    assert not [(a, b) for a, b in combinations(keys, 2) if keys[a] == keys[b]]


PIECES = (
    st.sampled_from(
        "www. m. amp. a fr . / // /amp .amp .html ? & = # ! :80 :443 :8080 [::1] @ ; + %20 é İ".split()  # noqa: SIM905
    )
    | st.sampled_from(
        [
            " ",
            "\u00a0",
            "\t",
            "xtor=RSS-1",
            "source=rss",
            "amp=1",
            "/index.html",
            "google.com/url?q=",
            "https://",
        ]
    )
    | st.sampled_from(
        [
            "google.com/amp/s/",
            "%3A%2F%2F",
            "x.cdn.ampproject.org/c/s/",
            "r.search.yahoo.com/RU=https%3a%2f%2f",
        ]
    )
)
ADDRESSES = st.builds(
    lambda scheme, pieces: scheme + "".join(pieces),
    st.sampled_from(["http://", "https://", "HTTP://www.", "http://courrier.example/", ""]),
    st.lists(PIECES | st.text(max_size=3), max_size=12),
)


@given(ADDRESSES)
@example("http://www.www.courrier.example/a/amp/amp//")
@example("http://courrier.example:443/")
@example("http://courrier.example/a /?utm_source=rss& ")
@example("https://google.com/amp/s/" * 20 + "courrier.example/a")
@example("https://www.google.com/url?q=" * 20 + "https://courrier.example/a")
@example("https://google.com/url?q=https://[courrier/")
@example("https://google.com/amp/s/" + "google.com/amp/s/" * 5 + "courrier.example/a")
def test_key_is_its_own_key(url: str) -> None:
    """Taking the key of a key changes nothing, whatever the address."""
    key = canonical_url(url)
    assert key == canonical_url(key)


@pytest.mark.parametrize("nested", [1, 4, 5, 2_000])
def test_redirectors_are_followed_a_few_deep(nested: int) -> None:
    """Four redirectors in a row give the page; more are left as they are, so that none costs us without end."""
    key = canonical_url("https://" + "google.com/amp/s/" * nested + "courrier.example/a")
    assert (key == "https://courrier.example/a") == (nested <= 4)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://WWW.Courrier.example:8080/a", "courrier.example"),
        ("https://sport.courrier.example/", "sport.courrier.example"),
        ("https://www.fr/", "www.fr"),
        ("urn:uuid:1", ""),
        ("http://[courrier/", ""),
    ],
)
def test_site_is_the_host_without_www(url: str, site: str) -> None:
    """The site of an address is its host, lower case, without www; empty when there is none."""
    assert site == site_of(url)
