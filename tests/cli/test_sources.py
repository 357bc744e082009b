"""``vigie sources``: a file's lines are followed or refused, each in one JSON line."""

import io
import json
from pathlib import Path

import pytest

from tests.fakes import World
from vigie.cli.sources import import_list, read_file
from vigie.domain.source_lists import read_source_list
from vigie.errors import BadField

LIST = b"url,name\nhttps://port.example/rss,Le Port\nftp://phare.example/rss,Le Phare\n"


def run_import(world: World) -> tuple[int, list[dict[str, str]], str]:
    """Import LIST; return the exit code, the lines out and what was said."""
    out, err = io.StringIO(), io.StringIO()
    code = import_list(read_source_list(LIST), world.sources, 16, out, err)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def test_each_line_is_followed_or_refused() -> None:
    """A good line is followed, a bad one refused with its reason, and the exit code says that one was."""
    world = World()
    code, lines, said = run_import(world)
    assert (code, [source.url for source in world.sources.sources()]) == (1, ["https://port.example/rss"])
    assert lines == [
        {"source_id": "port-example-9e393b66cc", "name": "Le Port", "url": "https://port.example/rss"},
        {
            "line": 3,
            "text": "ftp://phare.example/rss",
            "refused": "url: 'ftp://phare.example/rss' is no web address. Give the feed's http or https address.",
        },
    ]
    assert said == "vigie: 1 sources, 1 of them new; 1 lines refused\n"


def test_importing_again_adds_nothing() -> None:
    """The same file twice leaves the sources as they were."""
    world = World()
    run_import(world)
    before = world.sources.sources()
    _, _, said = run_import(world)
    assert (world.sources.sources(), said) == (before, "vigie: 1 sources, 0 of them new; 1 lines refused\n")


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that cannot be read is refused in words, before any stack is asked."""
    with pytest.raises(BadField, match=r"absent\.csv cannot be read: No such file or directory"):
        read_file(tmp_path / "absent.csv")
