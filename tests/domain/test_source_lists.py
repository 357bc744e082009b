"""Lists of sources as people bring them: each file in tests/data/source_lists has its answer beside it."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.source_lists import read_source_list
from vigie.domain.sources import Source, check_source, source_id_of
from vigie.errors import BadField

DATA = Path(__file__).parents[1] / "data" / "source_lists"
FILES = sorted(path for path in DATA.iterdir() if path.suffix != ".json")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_gives_its_answer(path: Path) -> None:
    """Each line of a list is a source or a refusal with its number and reason, or the file is refused."""
    expected = json.loads(path.with_name(path.name + ".json").read_text("utf-8"))
    if "error" in expected:
        with pytest.raises(BadField) as refusal:
            read_source_list(path.read_bytes())
        assert str(refusal.value) == expected["error"]
        return
    actual = read_source_list(path.read_bytes())
    assert [asdict(source) for source in actual.sources] == [
        asdict(Source(source_id=source_id_of(fields["url"]), **fields)) for fields in expected["sources"]
    ]
    assert [[line.line, line.text, line.reason] for line in actual.refused] == expected["refused"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'<?xml version="1.0" encoding="klingon"?><opml/>', "cannot be decoded: unknown encoding: klingon"),
        (b'url\n"' + b"x" * 200_000, "is no table at line 2: field larger than field limit (131072)"),
        (b"#" * 5_000_001, "is larger than 5,000,000 bytes"),
    ],
)
def test_hopeless_file_is_refused_in_words(content: bytes, problem: str) -> None:
    """A file that no reader could make sense of is refused with what is wrong with it."""
    with pytest.raises(BadField) as refusal:
        read_source_list(content)
    assert refusal.value.problem == problem


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Whatever the file holds, each source read can be polled, or the file is refused in words."""
    try:
        actual = read_source_list(content)
    except BadField:
        return
    assert [check_source(source) for source in actual.sources] == list(actual.sources)
