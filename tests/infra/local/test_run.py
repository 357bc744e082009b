"""`make run ONCE=1`, really run: feeds of a folder in, one digest out, and then only what is new."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.emulator import ROOT
from tests.ports import two_free_ports

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>{name}</title><link>https://{name}.example/</link>{items}</channel></rss>
"""
ITEM = """<item><title>{title}</title><link>https://{name}.example/{number}</link>
<guid>https://{name}.example/{number}</guid><pubDate>Sun, 22 Nov 2026 08:0{number}:00 GMT</pubDate>
<description>{title}, selon la capitainerie.</description></item>"""
FIGURES = re.compile(r"sources (\d+)/\d+ \(\d+ failing\), documents (\d+), mentions (\d+), .* mails (\d+);")


def write_feed(folder: Path, name: str, titles: list[str]) -> None:
    """Write a feed with an item for each title."""
    items = "".join(ITEM.format(title=title, name=name, number=n) for n, title in enumerate(titles))
    (folder / f"{name}.xml").write_text(FEED.format(name=name, items=items), "utf-8")


def run_once(home: Path, feeds: Path, port: int) -> tuple[int, tuple[int, ...], str]:
    """Run one pass in a process of its own; return its exit code, last figures, and how the feeds answered."""
    code = "import os, sys; from pathlib import Path; from infra.local.run import main; "
    code += "sys.exit(main(os.environ, Path(sys.argv[1])))"
    asked = {"ONCE": "1", "FEEDS": str(feeds), "WATCH": '"le phare"', "PORT": str(port)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(home)],
        cwd=ROOT,
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    figures = FIGURES.findall(done.stdout)
    answers = re.search(r"The feeds answered: (.*)", done.stdout)
    assert figures, done.stdout + done.stderr
    return done.returncode, tuple(map(int, figures[-1])), answers[1] if answers else ""


@pytest.mark.emulator
def test_two_passes_tell_each_thing_once(tmp_path: Path) -> None:
    """All that is there, then exactly the one item added: the other feed says 304, other clients get no mail."""
    feeds, home, port = tmp_path / "feeds", tmp_path / "home", two_free_ports()
    feeds.mkdir()
    write_feed(feeds, "echo", ["Le phare rallumé", "La mer monte"])
    write_feed(feeds, "courrier", ["Le port agrandi"])
    first = run_once(home, feeds, port)
    write_feed(feeds, "echo", ["Le phare rallumé", "La mer monte", "Le phare visité"])
    added = run_once(home, feeds, port)
    assert first == (0, (2, 3, 1, 5), "2 × 200")
    assert added == (0, (2, 1, 1, 1), "1 × 200, 1 × 304")
    assert len(list((home / "outbox").glob("*.eml"))) == 6
