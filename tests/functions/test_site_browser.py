"""The site in a real browser: pictures to look at under ``.vigie/screenshots``, and what only a browser can tell."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.adapters.mail.digests import busy_day, english_day, hostile_day, quiet_day
from tests.adapters.mail.more_days import crisis_day, crowded_day
from tests.builders import CUTOFF, a_client
from tests.functions.conftest import Stack
from tests.functions.test_site import READER, keep, links
from tests.functions.test_site_acting import judge
from tests.functions.test_site_alert import have_an_alert, link
from tests.functions.test_site_reviewing import client as reviewed_client
from tests.functions.test_site_reviewing import url_of, waiting
from tests.functions.visitor import HOST, PREFIX, open_site
from vigie import wiring
from vigie.domain.clients import Recipient
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest
from vigie.domain.digest_build import digest_id_of
from vigie.domain.site_links import ACTIONS, Action

PICTURES = Path(__file__).parents[2] / ".vigie" / "screenshots"
TALLEST = 6_000
"""Of a picture, in pixels: two hundred stories would be thirty thousand, and a minute of drawing."""
PHONE, DESK = (390, 844), (1280, 900)
DAYS: dict[str, Callable[[], Digest]] = {
    "busy": busy_day,
    "quiet": quiet_day,
    "english": english_day,
    "hostile": hostile_day,
    "crisis": crisis_day,
    "crowded": crowded_day,
}

COMPLAINTS: list[str] = []

pytestmark = [pytest.mark.browser, pytest.mark.emulator]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return the machine's own Chromium, or skip."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def nothing_to_complain_of() -> Iterator[None]:
    """Fail a test whose pages broke their own policy, missed a file or met an error in their script."""
    COMPLAINTS.clear()
    yield
    assert COMPLAINTS == []


@pytest.fixture
def site(stack: Stack) -> Iterator[str]:
    """Return the address of a site whose clients have one recipient each, and a week of digests."""
    for client in (a_client(), a_client(client_id="armelie-bank", name="Armélie Bank", locale="en")):
        wiring.accounts().put_client(replace(client, recipients=(Recipient(READER, "Claire"),)))
    wiring.make_link_secret()
    for back, mentions in ((1, 21), (2, 9), (3, 14), (5, 31), (6, 0)):
        until = CUTOFF - timedelta(days=back)
        day = quiet_day()
        counted = replace(day.totals, retained=mentions)
        interval = Interval(until - timedelta(days=1), until)
        keep(replace(day, digest_id=digest_id_of(until), interval=interval, totals=counted))
    with open_site(stack) as address:
        yield address


def address(site: str, path: str) -> str:
    """Return where a page of the site is served."""
    return site.removesuffix(PREFIX) + path


def open_page(
    browser: Browser, url: str, size: tuple[int, int], scheme: str = "light", locale: str = "en-US"
) -> Page:
    """Open an address in a window; what the page's policy or a script complains of is kept."""
    width, height = size
    page = browser.new_page(
        locale=locale,
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page.set_default_timeout(60_000)
    page.on("console", lambda message: COMPLAINTS.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: COMPLAINTS.append(str(error)))
    page.goto(url)
    return page


def picture(page: Page, name: str) -> None:
    """Keep what the whole page looks like once it is all there, and check that nothing runs over its side."""
    page.wait_for_load_state()
    PICTURES.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size or {"width": 0, "height": 0}
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": size["width"], "height": height})  # what sticks to the bottom is there
    page.screenshot(path=PICTURES / f"{name}.png")
    page.set_viewport_size(size)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
)
@pytest.mark.parametrize("day", DAYS)
def test_a_digest_fits_its_window(
    day: str, size: tuple[int, int], scheme: str, chromium: Browser, site: str
) -> None:
    """At phone and desk width, by day and by night, nothing runs over the side and nothing is refused."""
    digest = keep(DAYS[day]())
    page = open_page(chromium, address(site, links(digest).page), size, scheme)
    assert page.locator("h1").count() == 1
    picture(page, f"site-{day}-{size[0]}-{scheme}")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light")])
def test_an_action_fits_its_window(
    action: Action, size: tuple[int, int], scheme: str, chromium: Browser, site: str
) -> None:
    """Each action's page fits, before and after its button was pressed."""
    digest = keep(busy_day())
    judge(digest)
    page = open_page(
        chromium, address(site, links(digest).act(digest.subjects[0].story_id, action)), size, scheme
    )
    picture(page, f"site-{action}-{size[0]}-{scheme}")
    if action == "share":
        page.get_by_role("button", name="Copier le lien").click()
        page.get_by_role("button", name="Copié").wait_for()
        page.goto(page.locator("#link").input_value().replace(f"https://{HOST}/v1", site))
        picture(page, f"site-shared-{size[0]}-{scheme}")
        return
    if action == "correct":
        page.get_by_role("radio", name="Favorable", exact=True).check()
    page.locator("form.card button[type=submit]").click()
    page.get_by_role("status").wait_for()
    picture(page, f"site-{action}-done-{size[0]}-{scheme}")
    page.get_by_role("button", name="Annuler").click()
    page.get_by_role("status").wait_for(state="detached")


def test_a_subject_unfolds_and_the_keyboard_is_enough(chromium: Browser, site: str) -> None:
    """Reprints unfold; the first stop of the keyboard skips to the content, and the search answers Enter."""
    digest = keep(busy_day())
    page = open_page(chromium, address(site, links(digest).page), PHONE)
    reprint = page.get_by_role("link", name="Radio Gaves").first
    assert not reprint.is_visible()
    page.get_by_text("11 reprises").click()
    assert reprint.is_visible()
    page.reload()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_role("searchbox").fill("guichets")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=guichets")
    assert page.get_by_role("status").inner_text().startswith("Aucune retombée")
    picture(page, "site-search-390-light")


