"""A small business from its first look to its erasure, in a real browser on the emulated cloud.

Each page and each mail is kept as a picture of a phone's width and of a desk's, under ``.vigie/screenshots``.
"""

import gzip
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from infra.local.register import serving
from infra.local.stripe import StripeServer
from infra.local.stripe import serving as serving_stripe
from tests.builders import a_client, a_document, a_mention
from tests.conftest import Cloud
from tests.functions.conftest import TABLES, Stack
from tests.functions.errands import Errands, letters, running
from tests.functions.test_area_browser import FIRST_VIEW_BYTES, violations, weighed
from tests.functions.test_site_browser import (
    COMPLAINTS,
    DESK,
    PHONE,
    chromium,
    nothing_to_complain_of,
    open_page,
    picture,
)
from tests.functions.visitor import open_site
from vigie import wiring
from vigie.adapters import aws
from vigie.domain.clients import Recipient
from vigie.domain.cutoffs import Interval
from vigie.domain.plans import plan_named
from vigie.domain.quotas import month_of
from vigie.domain.rhythms import OPENING
from vigie.domain.sign_in import Claim
from vigie.domain.subscriptions import trial_of
from vigie.messages import encode
from vigie.ports import DueDigest

__all__ = ["chromium", "nothing_to_complain_of"]  # fixtures of the site's own test

pytestmark = [pytest.mark.browser, pytest.mark.emulator]

OWNER = "claire@epidor.example"
SAID_TO_REMAIN = ("ledger: ERASURES ", "accounts: WATCHES ")
"""The receipt, and that watches ended: both under the client's id, as the receipt's notes say."""
OVER = 3
"""Mentions past what the plan includes."""
ARTICLES = (
    ("Fête patronale : Auzelle a dansé jusqu'à l'aube", "Le Courrier d'Auzelle", 30,
     "La boulangerie L'Épi d'or avait allumé son four à minuit ; à six heures, il ne restait plus une brioche."),
    ("Baguette de tradition : L'Épi d'or sur la deuxième marche", "Gaves Hebdo", 120,
     "Le jury du concours départemental a salué une croûte « fine et chantante »."),
    ("Rue du Four : les commerces tiennent bon malgré les travaux", "Le Courrier d'Auzelle", 200,
     "À L'Épi d'or, on a ouvert une porte sur la cour pour que les clients passent."),
    ("À Montbrac, la terrasse de L'Épi d'or rouvre vendredi", "La Dépêche des Causses", 75,
     "Le restaurant de Montbrac promet une carte courte et des vins du pays."),
    ("Le chef de L'Épi d'or quitte Montbrac", "Tables et Comptoirs", 260,
     "Après neuf ans, il reprend une auberge de montagne."),
    ("Crue du gave : la départementale coupée", "Le Courrier d'Auzelle", 50, "La circulation reprendra jeudi."),
)  # fmt: skip


def archive_articles() -> None:
    """Keep what was polled in the last days."""
    for number, (title, paper, hours_ago, body) in enumerate(ARTICLES):
        at = wiring.now() - timedelta(hours=hours_ago)
        address = f"https://presse.example/{number}"
        document = a_document(
            title,
            document_id=f"article{number}",
            url=address,
            canonical_url=address,
            source_id=f"s{number}",
            source_name=paper,
            body=body,
            seen_at=at,
            published_at=at,
        )
        content = gzip.compress(encode({"batch_id": f"b{number}", "documents": [document]}))
        key = f"archive/{at:%Y/%m/%d/%H}/0001-{at:%Y%m%dT%H%M%S%f}.json.gz"
        wiring.blobs().put(key, content, "application/gzip")


