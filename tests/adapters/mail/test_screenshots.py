"""The mail as a person sees it: pictures to look at under ``.vigie/screenshots``, and no sideways scrolling."""

import re
import shutil
import subprocess
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from tests.adapters.mail.digests import busy_day, english_day, hostile_day, quiet_day
from vigie.adapters.mail.render import MailRenderer
from vigie.domain.digest import Digest

PICTURES = Path(__file__).parents[3] / ".vigie" / "screenshots"
# A window cannot be narrower than 500 pixels, a frame can; a picture can too.
FRAME = """<!doctype html><iframe srcdoc="{page}" style="border:0;width:{width}px;height:800px" onload="
const root = this.contentDocument.documentElement;
document.documentElement.dataset.sizes = [root.clientWidth, root.scrollWidth, root.scrollHeight].join(' ')"></iframe>
"""
DAYS: dict[str, Callable[[], Digest]] = {
    "busy": busy_day,
    "quiet": quiet_day,
    "english": english_day,
    "hostile": hostile_day,
}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> str:
    """Return the path of a Chromium, or skip."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that Chromium may keep its own things in; making one takes it seconds."""
    return tmp_path_factory.mktemp("profile")


def browse(chromium: str, profile: Path, page: Path, width: int, height: int, *arguments: str) -> str:
    """Open a page in a window of this size and return what Chromium prints."""
    quiet = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
    ]
    own = [f"--user-data-dir={profile}", "--hide-scrollbars", f"--window-size={width},{height}"]
    command = [chromium, *quiet, *own, *arguments, page.as_uri()]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=90).stdout


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("day", DAYS)
def test_mail_fits_its_window(day: str, width: int, chromium: str, profile: Path, tmp_path: Path) -> None:
    """At phone and desk width nothing runs over the side; the picture is kept to be looked at."""
    page, frame = tmp_path / "mail.html", tmp_path / "frame.html"
    html = MailRenderer()(DAYS[day](), {"digest": "https://veille.example/d/1"}).html
    page.write_text(html, encoding="utf-8")
    frame.write_text(FRAME.format(page=escape(html), width=width), encoding="utf-8")
    sizes = re.search(
        r'data-sizes="(\d+) (\d+) (\d+)"', browse(chromium, profile, frame, 1400, 900, "--dump-dom")
    )
    assert sizes is not None
    inner, scroll, height = (int(size) for size in sizes.groups())
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture = PICTURES / f"{day}-{width}.png"
    picture.unlink(missing_ok=True)
    browse(chromium, profile, page, width, height, f"--screenshot={picture}")
    assert picture.stat().st_size > 0
    assert (inner, scroll) == (width, width)
