"""What is asked on the `make run` line is checked before anything starts."""

from pathlib import Path

import pytest

from infra.local.options import Options
from vigie.errors import BadQuery, Refused


def test_nothing_asked_is_the_demo_until_stopped() -> None:
    """Without variables the demo press plays and the run goes on."""
    assert Options.from_mapping({"ONCE": "", "FEEDS": "", "SOURCES": "", "WATCH": " "}) == Options()


def test_everything_asked_is_read(tmp_path: Path) -> None:
    """Each variable has its effect; the feeds are served beside the emulator's port."""
    options = Options.from_mapping(
        {"ONCE": "1", "FEEDS": str(tmp_path), "WATCH": '"le port"', "PORT": "4600"}
    )
    assert options == Options(once=True, feeds=tmp_path, watch='"le port"', port=4600)
    assert options.feeds_port == 4601


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"FEEDS": "/no/such"}, r"FEEDS=/no/such is not a folder: give one that holds feed files\."),
        ({"SOURCES": "/no/such.opml"}, r"SOURCES=/no/such\.opml is not a file: give an OPML or CSV list"),
        ({"FEEDS": "/tmp", "SOURCES": "/tmp"}, r"FEEDS and SOURCES exclude each other"),  # noqa: S108
        ({"PORT": "http"}, r"PORT=http cannot be used: give a number from 1024 to 65533\."),
        ({"PORT": "80"}, r"PORT=80 cannot be used"),
        ({"WATCH": '"le port'}, r"at character 0"),
        ({"WATCH": "NOT mer"}, r"at character 0"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(environment: dict[str, str], sentence: str) -> None:
    """A wrong variable is named with what would do; a wrong query with the place."""
    with pytest.raises(Refused, match=sentence):
        Options.from_mapping(environment)


def test_a_query_is_refused_as_the_language_says() -> None:
    """The refusal of a watch carries the language's code and position, for tools."""
    with pytest.raises(BadQuery) as refusal:
        Options.from_mapping({"WATCH": "port AND (mer"})
    assert refusal.value.position == 9
