"""A local run follows the demo press, a folder or a list of addresses, and opens loopback for ours only."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local.newsstand import PLAYED_DAYS, Newsstand
from infra.local.options import Options
from infra.local.trouble import CannotRun

CHANNELS = {"bluesky", "forum", "video"}
NOW = datetime(2026, 11, 22, 19, tzinfo=UTC)


def test_the_demo_goes_on_from_run_to_run(tmp_path: Path) -> None:
    """The press of a home keeps its dates, so that a later run finds the same addresses; then it ends."""
    first = Newsstand(Options(port=4600), tmp_path, NOW)
    before = first.sources()
    later = Newsstand(Options(port=4600), tmp_path, NOW + timedelta(days=PLAYED_DAYS))
    assert (later.sources(), later.press.truth["documents"][0]) == (before, first.press.truth["documents"][0])
    feeds = [source for source in before if source.platform == "press"]
    assert (len(feeds), {source.platform for source in before}) == (14, {"press", "forum", "youtube"})
    assert (len(before), {source.url.rpartition(":")[0][:7] for source in before}) == (16, {"http://"})
    over = Newsstand(Options(), tmp_path, NOW + timedelta(days=PLAYED_DAYS + 1))
    assert (first.ended, later.ended, over.ended) == (False, False, True)


def test_a_folder_is_served_beside_the_emulator(tmp_path: Path) -> None:
    """Each file of the folder is a source on the port that the poller alone may reach."""
    folder = tmp_path / "feeds"
    folder.mkdir()
    (folder / "le-port.xml").write_text("<rss/>")
    newsstand = Newsstand(Options(feeds=folder, port=4600), tmp_path / "home", NOW)
    assert [source.url for source in newsstand.sources()] == ["http://le-port.feeds.test:4601/le-port.xml"]
    assert newsstand.worker_environment == {"VIGIE_LOCAL_ALLOW": "*.test=127.0.0.1:4601,127.0.0.1:4600"}


def test_real_addresses_open_nothing(tmp_path: Path) -> None:
    """With a list of real addresses the guard stays shut, and refused lines are known."""
    listed = tmp_path / "list.csv"
    listed.write_text("https://port.example/rss\nftp://phare.example\n")
    newsstand = Newsstand(Options(sources=listed), tmp_path, NOW)
    assert [source.url for source in newsstand.sources()] == ["https://port.example/rss"]
    assert ([line.line for line in newsstand.refused], newsstand.worker_environment) == ([2], {})


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    """A folder without feeds is refused rather than watched in vain."""
    (tmp_path / "feeds").mkdir()
    with pytest.raises(CannotRun, match="nothing to follow"):
        Newsstand(Options(feeds=tmp_path / "feeds"), tmp_path, NOW).sources()


def test_what_is_said_beside_the_press_is_part_of_the_truth(tmp_path: Path) -> None:
    """Posts, messages and videos have their line in the truth, can be seen at once, and stay where they were."""
    stand = Newsstand(Options(port=4600), tmp_path, NOW)
    said = [document for document in stand.truth["documents"] if document["feed"] in CHANNELS]
    assert {document["feed"] for document in said} == CHANNELS
    assert {document["id"] for document in said} <= stand.visible_ids(NOW)
    later = Newsstand(Options(port=4600), tmp_path, NOW + timedelta(days=1))
    assert said == [document for document in later.truth["documents"] if document["feed"] in CHANNELS]
    homonym = next(document for document in said if "handball" in document["url"])
    assert homonym["matches"] == []
