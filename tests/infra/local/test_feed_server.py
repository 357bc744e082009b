import asyncio
import json
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import aiohttp
import feedparser

from infra.demo_press import Press, generate, render_feed
from infra.local.feed_server import FolderSite, PressSite, Site, main, serving, source_list

NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)
COURRIER = ("courrier-armelie.test", "/rss")
RSS = b"<rss version='2.0'><channel><title>t</title></channel></rss>"

Get = Callable[..., Awaitable[tuple[int, Mapping[str, str], bytes]]]


@cache
def press() -> Press:
    """Generate once."""
    return generate(7, NOON)


class Clock:
    """A clock the test moves."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the hour it was set to."""
        return self.now


def talk(
    site: Site,
    conversation: Callable[[Get], Awaitable[None]],
    clock: Clock | None = None,
    log: Path | None = None,
):
    """Serve the site on a free port and let ``conversation`` ask ``get(host, path, **headers)``."""

    async def run() -> None:
        async with (
            serving(site, port=0, clock=clock or Clock(), log_path=log) as port,
            aiohttp.ClientSession() as session,
        ):

            async def get(host: str, path: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
                sent = {"Host": f"{host}:{port}"} | {k.replace("_", "-"): v for k, v in headers.items()}
                async with session.get(f"http://127.0.0.1:{port}{path}", headers=sent) as response:
                    return response.status, response.headers, await response.read()

            await conversation(get)

    asyncio.run(run())


def test_a_feed_is_found_by_its_host_and_path():
    """The Host header chooses the feed, in any case; another host or path is a 404."""

    async def conversation(get: Get) -> None:
        status, headers, body = await get(*COURRIER)
        feed = next(feed for feed in press().feeds if feed.slug == "courrier-armelie")
        assert (status, body) == (200, render_feed(feed, NOON))
        assert headers["Content-Type"] == "application/rss+xml; charset=utf-8"
        assert (await get("Courrier-Armelie.TEST", "/rss"))[0] == 200
        assert (await get("courrier-armelie.test", "/nothing"))[0] == 404
        assert (await get("elsewhere.test", "/rss"))[0] == 404

    talk(PressSite(press(), Clock()), conversation)


def test_every_listed_source_answers():
    """Each of the fourteen sources answers at its address, all with 200 but the failing one with 500."""
    site = PressSite(press(), Clock())
    sources = source_list(site, 8099)
    statuses = {}

    async def conversation(get: Get) -> None:
        for source in sources:
            host, _, path = source["url"].removeprefix("http://").partition(":8099")
            statuses[source["source_id"]] = (await get(host, path))[0]

    talk(site, conversation)
    assert len(statuses) == 14
    assert {name for name, status in statuses.items() if status == 500} == {"depeche-orn"}
    assert set(statuses.values()) == {200, 500}
    assert sources[0].keys() == {"source_id", "name", "url", "tier", "language"}


def test_an_unchanged_feed_is_not_sent_twice():
    """The ETag of an answer, alone, weak or in a list, earns an empty 304 that repeats it."""

    async def conversation(get: Get) -> None:
        _, headers, _ = await get(*COURRIER)
        tag = headers["ETag"]
        assert not tag.startswith("W/")
        for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            status, again, body = await get(*COURRIER, If_None_Match=sent)
            assert (status, body, again["ETag"]) == (304, b"", tag)
        assert (await get(*COURRIER, If_None_Match='"other"'))[0] == 200

    talk(PressSite(press(), Clock()), conversation)


def test_the_date_counts_only_without_an_etag():
    """If-Modified-Since earns a 304 by itself; beside an ETag that differs it is ignored."""

    async def conversation(get: Get) -> None:
        _, headers, _ = await get(*COURRIER)
        date = headers["Last-Modified"]
        assert (await get(*COURRIER, If_Modified_Since=date))[0] == 304
        assert (await get(*COURRIER, If_Modified_Since="Mon, 01 Jan 2024 00:00:00 GMT"))[0] == 200
        assert (await get(*COURRIER, If_Modified_Since="not a date"))[0] == 200
        assert (await get(*COURRIER, If_None_Match='"other"', If_Modified_Since=date))[0] == 200

    talk(PressSite(press(), Clock()), conversation)


def test_the_press_goes_on_with_the_clock():
    """An hour later the feed holds more, under another ETag, and the old one no longer earns a 304."""
    clock = Clock()

    async def conversation(get: Get) -> None:
        _, before, early = await get(*COURRIER)
        clock.now += timedelta(hours=6)
        status, after, late = await get(*COURRIER, If_None_Match=before["ETag"])
        assert (status, before["ETag"] == after["ETag"]) == (200, False)
        assert feedparser.parse(early).entries[0].link != feedparser.parse(late).entries[0].link

    talk(PressSite(press(), clock), conversation, clock)


def test_an_encoding_is_said_and_kept():
    """The ISO-8859-1 feed says so in its header, its declaration and its bytes."""

    async def conversation(get: Get) -> None:
        _, headers, body = await get("radio-gaves.test", "/actu/podcast-et-textes.rss")
        assert headers["Content-Type"] == "application/rss+xml; charset=iso-8859-1"
        assert "Armélie".encode("latin-1") in body

    talk(PressSite(press(), Clock()), conversation)


def test_a_folder_is_served_file_by_file(tmp_path):
    """Each file has its own host, sub-folders included; equal names stay apart and hidden files out."""
    (tmp_path / "sub").mkdir()
    for name in ("Ma Une.xml", "sub/feed.atom", "sub-feed.rss", "info.json", ".hidden.xml"):
        (tmp_path / name).write_bytes(RSS)
    site = FolderSite(tmp_path)
    urls = {source["source_id"]: source["url"] for source in source_list(site, 80)}
    assert urls == {
        "ma-une": "http://ma-une.feeds.test:80/Ma%20Une.xml",
        "sub-feed": "http://sub-feed.feeds.test:80/feed.atom",
        "sub-feed-2": "http://sub-feed-2.feeds.test:80/sub-feed.rss",
        "info": "http://info.feeds.test:80/info.json",
    }
    kinds = {}

    async def conversation(get: Get) -> None:
        for slug, url in urls.items():
            status, headers, body = await get(f"{slug}.feeds.test", url.partition(":80")[2])
            assert (status, body) == (200, RSS)
            kinds[slug] = headers["Content-Type"]

    talk(site, conversation)
    assert kinds == {
        "ma-une": "application/xml",
        "sub-feed": "application/atom+xml",
        "sub-feed-2": "application/rss+xml",
        "info": "application/feed+json",
    }


def test_a_changed_file_is_read_again(tmp_path):
    """A file that changes, even within its second, gets a new ETag; a new file is served at once."""
    file = tmp_path / "a.xml"
    file.write_bytes(RSS)
    stamp = file.stat().st_mtime

    async def conversation(get: Get) -> None:
        _, headers, _ = await get("a.feeds.test", "/a.xml")
        assert (await get("a.feeds.test", "/a.xml", If_None_Match=headers["ETag"]))[0] == 304
        file.write_bytes(RSS + b"\n")
        os.utime(file, (stamp, stamp))
        assert (await get("a.feeds.test", "/a.xml", If_None_Match=headers["ETag"]))[0] == 200
        (tmp_path / "b.xml").write_bytes(RSS)
        assert (await get("b.feeds.test", "/b.xml"))[0] == 200

    talk(FolderSite(tmp_path), conversation)


def test_each_answer_is_logged(tmp_path):
    """The access log holds one JSON line an answer: time, host, path, status, bytes, conditional or not."""
    log = tmp_path / "access.jsonl"

    async def conversation(get: Get) -> None:
        _, headers, _ = await get(*COURRIER)
        await get(*COURRIER, If_None_Match=headers["ETag"])
        await get("elsewhere.test", "/x")

    talk(PressSite(press(), Clock()), conversation, log=log)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(line["host"], line["path"], line["status"], line["conditional"]) for line in lines] == [
        ("courrier-armelie.test", "/rss", 200, False),
        ("courrier-armelie.test", "/rss", 304, True),
        ("elsewhere.test", "/x", 404, False),
    ]
    assert lines[0]["bytes"] > 10_000 > lines[1]["bytes"] == 0
    assert {line["time"] for line in lines} == {NOON.isoformat()}


def test_a_missing_folder_is_one_sentence(tmp_path, capsys):
    """A folder that is not there ends the command with 1 and a sentence."""
    assert main(["--folder", str(tmp_path / "nowhere")]) == 1
    assert "is not a folder" in capsys.readouterr().err


def test_a_busy_port_is_one_sentence(tmp_path, capsys):
    """A port somebody listens on ends the command with 1 and a sentence."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--folder", str(tmp_path), "--port", str(taken.getsockname()[1])]) == 1
    assert "cannot be used" in capsys.readouterr().err
