"""Serve feeds on the loopback interface, each under its own host name, as publishers do.

``python -m infra.local.feed_server --port 8099 (--press-seed 7 | --folder PATH) [--until DAY] [--log FILE]``

The ``Host`` header chooses the feed: nothing resolves these names, the local poller connects to 127.0.0.1 and keeps
them. Answers carry a strong ETag and Last-Modified, and 304 where RFC 9110 §13 says so: If-None-Match is looked at
first, If-Modified-Since only without it.
"""

import argparse
import asyncio
import hashlib
import json
import mimetypes
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from aiohttp import web

from infra.demo_press import Feed, Press, generate, render_feed
from infra.demo_press.calendar import end_of
from infra.demo_press.window import changed_at
from vigie.adapters.feeds import parse_feed

LOOPBACK = "127.0.0.1"
FOLDER_DOMAIN = "feeds.test"
CONTENT_TYPES = {
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".rdf": "application/rdf+xml",
    ".json": "application/feed+json",
}

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Content:
    """What a feed answers now: its bytes, their type (with charset) and when they last changed (aware, if known)."""

    body: bytes
    content_type: str
    changed_at: datetime | None
    status: int = 200

    @property
    def etag(self) -> str:
        """Return a hash of the bytes, without quotes."""
        return hashlib.sha256(self.body).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Address:
    """A feed as a source list names it, without the port: ``source_id`` is its slug."""

    source_id: str
    name: str
    host: str
    path: str
    tier: str
    language: str


class Site(Protocol):
    """A set of feeds that the server can list and read."""

    def addresses(self) -> Sequence[Address]:
        """Return every feed served at this moment."""
        ...

    def read(self, host: str, path: str) -> Content | None:
        """Return what is at a host (lower case, no port) and decoded path, or None when nothing is."""
        ...


class PressSite:
    """The demo press, live: at any ``clock()`` it shows what is published by then."""

    def __init__(self, press: Press, clock: Clock) -> None:
        self._feeds = {(feed.host, feed.path): feed for feed in press.feeds}
        self._clock = clock

    def addresses(self) -> Sequence[Address]:
        """Return the fourteen feeds, the failing ones too."""
        return [_press_address(feed) for feed in self._feeds.values()]

    def read(self, host: str, path: str) -> Content | None:
        """Render the feed as it stands now; the failing one says so with a 500."""
        feed = self._feeds.get((host, path))
        if feed is None:
            return None
        if feed.style.answer == "error":
            return Content(b"Erreur interne du serveur\n", "text/plain; charset=utf-8", None, status=500)
        now = self._clock()
        kind = CONTENT_TYPES[f".{feed.style.format}"]
        return Content(render_feed(feed, now), f"{kind}; charset={feed.style.charset}", changed_at(feed, now))