def test_pages_are_whole_without_a_script(chromium: Browser, site: str) -> None:
    """With scripts off, a correction is made and undone all the same."""
    digest = keep(busy_day())
    judge(digest)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(site, links(digest).act(digest.subjects[0].story_id, "correct")))
    page.get_by_role("radio", name="Neutre").check()
    page.get_by_role("button", name="Enregistrer").click()
    assert "neutre" in page.get_by_role("status").inner_text()
    page.get_by_role("button", name="Annuler").click()
    page.get_by_role("status").wait_for(state="detached")
    assert page.get_by_role("radio", name="Neutre").is_visible()
    context.close()


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
)
def test_a_reviewer_works_on_a_phone_and_at_a_desk(
    size: tuple[int, int], scheme: str, chromium: Browser, site: str
) -> None:
    """Pin, drop, move, correct, comment and add, with what a browser sends; each is on the page afterwards."""
    wiring.accounts().put_client(reviewed_client())
    digest = waiting()
    page = open_page(chromium, address(site, url_of(digest)), size, scheme)
    picture(page, f"review-untouched-{size[0]}-{scheme}")
    rows = page.locator("ol.rows > li")
    second = rows.nth(1).locator("h3 bdi").inner_text()
    page.get_by_role("textbox", name="Mot de l'agence").fill("Reprises possibles en radio locale ce matin.")
    rows.nth(3).get_by_label("Épingler").check()
    rows.nth(2).get_by_label("Retirer").check()
    rows.nth(0).get_by_label("Tonalité").select_option("Neutre")
    page.get_by_text("Ajouter une radio").click()
    page.get_by_label("Station, chaîne ou titre").fill("Radio Gaves")
    page.get_by_label("De quoi il est question").fill("Le maire dénonce les fermetures")
    rows.nth(1).get_by_role("button", name="Monter").click()
    page.get_by_text("Retirés de l'envoi").wait_for()
    assert rows.nth(0).get_by_text("Épinglé").is_visible()
    assert rows.nth(1).locator("h3 bdi").inner_text() == second
    assert page.get_by_text("Radio · Radio Gaves").is_visible()
    assert page.get_by_role("textbox", name="Mot de l'agence").input_value().startswith("Reprises")
    picture(page, f"review-{size[0]}-{scheme}")
    page.get_by_role("link", name="Voir l'envoi").click()
    page.get_by_text("Retour à la relecture").wait_for()
    picture(page, f"review-preview-{size[0]}-{scheme}")


def test_enter_in_the_reviewers_form_saves_and_moves_nothing(chromium: Browser, site: str) -> None:
    """The key that sends a form presses its first button: it must be the one that saves."""
    wiring.accounts().put_client(reviewed_client())
    digest = waiting()
    page = open_page(chromium, address(site, url_of(digest)), PHONE)
    before = page.locator("ol.rows h3").all_inner_texts()
    page.get_by_text("Ajouter une radio").click()
    page.get_by_label("Station, chaîne ou titre").fill("Radio Gaves")
    page.get_by_label("De quoi il est question").fill("Un débat")
    page.get_by_label("De quoi il est question").press("Enter")
    page.get_by_text("Radio · Radio Gaves").wait_for()
    assert page.locator("ol.rows h3").all_inner_texts() == before


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light")])
def test_hours_are_chosen_and_left(size: tuple[int, int], scheme: str, chromium: Browser, site: str) -> None:
    """Only the fields that a frequency needs are shown; what is saved is shown saved; leaving takes one button."""
    digest = keep(busy_day())
    page = open_page(chromium, address(site, links(digest).preferences), size, scheme)
    assert not page.get_by_label("Le jour de l'envoi hebdomadaire").is_visible()
    page.get_by_role("radio", name="Certains jours").check()
    assert page.get_by_role("checkbox", name="dimanche").is_visible()
    picture(page, f"preferences-{size[0]}-{scheme}")
    page.get_by_role("radio", name="Une fois par semaine", exact=True).check()
    page.get_by_label("Le jour de l'envoi hebdomadaire").select_option("vendredi")
    page.get_by_label("À quelle heure").fill("06:45")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("status").wait_for()
    assert "vendredi" in page.locator("form.preferences p").first.inner_text()
    picture(page, f"preferences-saved-{size[0]}-{scheme}")
    page.get_by_role("link", name="Ne plus recevoir").click()
    page.get_by_role("button", name="Confirmer").wait_for()
    picture(page, f"leaving-{size[0]}-{scheme}")
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_role("status").wait_for()
    picture(page, f"left-{size[0]}-{scheme}")


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light")])
def test_an_alert_is_taken_and_called_false(
    size: tuple[int, int], scheme: str, chromium: Browser, site: str, stack: Stack
) -> None:
    """On a phone at night: read, taken by one button; and called false with a reason."""
    have_an_alert(stack)
    page = open_page(chromium, address(site, link()), size, scheme)
    picture(page, f"alert-{size[0]}-{scheme}")
    page.get_by_role("button", name="Prendre en charge").click()
    page.get_by_text("Prise en charge par Communication").first.wait_for()
    page.get_by_label("Pourquoi").fill("Un exercice annoncé.")
    page.get_by_role("button", name="Fausse alerte").click()
    page.get_by_text("« Un exercice annoncé. »").wait_for()
    picture(page, f"alert-false-{size[0]}-{scheme}")