@dataclass(slots=True)
class Walk:
    """Somebody at a browser, what the cloud does meanwhile, and pictures of all they see, in order."""

    page: Page
    site: str
    errands: Errands
    cloud: Cloud
    pictures: int = 0

    def see(self, name: str) -> None:
        """Keep what the page looks like on a phone and at a desk."""
        self.pictures += 1
        for size in (DESK, PHONE):
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            picture(self.page, f"walk-{self.pictures:02}-{name}-{size[0]}")

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def heading(self, text: str) -> None:
        """Wait for the page of this title, all of it."""
        self.page.get_by_role("heading", level=1, name=text).wait_for()
        self.page.wait_for_load_state()

    def open_last_letter(self, number: int) -> None:
        """Open the last mail in the owner's inbox, which is to hold so many."""
        found = letters(self.cloud, OWNER)
        assert len(found) == number
        self.page.goto("about:blank")
        self.page.set_content(found[-1])

    def pass_minutes(self, due: DueDigest) -> None:
        """Have a digest close with this second, not in minutes; see it built, and have it mailed."""
        until = wiring.now().replace(microsecond=0) + timedelta(seconds=1)
        wiring.digests().cancel(due)
        closing = replace(due, interval=Interval(due.interval.since, until), send_at=until)
        wiring.digests().schedule(closing)
        while wiring.now() < until:
            time.sleep(0.02)
        (built,) = self.errands.stack.call("digest", {})["digests"]
        assert built["client_id"] == due.client_id
        self.errands.work()


def the_client() -> Any:
    """Return the only client there is."""
    (client,) = wiring.accounts().clients()
    return client


@pytest.fixture
def stripe(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeServer]:
    """Return Stripe's stub, whose keys the stack has."""
    del stack  # whose environment this changes
    with serving_stripe() as server:
        monkeypatch.setenv("VIGIE_LOCAL_STRIPE", server.url)
        name = wiring.settings().stripe_secret_name
        aws.ssm().put_parameter(Name=name, Value=server.keys, Type="SecureString")
        yield server


@pytest.fixture
def walk(
    stack: Stack, cloud: Cloud, stripe: StripeServer, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Walk]:
    """Return somebody at the home page of a stack that takes sign-ups, with a month of press in its archive."""
    del stripe  # which has to be there
    with serving() as register, open_site(stack) as site, running(stack) as errands:
        monkeypatch.setenv("VIGIE_LOCAL_REGISTER", register.url)
        monkeypatch.setenv("VIGIE_SITE_URL", site)
        monkeypatch.setenv("VIGIE_SIGN_UP", "on")
        monkeypatch.setenv("VIGIE_SETTLE_SECONDS", "0")
        wiring.settings.cache_clear()
        wiring.make_link_secret()
        archive_articles()
        page = open_page(chromium, f"{site}/", PHONE, locale="fr-FR")
        yield Walk(page, site, errands, cloud)
        page.close()


def test_from_the_first_look_to_the_last(walk: Walk, stack: Stack) -> None:
    """Looked up, signed up, told, changed, paid, over its quota, cancelled, erased: nothing is left."""
    look(walk)
    sign_up(walk)
    read_first_digest(walk)
    change_words(walk)
    subscribe(walk, "Essentiel")
    use_up_the_month(walk)
    cancel(walk)
    erase(walk, stack)


PUBLIC = (
    "",
    "apercu?nom=L'Épi d'or",
    "inscription?nom=Guichet",
    "mentions-legales",
    "confidentialite",
    "cgv",
    "connexion",
)
OWN = ("espace/abonnement", "espace/abonnement/resilier", "espace/effacer")


def test_public_pages_and_those_of_a_subscription_are_light_and_open_to_everybody(walk: Walk) -> None:
    """Each first view weighs less than 100 KB; axe holds nothing against WCAG 2.2 AA, by day or by night."""
    owner = a_client(name="L'Épi d'or", recipients=(Recipient(OWNER, manager=True),))
    wiring.accounts().put_client(owner)
    wiring.trials().start_trial(owner.client_id, wiring.now())
    paying = replace(
        trial_of(owner.client_id, wiring.now()), state="active", plan_id="plus", billing_id="sub_1"
    )
    wiring.billing_store().change(owner.client_id, wiring.now(), lambda _: paying)
    found, weights = [], weighed(walk.page)
    for number, path in enumerate((*PUBLIC, *OWN)):
        if path == OWN[0]:
            enter(walk, owner.client_id)
        weights.clear()
        walk.page.goto(f"{walk.site}/{path}")
        assert 0 < sum(weights) < FIRST_VIEW_BYTES, (path, sum(weights))
        found += violations(walk.page, path)
        if number % 3 == 0:  # colours are few: by night, some pages show them all
            walk.page.emulate_media(color_scheme="dark")
            found += violations(walk.page, f"{path} by night")
            walk.page.emulate_media(color_scheme="light")
    assert found == []


