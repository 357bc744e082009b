"""``vigie sources``: a file's lines are followed or refused, each in one JSON line."""

import io
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.fakes import World
from tests.pipeline.spine import rss
from vigie import wiring
from vigie.cli import main
from vigie.cli.sources import WRITERS, import_list, read_file
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


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve a page that announces a feed, that feed, and a page that announces none, on an allowed loopback."""
    pages = {
        "/": b'<html><head><link rel=alternate type="application/rss+xml" href="/rss" title="Une"></head></html>',
        "/rss": rss(("Un titre", "https://courrier.test/1", "Un texte.")),
        "/mentions": b"<!doctype html><html><body>Mentions</body></html>",
    }

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(pages[self.path])))
            self.end_headers()
            self.wfile.write(pages[self.path])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("VIGIE_LOCAL_ALLOW", f"*.test=127.0.0.1:{server.server_port}")
        wiring.settings.cache_clear()
        yield f"http://courrier.test:{server.server_port}"
        server.shutdown()
        thread.join()
    wiring.settings.cache_clear()


def find(url: str) -> tuple[int, list[dict[str, str]], str]:
    """Run ``vigie sources find``; return the exit code, the lines out and what was said."""
    out, err = io.StringIO(), io.StringIO()
    code = main(["sources", "find", url], out, err)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def test_the_feeds_of_a_page_are_found(site: str) -> None:
    """A page gives what it announces, a feed gives itself, and both can be imported."""
    announced = {"url": f"{site}/rss", "title": "Une", "format": "rss"}
    assert find(f"{site}/") == (0, [announced], "")
    assert find(f"{site}/rss") == (0, [{"url": f"{site}/rss", "title": "f", "format": None}], "")


def test_a_page_without_a_feed_is_said(site: str) -> None:
    """There is nothing to print, one sentence says so, and the exit code is that of a refusal."""
    assert find(f"{site}/mentions") == (1, [], f"vigie: {site}/mentions announces no feed\n")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://169.254.169.254/latest", "file:///etc/passwd", "x"]
)
def test_find_goes_nowhere_the_guard_forbids(url: str) -> None:
    """Loopback, metadata, files and nonsense are refused in words, as for any poll."""
    code, lines, said = find(url)
    assert (code, lines) == (1, [])
    assert said.startswith(f"vigie: {url} cannot be read: ")


@pytest.mark.parametrize("name", ["opml", "csv"])
def test_what_is_exported_is_imported_as_it_was(name: str) -> None:
    """A stack's sources, exported and imported into another, are the same sources."""
    world, other = World(), World()
    run_import(world)
    written = WRITERS[name](world.sources.sources()).encode()
    import_list(read_source_list(written), other.sources, 16, io.StringIO(), io.StringIO())
    assert other.sources.sources() == world.sources.sources()
