"""Source packs by name."""

import pytest

from infra.stacks.packs import sources_of
from vigie.domain.packs.pack import Pack, PackSource
from vigie.domain.sources import source_id_of
from vigie.errors import BadField


def pack(name: str, *sources: PackSource) -> Pack:
    """Return a regional pack."""
    titles = {"fr": name, "en": name}
    return Pack(
        name=name, version=1, kind="regional", title=titles, licence="None.", place="Anse", sources=sources
    )


def source(letter: str, *was: str) -> PackSource:
    """Return a pack's source, and its former addresses."""
    return PackSource(name=letter, url=f"https://{letter}.example/rss", site=f"{letter}.example", was=was)


KNOWN = {
    "one": pack("one", source("a"), source("b", "https://b.example/old")),
    "two": pack("two", source("b"), source("c")),
}


def test_a_source_of_two_packs_is_followed_once() -> None:
    """Packs overlap: a regional paper is in its town's too. The ids that it had come along."""
    packed = sources_of(["one", "two"], KNOWN)
    assert [each.source.name for each in packed] == ["a", "b", "c"]
    assert packed[1].was == (source_id_of("https://b.example/old"),)


def test_a_pack_that_there_is_not_is_named() -> None:
    """With its place in the file, and where the packs are listed."""
    with pytest.raises(
        BadField, match=r"source_packs\[1\]: 'tow' is no pack\. `vigie sources packs` lists them\."
    ):
        sources_of(["one", "tow"], KNOWN)


def test_packs_that_there_are() -> None:
    """The catalogue's own names do."""
    assert sources_of(["presse-nationale", "region-bretagne"])
