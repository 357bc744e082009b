"""Source packs by name."""

from pathlib import Path

import pytest

from infra.stacks.packs import sources_of
from vigie.errors import BadField


def test_a_source_of_two_packs_is_followed_once(tmp_path: Path) -> None:
    """Packs overlap: a regional paper's national pages are in both."""
    (tmp_path / "one.csv").write_text("url,name\nhttps://a.example/rss,A\nhttps://b.example/rss,B\n")
    (tmp_path / "two.csv").write_text("url,name\nhttps://b.example/rss,B\n")
    assert [source.name for source in sources_of(["one", "two"], tmp_path)] == ["A", "B"]


def test_a_pack_that_there_is_not_is_named(tmp_path: Path) -> None:
    """With those that there are."""
    (tmp_path / "one.csv").write_text("url\nhttps://a.example/rss\n")
    with pytest.raises(BadField, match=r"source_packs: 'oen' is no pack\. Use one\."):
        sources_of(["oen"], tmp_path)
