"""``vigie sources packs`` and ``check``: packs as lines, and each address asked on a loopback server."""

import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from vigie import wiring
from vigie.cli import main


def feed_of(days_ago: float) -> bytes:
    """Return a feed with one article, so old."""
    at = format_datetime(datetime.now(UTC) - timedelta(days=days_ago))
    item = f"<item><title>t</title><link>https://a.test/1</link><pubDate>{at}</pubDate></item>"
    return f'<rss version="2.0"><channel><title>f</title>{item}</channel></rss>'.encode()


class Press(BaseHTTPRequestHandler):
    """A site of which each address does otherwise."""

    asked: list[float]

    def do_GET(self) -> None:
        """Answer as the path says."""
        self.asked.append(time.monotonic())
        status, body = {
            "/fine": (200, feed_of(0.1)),
            "/new": (200, feed_of(0.1)),
            "/silent": (200, feed_of(90)),
            "/page": (200, b"<!doctype html><html><body>Bonjour</body></html>"),
            "/gone": (410, b""),
            "/moved": (301, b""),
            "/later": (429, b""),
        }.get(self.path, (404, b""))
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/new")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve the site on an allowed loopback."""
    Press.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Press) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("VIGIE_LOCAL_ALLOW", f"*.test=127.0.0.1:{server.server_port}")
        monkeypatch.setenv("VIGIE_HOST_SPACING_SECONDS", "0")
        wiring.settings.cache_clear()
        yield f"http://courrier.test:{server.server_port}"
        server.shutdown()
        thread.join()
    wiring.settings.cache_clear()


def run(*arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    """Run ``vigie sources …``; return the exit code, the lines out and what was said."""
    out, err = io.StringIO(), io.StringIO()
    code = main(["sources", *arguments], out, err)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def test_each_address_is_told_as_it_stands(press: str, tmp_path: Path) -> None:
    """Fine, silent, no feed, gone, moved, limited and dead: each with a remedy; the exit code is 1."""
    paths = ["fine", "silent", "page", "gone", "moved", "later", "absent"]
    file = tmp_path / "list.csv"
    file.write_text("url,name\n" + "".join(f"{press}/{path},{path}\n" for path in paths))
    code, lines, said = run("check", str(file))
    assert code == 1
    assert {line["name"]: line["standing"] for line in lines} == {
        "fine": "fine",
        "silent": "silent",
        "page": "not-a-feed",
        "gone": "gone",
        "moved": "moved",
        "later": "limited",
        "absent": "dead",
    }
    assert all(line["remedy"] for line in lines if line["standing"] != "fine")
    assert next(line for line in lines if line["name"] == "moved")["answered_url"] == f"{press}/new"
    assert said.startswith("vigie: 7 addresses asked: 1 dead, 1 fine, ")


def test_a_pack_of_ones_own_is_checked_from_its_file(press: str, tmp_path: Path) -> None:
    """A pack's file is asked as the packs that are there; all fine, the exit code is 0."""
    file = tmp_path / "les-notres.toml"
    file.write_text(
        'version = 1\nkind = "national"\ntitle = {fr = "f", en = "e"}\nlicence = "l"\n'
        f'[[sources]]\nname = "Le Courrier"\nurl = "{press}/fine"\nsite = "courrier.test"\n'
    )
    code, (line,), said = run("check", str(file))
    assert (code, line["name"], line["standing"]) == (0, "Le Courrier", "fine")
    assert said == "vigie: 1 addresses asked: 1 fine\n"


def test_hosts_are_asked_side_by_side_and_each_one_thing_at_a_time(
    press: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two requests to one host is the pause that polls keep."""
    monkeypatch.setenv("VIGIE_HOST_SPACING_SECONDS", "0.2")
    wiring.settings.cache_clear()
    file = tmp_path / "list.csv"
    file.write_text(f"{press}/fine\n{press}/new\n")
    assert run("check", str(file))[0] == 0
    first, second = Press.asked
    assert second - first >= 0.2


def test_the_guard_holds_for_what_is_checked(tmp_path: Path) -> None:
    """An address that no poll may ask is not asked here either."""
    file = tmp_path / "list.csv"
    file.write_text("http://127.0.0.1:1/rss\nhttp://169.254.169.254/latest\n")
    code, lines, said = run("check", str(file))
    assert (code, {line["standing"] for line in lines}) == (1, {"dead"})
    assert said.endswith("not one answers: is this machine on the network?\n")


def test_what_is_neither_pack_nor_file_is_refused() -> None:
    """In one sentence that says where the names are."""
    code, lines, said = run("check", "atlantide")
    assert (code, lines) == (1, [])
    assert (
        said
        == "vigie: what: 'atlantide' is neither a pack nor a file. See `vigie sources packs` for their names.\n"
    )


def test_packs_are_listed_and_shown() -> None:
    """One line a pack, and one a source of a pack with the group behind it."""
    code, lines, _ = run("packs")
    assert code == 0
    assert {"presse-nationale", "region-bretagne", "ville-nantes"} <= {line["name"] for line in lines}
    _, sources, _ = run("packs", "region-bretagne")
    assert {"Ouest-France – Bretagne", "France 3 Bretagne"} <= {line["name"] for line in sources}
