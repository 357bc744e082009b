"""The public pages: home and its prices, what was said of a business, the form to sign up, texts of law."""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from vigie.adapters.mail.catalogue import Catalogue
from vigie.adapters.mail.links import web_link
from vigie.adapters.mail.view import LinkView
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.view_leaving import Option, day_names
from vigie.adapters.web.view_subscription import features_of
from vigie.domain.backtest import BackTest, Sample
from vigie.domain.clients import Locale
from vigie.domain.plans import TRIAL, plan_named, plans_for_sale
from vigie.domain.rhythms import FREQUENCIES
from vigie.domain.signing_up.companies import Company
from vigie.domain.signing_up.looking import Looked, Shown
from vigie.domain.typography import euros, french_spaces, long_date, number, one_line

_LEGAL = Path(__file__).parent / "legal"
_PARIS = ZoneInfo("Europe/Paris")
_NAME, _TITLE, _WORD = 80, 160, 40
_ARTICLE = re.compile(r"^(?:l[ae] |les |l’)")
SHOWN_FIRST = "spoken"

LegalPage = Literal["mentions-legales", "confidentialite", "cgv"]


@dataclass(frozen=True, slots=True)
class Price:
    """A plan and its price."""

    name: str
    price: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One article: its title leads to it; a very short extract, as far as its source lets us show one."""

    title: str
    url: str | None
    origin: str
    extract: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """What was said of a business, what was said around it, and what narrows the search."""

    heading: str
    register: str
    companies: tuple[LinkView, ...]
    found: str
    told: tuple[str, ...]
    items: tuple[Item, ...]
    chips: tuple[LinkView, ...]
    excluded: tuple[LinkView, ...]
    around: str
    around_items: tuple[Item, ...]
    town: LinkView | None
    join: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPage:
    """The form to sign up. ``hidden`` are the fields that carry what was looked at."""

    what: str
    hidden: tuple[tuple[str, str], ...]
    frequencies: tuple[Option, ...]
    days: tuple[Option, ...]
    email: str
    send_at: str
    note: str
    problem: str


def prices(locale: Locale) -> tuple[str, tuple[Price, ...]]:
    """Return what is said of the trial, and the plans with their prices."""
    catalogue = site_catalogue(locale)
    say = catalogue.say
    found = tuple(
        Price(
            say(f"plan_name_{plan.plan_id}"),
            say("plan_price", price=euros(plan.price_cents, locale)),
            features_of(plan, catalogue),
        )
        for plan in plans_for_sale()
    )
    return catalogue.count("home_trial", plan_named(TRIAL).days or 0), found


def look_page(shown: Shown, locale: Locale, root: str) -> LookPage:
    """Return the page of what was said of a business."""
    catalogue, looked, company = site_catalogue(locale), shown.looked, shown.company
    say, name, found = catalogue.say, one_line(looked.name, _NAME), shown.found
    fields = {
        "name": name,
        "since": long_date(found.covered_since.astimezone(_PARIS).date(), locale),
        "documents": number(found.documents, locale),
    }
    others = () if company or looked.siren else shown.companies
    return LookPage(
        heading=say("look_title", name=name),
        register=_register(shown, catalogue),
        companies=tuple(
            LinkView(_called(each, locale), address(root, "apercu", looked, siren=each.siren))
            for each in others
        ),
        found=catalogue.count("look_found", found.mentions, name=name)
        if found.mentions
        else say("look_nobody", name=name),
        told=tuple(_told(found, catalogue, fields)),
        items=_items(found.samples, locale),
        chips=tuple(
            LinkView(one_line(chip.word, _WORD), address(root, "apercu", looked, also=chip.word))
            for chip in shown.chips
        ),
        excluded=tuple(
            LinkView(one_line(word, _WORD), address(root, "apercu", looked, without=word))
            for word in looked.excluded
        ),
        around=_around(shown, catalogue),
        around_items=_items(shown.around.found.samples, locale) if shown.around else (),
        town=_town(company, looked, root, catalogue),
        join=address(root, "inscription", looked, siren=company.siren if company else ""),
    )


def join_page(
    looked: Looked, locale: Locale, *, email: str = "", send_at: str = "07:30", problem: str = ""
) -> JoinPage:
    """Return the form to sign up for what was looked at."""
    catalogue = site_catalogue(locale)
    say, days = catalogue.say, day_names(locale)
    cheapest = say("join_price", price=euros(plans_for_sale()[0].price_cents, locale))
    order = ("spoken", "weekly", "weekdays", "daily")
    assert set(order) == set(FREQUENCIES)  # noqa: S101 - the same choices, ours first
    return JoinPage(
        what=say("join_what", name=one_line(looked.name, _NAME)),
        hidden=tuple(_fields(looked).items()),
        frequencies=tuple(Option(each, say(f"join_{each}"), each == SHOWN_FIRST) for each in order),
        days=tuple(Option(str(each), days[each], each == 0) for each in range(7)),
        email=one_line(email, 254),
        send_at=send_at,
        note=catalogue.count("join_note", plan_named(TRIAL).days or 0, price=cheapest),
        problem=problem,
    )


def address(
    root: str, path: str, looked: Looked, *, siren: str | None = None, also: str = "", without: str = ""
) -> str:
    """Return the address of a page about what was looked at, with a company chosen, a word more or one less."""
    excluded = [word for word in (*looked.excluded, also) if word and word != without]
    fields = _fields(looked) | ({"siren": siren} if siren is not None else {}) | {"sans": ",".join(excluded)}
    return f"{root}/{path}?{urlencode({key: value for key, value in fields.items() if value})}"


def legal_page(
    page: LegalPage, locale: Locale, *, publisher: str, mention_days: int
) -> tuple[str, list[dict[str, object]]]:
    """Return the title and the sections of a text of law: who answers for it, and how long mentions are kept."""
    text = _legal(locale)[page]
    lines = [line.strip() for line in publisher.split("|") if line.strip()] or [text["publisher_missing"]]
    sections = []
    for section in text["sections"]:
        texts = [told for each in section["texts"] for told in (lines if each == "{publisher}" else [each])]
        texts = [_set(each.replace("{mention_days}", str(mention_days)), locale) for each in texts]
        sections.append({"heading": section["heading"], "texts": texts})
    return _set(text["title"], locale), sections


def _fields(looked: Looked) -> dict[str, str]:
    return {
        "nom": looked.name,
        "siren": looked.siren,
        "sans": ",".join(looked.excluded),
        "ville": "1" if looked.with_town else "",
    }


def _register(shown: Shown, catalogue: Catalogue) -> str:
    if shown.company:
        return catalogue.say("look_is", company=_called(shown.company, catalogue.locale))
    if not shown.register_answers:
        return catalogue.say("look_register_down")
    return catalogue.say("look_which" if shown.companies else "look_none_of_them")


def _told(found: BackTest, catalogue: Catalogue, fields: dict[str, str]) -> list[str]:
    """Say how far the reading went, and what it was of."""
    if not found.documents:
        return [catalogue.say("look_empty")]
    told = [catalogue.say("look_since" if found.mentions else "look_nobody_text", **fields)]
    return told if found.complete else [*told, catalogue.say("look_partly", **fields)]


def _around(shown: Shown, catalogue: Catalogue) -> str:
    if shown.around is None or shown.company is None:
        return ""
    trade = shown.company.trade
    named = (trade.fr if catalogue.locale == "fr" else trade.en) if trade else ""
    return catalogue.say(f"look_around_{shown.around.about}", town=shown.company.town, trade=named)


def _town(company: Company | None, looked: Looked, root: str, catalogue: Catalogue) -> LinkView | None:
    if company is None or not company.town or looked.with_town:
        return None
    narrowed = Looked(name=looked.name, siren=company.siren, excluded=looked.excluded, with_town=True)
    return LinkView(catalogue.say("look_with_town", town=company.town), address(root, "apercu", narrowed))


def _called(company: Company, locale: Locale) -> str:
    trade = company.trade
    named = _ARTICLE.sub("", trade.fr if locale == "fr" else trade.en) if trade else ""
    place = " ".join(part for part in (company.postcode, company.town) if part)
    return one_line(" · ".join(part for part in (company.name, place, named) if part), 120)


def _items(samples: tuple[Sample, ...], locale: Locale) -> tuple[Item, ...]:
    return tuple(
        Item(
            title=one_line(each.title, _TITLE) or one_line(each.extract, _TITLE),
            url=web_link(each.url),
            origin=f"{one_line(each.source_name, 60)}, {long_date(each.at.astimezone(UTC).date(), locale)}",
            extract=each.extract,
        )
        for each in samples
    )


def _set(text: str, locale: Locale) -> str:
    return french_spaces(text) if locale == "fr" else text


@cache
def _legal(locale: Locale) -> dict[str, dict[str, Any]]:
    return tomllib.loads((_LEGAL / f"{locale}.toml").read_text("utf-8"))
