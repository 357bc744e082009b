"""A JSON Feed is read whatever the types of its fields."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.adapters.feeds.json_feed import read_json_feed

FIELDS = [
    "id", "url", "external_url", "title", "summary", "content_html", "content_text", "author", "authors",
    "date_published", "date_modified", "language", "image", "attachments",
]  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), json_values), max_size=4))
def test_fields_of_any_type_are_read_or_left_out(items: list[dict[str, object]]) -> None:
    """No field's type stops the reader, and every item is an entry."""
    feed = read_json_feed(json.dumps({"items": items}).encode(), url="https://anse.test/feed.json")
    assert feed.problem is None
    assert len(feed.entries) == len(items)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_any_unicode_encoding_is_read(encoding: str) -> None:
    """JSON says its encoding by its first bytes."""
    body = json.dumps({"title": "Été", "items": []}, ensure_ascii=False).encode(encoding)
    assert read_json_feed(body, url="").title == "Été"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-02T08:00:00+01:00", "2026-03-02T07:00:00+00:00"),
        ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00+00:00"),
        ("2026-03-02T08:00:00", "2026-03-02T08:00:00+00:00"),
        ("0001-01-01T00:00:00+10:00", None),
        ("hier", None),
        (20260302, "2026-03-02T00:00:00+00:00"),
        (3.5, None),
        (None, None),
    ],
)
def test_dates_are_read_or_left_out(written: object, read: str | None) -> None:
    """A date is an instant in UTC; one that cannot be is none."""
    body = json.dumps({"items": [{"date_published": written}]}).encode()
    (entry,) = read_json_feed(body, url="").entries
    assert (entry.published_at.isoformat() if entry.published_at else None) == read