def enter(walk: Walk, client_id: str) -> None:
    """Sign in by a link."""
    token = wiring.tokens().issue("sign_in", str(Claim(OWNER, (client_id,))), 900, wiring.now())
    walk.page.goto(f"{walk.site}/connexion/{token}")
    walk.press("Me connecter")
    walk.heading("Votre espace")


def look(walk: Walk) -> None:
    """Type a name, and leave a namesake out."""
    walk.see("home")
    walk.page.get_by_label("Le nom de votre commerce").fill("L'Épi d'or")
    walk.press("Voir ce qui se dit")
    walk.heading("Ce qui se dit de")
    assert walk.page.locator("section.lead-card ul.stories > li").count() == 5
    walk.see("preview")
    walk.page.get_by_role("link", name="Écarter les articles où figure Montbrac").click()
    walk.page.get_by_role("link", name="Ne plus écarter Montbrac").wait_for()
    walk.page.wait_for_load_state()
    assert walk.page.locator("section.lead-card ul.stories > li").count() == 3
    walk.see("preview-narrowed")


def sign_up(walk: Walk) -> None:
    """Leave an address, and confirm it by the mail that comes."""
    walk.follow("Recevoir ce qui se dira de moi")
    walk.heading("Recevoir votre veille")
    walk.page.get_by_label("Votre adresse e-mail").fill(OWNER)
    walk.page.get_by_role("checkbox").check()
    walk.see("form")
    walk.press("Commencer l'essai")
    walk.heading("Regardez votre boîte")
    walk.see("sent")
    walk.errands.work()
    walk.open_last_letter(1)
    walk.see("mail-confirm")
    walk.page.get_by_role("link", name="Confirmer mon adresse").click()
    walk.heading("Confirmer votre adresse")
    walk.see("confirm")
    walk.press("Confirmer")
    walk.heading("C'est parti")
    walk.see("begun")


def read_first_digest(walk: Walk) -> None:
    """Find in the first digest what the preview showed."""
    walk.errands.work()
    first = wiring.digests().upcoming(the_client().client_id, OPENING)
    assert first is not None
    minutes = first.interval.until - first.interval.since
    assert timedelta(seconds=walk.errands.longest_delay_seconds) < minutes < timedelta(minutes=6)
    walk.pass_minutes(first)
    walk.open_last_letter(2)
    walk.page.get_by_role("link", name="Baguette de tradition").first.wait_for()
    assert walk.page.get_by_text("Montbrac").count() == 0
    walk.see("mail-first-digest")
    walk.page.goto(f"{walk.site}/espace")
    walk.heading("Votre espace")
    walk.page.get_by_text("3 retombées ces trente derniers jours").wait_for()
    walk.see("area")
    walk.page.get_by_role("region", name="Derniers envois").get_by_role("listitem").get_by_role(
        "link"
    ).click()
    walk.page.get_by_role("link", name="Baguette de tradition").first.wait_for()
    walk.see("first-digest")


def change_words(walk: Walk) -> None:
    """Another spelling is watched as well."""
    walk.page.goto(f"{walk.site}/espace")
    walk.follow("Veilles")
    walk.heading("Veilles")
    walk.follow("L'Épi d'or")
    walk.page.get_by_label("Au moins un de ces mots").fill("L'Épi d'or\nEpidor Auzelle")
    walk.see("watch")
    walk.press("Enregistrer")
    walk.page.get_by_role("status").wait_for()
    walk.see("watch-saved")
    (watch,) = wiring.accounts().watches(the_client().client_id)
    assert "Epidor" in watch.query
    walk.errands.work()


