"""The compiled file: read as it was written, or refused with what is wrong."""

import struct

import pytest

from vigie.domain.query import parse
from vigie.domain.query.engine import BadFile, compile_queries
from vigie.domain.query.engine.compiled import Compiled

FILE = compile_queries([("a/1", parse("banque OR title:lyo* OR #a?b"), "première"), ("a/2", parse("-x"), "")])


def test_it_reads_back() -> None:
    """Queries, names, labels and facts come back from the bytes."""
    compiled = Compiled(FILE)
    assert (len(compiled), compiled.name(0), compiled.label(0), compiled.number("a/2")) == (
        2,
        "a/1",
        "première",
        1,
    )
    assert compiled.always == (1,)
    assert [compiled.known.names.written(number).decode() for number in compiled.known.patterns] == [
        "lyo*",
        "#a?b",
    ]


def test_the_same_queries_make_the_same_bytes() -> None:
    """The file depends on nothing but what it is made of, so that it can be named by its content."""
    assert compile_queries([("a/1", parse("x y"), "")]) == compile_queries([("a/1", parse("x y"), "")])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "begins with 24 bytes"),
        (b"PK" + FILE[2:], "this with b'PK"),
        (FILE[:8] + struct.pack("<I", 99) + FILE[12:], "version 99"),
        (FILE[:-1], "cut short"),
        (FILE[:60] + bytes([FILE[60] ^ 1]) + FILE[61:], "checksum"),
        (FILE + b"\0", "cut short"),
    ],
)
def test_a_damaged_file_is_refused(content: bytes, problem: str) -> None:
    """Cut short, altered, of another kind or version: the error says which."""
    with pytest.raises(BadFile, match=problem):
        Compiled(content)
