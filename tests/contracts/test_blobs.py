"""Contract of Blobs."""

from typing import Any


def test_a_key_holds_what_was_put_last(stores: Any) -> None:
    """Bytes come back as they were, empty ones too; an absent key holds nothing."""
    for content in (b"", bytes(range(256)) * 4_000):
        stores.blobs.put("archive/2026/é.bin", content, "application/octet-stream")
        assert stores.blobs.get("archive/2026/é.bin") == content
    assert stores.blobs.get("archive/2026") is None


def test_keys_are_listed_by_their_beginning(stores: Any) -> None:
    """What starts with the prefix is listed in the order of bytes; nothing else is."""
    inside = [f"archive/{name}" for name in ("02", "1", "a/é", "é", "€")]
    for key in (*reversed(inside), "archiv", "clients/1"):
        stores.blobs.put(key, b"", "text/plain")
    assert stores.blobs.keys("archive/") == inside
    assert stores.blobs.keys("archive/a") == ["archive/a/é"]
    assert stores.blobs.keys("payloads/") == []
