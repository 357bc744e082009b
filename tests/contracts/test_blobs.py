"""Contract of Blobs."""

from typing import Any


def test_a_key_holds_what_was_put_last(stores: Any) -> None:
    """Bytes come back as they were, empty ones too; an absent key holds nothing."""
    for content in (b"", bytes(range(256)) * 4_000):
        stores.blobs.put("archive/2026/é.bin", content, "application/octet-stream")
        assert stores.blobs.get("archive/2026/é.bin") == content
    assert stores.blobs.get("archive/2026") is None
