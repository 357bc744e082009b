"""The mail as a person sees it: pictures to look at under ``.vigie/screenshots``, and what holds in each of them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.adapters.mail.digests import busy_day, english_day, hostile_day, quiet_day
from tests.adapters.mail.more_days import crisis_day, crowded_day, links_of, week
from vigie.adapters.mail.render import MailRenderer
from vigie.domain.digest import Digest

PICTURES = Path(__file__).parents[3] / ".vigie" / "screenshots"
DAYS: dict[str, Callable[[], Digest]] = {
    "busy": busy_day,
    "quiet": quiet_day,
    "crisis": crisis_day,
    "crowded": crowded_day,
    "english": english_day,
    "week": week,
    "hostile": hostile_day,
}
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
LEAST_PIXELS = 14

# Each text as it is drawn: its words, size, and contrast with the nearest ground behind it.
DRAWN = """() => {
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = colour => {
    const linear = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = parts(colour).map(v => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = node => {
    for (let each = node; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor, [, , , alpha] = parts(colour);
      if (alpha === undefined || alpha === 1) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim(), holder = walker.currentNode.parentElement;
    const box = holder.getBoundingClientRect(), style = getComputedStyle(holder);
    if (!words || !box.width || style.display === "none" || parseFloat(style.fontSize) <= 1) continue;
    const [a, b] = [light(style.color), light(ground(holder))].sort((x, y) => y - x);
    texts.push({ words, pixels: parseFloat(style.fontSize), contrast: (a + 0.05) / (b + 0.05) });
  }
  return texts;
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open this machine's Chromium, or skip."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


def opened(
    browser: Browser, day: str, width: int, scheme: Literal["light", "dark"], *, styled: bool = True
) -> Page:
    """Open a day's mail in a window of this width; unstyled, as webmails that drop the style sheet show it."""
    digest = DAYS[day]()
    html = MailRenderer()(digest, links_of(digest)).html
    if not styled:
        while "<style" in html:
            html = html[: html.index("<style")] + html[html.index("</style>") + len("</style>") :]
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    page.set_content(html)
    return page


def unreadable(texts: list[dict[str, Any]]) -> list[tuple[str, float, float]]:
    """Return the texts that are too small or too faint."""
    return [
        (text["words"], text["pixels"], text["contrast"])
        for text in texts
        if text["pixels"] < LEAST_PIXELS or text["contrast"] < LEAST_CONTRAST
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("day", DAYS)
def test_mail_as_it_is_seen(day: str, width: int, scheme: Literal["light", "dark"], browser: Browser) -> None:
    """At phone and desk width, by day and by night: nothing runs over the side, every text can be read."""
    page = opened(browser, day, width, scheme)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"mail-{day}-{width}-{scheme}.png", full_page=True)
    texts = page.evaluate(DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("h1").count() == 1
    assert page.locator("h2").count() >= (0 if day == "quiet" else 4)
    assert len(texts) > 5
    assert unreadable(texts) == []
    page.context.close()


@pytest.mark.parametrize("day", ["busy", "crisis"])
def test_mail_without_its_style_sheet(day: str, browser: Browser) -> None:
    """Where <style> is dropped (La Poste, SFR) the mail fits a phone, can be read, and is light by night too."""
    page = opened(browser, day, 390, "dark", styled=False)
    page.screenshot(path=PICTURES / f"mail-{day}-390-unstyled.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert unreadable(page.evaluate(DRAWN)) == []
    page.context.close()