def subscribe(walk: Walk, plan: str) -> None:
    """Choose a plan, pay at Stripe's, and come back to it."""
    walk.follow("Abonnement")
    walk.heading("Votre abonnement")
    if plan == "Essentiel":
        walk.see("trial")
    walk.press(f"Choisir {plan}")
    if plan == "Essentiel":
        walk.press("Carte 4242")
    walk.page.get_by_role("status").get_by_role(
        "heading", name=plan
    ).wait_for()  # the old page has the old one's
    walk.page.get_by_text("elle se renouvelle").wait_for()
    walk.see(f"plan-{plan.lower()}")


def use_up_the_month(walk: Walk) -> None:
    """Past the quota it says so and holds; a larger plan shows all that was held."""
    client_id, included = the_client().client_id, plan_named("essentiel").monthly_mentions
    month = month_of(wiring.now())
    since = max(month.since, wiring.now() - timedelta(hours=1))
    wiring.mentions().record(
        [
            a_mention(
                a_document(f"Le pain de L'Épi d'or, {number}", document_id=f"pain{number}", seen_at=since),
                client_id=client_id,
                recorded_at=since + timedelta(seconds=number),
            )
            for number in range(included + OVER)
        ]
    )
    walk.follow("Abonnement")
    walk.page.get_by_text(f"{OVER} mentions sont gardées pour vous").wait_for()
    walk.see("quota-reached")
    assert shown_of(client_id, month) == included
    subscribe(walk, "Plus")
    assert walk.page.get_by_text("sont gardées pour vous").count() == 0
    assert shown_of(client_id, month) == included + OVER


def shown_of(client_id: str, month: Interval) -> int:
    """Return how many of the month's new mentions the client can read."""
    found = wiring.desk().mentions.recorded_in(client_id, month)
    return sum(each.status == "kept" and not each.backfilled for each in found)


def cancel(walk: Walk) -> None:
    """Three clicks from any page of the area."""
    walk.page.goto(f"{walk.site}/espace")
    walk.heading("Votre espace")
    walk.follow("Abonnement")
    walk.page.get_by_role("link", name="Résilier").click()
    walk.heading("Résilier l'abonnement")
    walk.see("cancel")
    walk.press("Résilier")
    walk.page.get_by_text("Votre abonnement s'arrête le").wait_for()
    walk.see("cancelled")


def erase(walk: Walk, stack: Stack) -> None:
    """Everything goes once the name was typed: the next round leaves nothing in any table, nor in the bucket."""
    client_id = the_client().client_id
    walk.follow("Exports")
    walk.follow("Tout effacer")
    walk.heading("Tout effacer")
    walk.page.get_by_role("textbox").fill("L'Épi d'or")
    walk.see("erase")
    walk.press("Tout effacer")
    walk.page.get_by_role("status").wait_for()
    walk.see("erase-asked")
    assert stack.call("billing", {})["erased"] == 1
    assert wiring.accounts().clients() == []
    assert left_of(client_id) == []
    walk.page.goto(f"{walk.site}/espace")
    walk.page.wait_for_url(f"{walk.site}/connexion")
    walk.heading("Votre espace")
    walk.see("gone")
    assert COMPLAINTS == []


def left_of(client_id: str) -> list[str]:
    """Return the keys of what still names a client, or its owner, in a table or the bucket."""
    found = []
    for name in TABLES:
        table = getattr(wiring.settings(), f"{name}_table")
        pages = aws.dynamodb().get_paginator("scan").paginate(TableName=table)
        items = [item for page in pages for item in page["Items"]]
        keys = [f"{name}: {item['pk']['S']} {item['sk']['S']}" for item in items if names(item, client_id)]
        found += [key for key in keys if not key.startswith(SAID_TO_REMAIN)]
    listed = aws.s3().get_paginator("list_objects_v2").paginate(Bucket=wiring.settings().bucket)
    objects = [each["Key"] for page in listed for each in page.get("Contents", [])]
    return found + [key for key in objects if client_id in key]


def names(item: dict[str, Any], client_id: str) -> bool:
    """Whether an item holds the client's id, or the address that signed up."""
    return client_id in repr(item) or OWNER in repr(item)
