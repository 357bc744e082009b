"""What the poller of the throughput benchmark is compared with: a floor, and the usual script."""

import asyncio
import gzip
import io
import time
import urllib.request
from collections.abc import Sequence
from urllib.error import HTTPError

import aiohttp
import feedparser

from benchmarks.throughput.client import SHARDS, USER_AGENT, Figures, counting
from benchmarks.throughput.feeds import host_of, revision
from benchmarks.throughput.server import ADDRESSES


class Peers:
    """Ask the first feeds of the web, with the ETag of the round before."""

    def __init__(self, feeds: int, ports: Sequence[int]) -> None:
        self._feeds = feeds
        self._places = list(zip(ADDRESSES, ports, strict=True))

    def get(self, before: int) -> Figures:
        """Do the least: aiohttp's GET, its bytes not even unpacked, as many at once as a shard has feeds."""
        figures = Figures(polls=self._feeds)
        with counting(figures):
            for shard in range(SHARDS):
                asyncio.run(self._get_all(range(shard, self._feeds, SHARDS), before, figures))
        return figures

    async def _get_all(self, numbers: Sequence[int], before: int, figures: Figures) -> None:
        async def get(number: int) -> None:
            url, headers = self._request(number, before)
            async with session.get(url, headers=headers) as answer:
                figures.unchanged += answer.status == 304
                await answer.read()

        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
            await asyncio.gather(*map(get, numbers))

    def poll(self, before: int) -> Figures:
        """Do what a script of ten lines does: ``urllib``, then ``feedparser.parse`` with its default options."""
        figures = Figures(polls=self._feeds)
        with counting(figures):
            for number in range(self._feeds):
                self._poll_one(number, before, figures)
        return figures

    def _poll_one(self, number: int, before: int, figures: Figures) -> None:
        url, headers = self._request(number, before)
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own server
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own server
                body = gzip.decompress(answer.read())
        except HTTPError as error:
            figures.unchanged += error.code == 304
            figures.failed += error.code != 304
            return
        started = time.process_time()
        figures.documents += len(feedparser.parse(io.BytesIO(body)).entries)
        figures.parsing += time.process_time() - started

    def _request(self, number: int, before: int) -> tuple[str, dict[str, str]]:
        address, port = self._places[number % len(self._places)]
        headers = {
            "Host": host_of(number),
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "gzip",
            "If-None-Match": f'"{revision(number, before)}"',
        }
        return f"http://{address}:{port}/rss", headers