class FolderSite:
    """The files of a folder and of those under it, each at ``<slug of its path>.feeds.test/<file name>``.

    The folder is listed again at each look and a file read again at each request: what changes shows at once.
    Hidden files are left out.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def addresses(self) -> Sequence[Address]:
        """Return one address a file, in the order of their paths."""
        return [
            Address(slug, _title_of(path), f"{slug}.{FOLDER_DOMAIN}", f"/{quote(path.name)}", "", "")
            for slug, path in self._files().items()
        ]

    def read(self, host: str, path: str) -> Content | None:
        """Return the file of the host; its type is guessed by its extension, its encoding left to its bytes."""
        file = self._files().get(host.removesuffix(f".{FOLDER_DOMAIN}"))
        if file is None or path != f"/{file.name}":
            return None
        guessed, _ = mimetypes.guess_type(file.name)
        kind = CONTENT_TYPES.get(file.suffix.lower()) or guessed or "application/octet-stream"
        changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return Content(file.read_bytes(), kind, changed)

    def _files(self) -> Mapping[str, Path]:
        found: dict[str, Path] = {}
        for path in sorted(self._folder.rglob("*")):
            inside = path.relative_to(self._folder)
            if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                found[_free_slug(inside, found)] = path
        return found


def _title_of(path: Path) -> str:
    """Return a feed's own title, or its file's name when it has none or cannot be read."""
    feed = parse_feed(path.read_bytes(), url="", content_type=None)
    return " ".join(feed.title.split())[:80] or path.name


def source_list(site: Site, port: int) -> list[dict[str, str]]:
    """Return what the server on ``port`` serves, as sources: ``source_id, name, url, tier, language``."""
    return [
        {
            "source_id": address.source_id,
            "name": address.name,
            "url": f"http://{address.host}:{port}{address.path}",
            "tier": address.tier,
            "language": address.language,
        }
        for address in site.addresses()
    ]


def make_app(site: Site, clock: Clock, log_path: Path | None = None) -> web.Application:
    """Return the application that serves a site; each answer adds a JSON line to ``log_path`` when given."""

    async def answer(request: web.Request) -> web.StreamResponse:
        host = request.host.rsplit(":", 1)[0].lower()
        content = await asyncio.to_thread(site.read, host, request.path)
        response = _respond(request, content)
        if log_path is not None:
            line = json.dumps(_log_record(request, host, response, clock()))
            await asyncio.to_thread(_append, log_path, line + "\n")
        return response

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    return app


@asynccontextmanager
async def serving(site: Site, *, port: int, clock: Clock, log_path: Path | None = None) -> AsyncIterator[int]:
    """Serve a site on 127.0.0.1 while the block runs and give the port (a free one when ``port`` is 0).

    Raises OSError when the port is taken.
    """
    runner = web.AppRunner(make_app(site, clock, log_path), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def serve(site: Site, *, port: int, clock: Clock, log_path: Path | None = None) -> None:
    """Serve a site until SIGTERM or SIGINT; the port is printed once it listens (``listening on 8099``)."""
    asyncio.run(_serve_until_stopped(site, port, clock, log_path))


async def _serve_until_stopped(site: Site, port: int, clock: Clock, log_path: Path | None) -> None:
    stopped = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    async with serving(site, port=port, clock=clock, log_path=log_path) as listening:
        sys.stdout.write(f"listening on {listening}\n")
        sys.stdout.flush()
        await stopped.wait()


def _respond(request: web.Request, content: Content | None) -> web.Response:
    if content is None:
        return web.Response(status=404, text="No feed here.\n")
    if content.status != 200:
        return web.Response(
            status=content.status, body=content.body, headers={"Content-Type": content.content_type}
        )
    response = web.Response(body=content.body, headers={"Content-Type": content.content_type})
    if _not_modified(request, content):
        response = web.Response(status=304)
    response.etag = content.etag
    response.last_modified = content.changed_at
    return response


def _not_modified(request: web.Request, content: Content) -> bool:
    """Tell whether the client's copy is current (RFC 9110 §13.2.2: the ETag wins over the date)."""
    if "If-None-Match" in request.headers:
        return any(tag.value in ("*", content.etag) for tag in request.if_none_match or ())
    since = request.if_modified_since
    if since is None or content.changed_at is None:
        return False
    # HTTP dates have no fractions of a second.
    return content.changed_at.replace(microsecond=0) <= since


def _log_record(request: web.Request, host: str, response: web.Response, now: datetime) -> dict[str, Any]:
    return {
        "time": now.isoformat(),
        "host": host,
        "path": request.path,
        "status": response.status,
        "bytes": len(response.body) if isinstance(response.body, bytes) else 0,
        "conditional": bool({"If-None-Match", "If-Modified-Since"} & set(request.headers)),
    }


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as log:
        log.write(text)


def _press_address(feed: Feed) -> Address:
    return Address(feed.slug, feed.name, feed.host, feed.path, feed.tier, feed.language)


def _free_slug(inside: Path, taken: Mapping[str, Path]) -> str:
    """Return a host label for a file: its path without the extension, in the letters a host name allows."""
    plain = re.sub(r"[^a-z0-9]+", "-", inside.with_suffix("").as_posix().lower()).strip("-")[:50] or "feed"
    slug, number = plain, 2
    while slug in taken:
        slug, number = f"{plain}-{number}", number + 1
    return slug.strip("-")


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; return 0, or 1 with a sentence when the port is taken or the folder missing."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.feed_server")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, help="access log, JSON Lines")
    parser.add_argument("--until", type=date.fromisoformat, help="last day of the press, today by default")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--press-seed", type=int, help="serve the demo press of this seed")
    what.add_argument("--folder", type=Path, help="serve the feed files of this folder")
    chosen = parser.parse_args(arguments)
    if chosen.folder and not chosen.folder.is_dir():
        sys.stderr.write(f"{chosen.folder} is not a folder.\n")
        return 1
    try:
        serve(_chosen_site(chosen), port=chosen.port, clock=_now, log_path=chosen.log)
    except OSError as error:
        sys.stderr.write(f"Port {chosen.port} cannot be used on {LOOPBACK}: {error.strerror}.\n")
        return 1
    return 0


def _chosen_site(chosen: argparse.Namespace) -> Site:
    if chosen.folder:
        return FolderSite(chosen.folder)
    until = end_of(chosen.until) if chosen.until else _now()
    return PressSite(generate(chosen.press_seed, until), _now)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
