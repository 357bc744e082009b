"""``vigie feed parse``: one line per file, whatever the files hold."""

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest

from vigie.cli import feed

CASES = Path(__file__).parents[1] / "data" / "feeds"


def run(*arguments: str | Path, out: io.TextIOWrapper | io.StringIO | None = None) -> tuple[int, str, str]:
    """Run ``vigie feed parse`` and return its exit status and what it printed, out and err."""
    parser = argparse.ArgumentParser(prog="vigie")
    feed.add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["feed", "parse", *map(str, arguments)])
    out, err = out or io.StringIO(), io.StringIO()
    status = args.run(args, out, err)
    return status, out.getvalue() if isinstance(out, io.StringIO) else "", err.getvalue()


def lines(printed: str) -> list[dict[str, Any]]:
    """Return what each line says."""
    return [json.loads(line) for line in printed.splitlines()]


def test_a_feed_is_one_line_with_its_entries_in_order() -> None:
    """File, title, and of each entry exactly what is promised; dates in UTC with a Z."""
    status, out, err = run(CASES / "rss2.xml")
    (line,) = lines(out)
    assert (status, err) == (0, "")
    assert list(line) == ["file", "title", "entries", "error"]
    assert (line["file"], line["title"], line["error"]) == (
        str(CASES / "rss2.xml"),
        "Le Courrier d’Armélie",
        None,
    )
    assert line["entries"][1] == {
        "id": "https://courrier-armelie.test/video/port",
        "title": "En vidéo : le port vu du ciel",
        "link": "https://courrier-armelie.test/video/port",
        "published_at": "2026-03-01T23:59:59Z",
        "author": "La rédaction",
        "summary": "Survol.\nTrois minutes.",
    }


def test_an_entry_without_guid_is_known_by_its_link_or_by_nothing() -> None:
    """The id is the guid, else the link, else null; what is missing is null or empty."""
    _, out, _ = run(CASES / "no-guid.xml")
    (line,) = lines(out)
    assert [entry["id"] for entry in line["entries"]] == ["https://fil.test/1", None, "https://fil.test/3"]
    assert line["entries"][1] == {
        "id": None,
        "title": "Deux, sans rien d’autre",
        "link": None,
        "published_at": None,
        "author": None,
        "summary": "",
    }


def test_what_cannot_be_read_has_a_line_too_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A missing file, a folder, a page: each is named with its reason, in order, and the exit is 1."""
    missing = tmp_path / "absent.xml"
    status, out, err = run(missing, tmp_path, CASES / "html-page.xml", CASES / "atom.xml")
    said = lines(out)
    assert status == 1
    assert [line["error"] for line in said] == [
        "cannot be read: No such file or directory",
        "is a folder; name the feed files in it",
        "not a feed: looks like an HTML page",
        None,
    ]
    assert [len(line["entries"]) for line in said] == [0, 0, 0, 3]
    assert err.splitlines()[0] == f"vigie: {missing}: cannot be read: No such file or directory"
    assert len(err.splitlines()) == 3


def test_an_endless_file_is_refused_by_its_size() -> None:
    """No more than the limit is read, even where there is no end."""
    status, out, _ = run("/dev/zero")
    assert status == 1
    assert lines(out)[0]["error"].startswith("too large")


def test_every_name_and_every_terminal_can_be_written_to(tmp_path: Path) -> None:
    """A file name that is not UTF-8 and an output that is not either are no reason to stop."""
    odd = tmp_path / "fil\udce9.xml"
    odd.write_bytes((CASES / "rss2.xml").read_bytes())
    written = io.BytesIO()
    terminal = io.TextIOWrapper(written, encoding="ascii")
    assert run(odd, out=terminal)[0] == 0
    terminal.flush()
    (line,) = lines(written.getvalue().decode("ascii"))
    assert line["file"] == f"{tmp_path}/fil?.xml"
    assert line["title"] == "Le Courrier d’Armélie"


def test_no_file_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file there is nothing to do: exit 2, and the usage."""
    with pytest.raises(SystemExit) as leaving:
        run()
    assert leaving.value.code == 2
    assert "FILE" in capsys.readouterr().err
