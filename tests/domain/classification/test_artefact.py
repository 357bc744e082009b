"""A head as a file."""

from pathlib import Path

import pytest

from vigie.domain.classification.artefact import HEADS, BadArtefact, Header, packed, read

FILES = sorted(HEADS.glob("*.head"))


def a_head(**fields: object) -> bytes:
    """Return the file of a small head."""
    told = {
        "task": "mood",
        "labels": ["down", "up"],
        "bits": 3,
        "scale": 0.5,
        "biases": [0.0, 0.1],
        "temperatures": {},
    }
    return packed(Header(**{**told, **fields}), [bytes(range(8)), bytes(range(8, 16))])  # type: ignore[arg-type]


def test_a_head_is_read_as_it_was_packed(tmp_path: Path) -> None:
    """Header and columns come back, and packing is the same bytes each time."""
    (tmp_path / "mood.head").write_bytes(a_head())
    artefact = read("mood", tmp_path)
    assert (artefact.header.labels, artefact.header.scale) == (["down", "up"], 0.5)
    assert artefact.columns == (bytes(range(8)), bytes(range(8, 16)))
    assert a_head() == a_head()


@pytest.mark.parametrize("place", [20, 100, -1])
def test_an_altered_head_is_refused(place: int, tmp_path: Path) -> None:
    """One bit changed in the seal, the header or the weights, and the head is refused with what to do."""
    content = bytearray(a_head())
    content[place] ^= 1
    (tmp_path / "mood.head").write_bytes(content)
    with pytest.raises(BadArtefact, match=r"mood\.head is not the file that was packed: make train"):
        read("mood", tmp_path)


@pytest.mark.parametrize("fields", [{"feature_version": 0}, {"bits": 4}])
def test_a_head_for_others_is_refused(fields: dict[str, object], tmp_path: Path) -> None:
    """A head trained on other features, or of another size than it says, is refused."""
    (tmp_path / "mood.head").write_bytes(a_head(**fields))
    with pytest.raises(BadArtefact, match="make train"):
        read("mood", tmp_path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_packaged_head_is_sound_and_small(path: Path) -> None:
    """Each head of the package opens, is at most 2 MB, and tells its sets with hashes and licences."""
    header = read(path.stem).header
    assert path.stat().st_size <= 2_000_000
    assert all(set(told) == {"name", "sha256", "licence"} for told in header.sets)
    assert header.sets


def test_the_heads_together_are_small() -> None:
    """All heads of the package are at most 10 MB together."""
    assert 0 < sum(path.stat().st_size for path in FILES) <= 10_000_000
