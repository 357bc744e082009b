"""The digest's three texts: what a reader finds, and what an article's title cannot do to them."""

import re
import unicodedata
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import vigie.adapters.mail
from tests.adapters.mail.digests import (
    NAME,
    busy_day,
    digest_of,
    english_day,
    hostile_day,
    huge_day,
    quiet_day,
    rivals,
    story,
    yesterday,
)
from tests.adapters.mail.more_days import links_of
from tests.builders import A_DAY, CUTOFF, a_client, a_document, a_mention
from vigie.adapters.mail.render import HTML_LIMIT_BYTES, MailRenderer, mailed_size_bytes
from vigie.domain.clients import Locale
from vigie.domain.connectors.plan import Unsearchable
from vigie.domain.connectors.standings import Standing
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest, SourceTrouble
from vigie.domain.subjects.build import Subject
from vigie.ports import RenderedDigest

TEMPLATE = Path(vigie.adapters.mail.__file__).parent / "templates" / "digest.mjml.j2"
TAGS = set(
    "html head title meta style body div table tbody tr td h1 h2 h3 p span a b br bdi noscript xml".split()  # noqa: SIM905
)


class Reader(HTMLParser):
    """Collects a page's tags, attributes and visible words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag and its attributes."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._hidden = tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        """Keep words that a reader sees."""
        if not self._hidden:
            self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every such tag."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        """The page's words with plain spaces."""
        return plain(" ".join(self.words))


def plain(text: str) -> str:
    """Return a text on one line with plain spaces, as one would type it to search."""
    return re.sub(r"\s+", " ", text)


def render(digest: Digest) -> RenderedDigest:
    """Render for a recipient of a stack that has a site."""
    return MailRenderer()(digest, links_of(digest))


def test_subject_tells_the_count_and_the_change() -> None:
    """The subject says who, how many, and how that compares with the day before."""
    assert plain(render(busy_day()).subject) == "Veille Banque d'Armélie – 29 retombées, +21 %"
    assert plain(render(english_day()).subject) == "Armélie Bank media watch – 9 mentions, −62%"


def test_both_parts_say_the_same() -> None:
    """Titles, counts, comparison and ledger stand in the HTML and in the text."""
    rendered = render(busy_day())
    told = [
        "mardi 8 décembre 2026",
        "Du lundi 7 à 7 h 15 au mardi 8 à 7 h 15",
        "29 retombées (21 la veille ; moyenne des mardis : 24), 13 sujets.",
        "Les sujets 1 et 2 font 52 % du volume, surtout en presse.",
        "16 retombées défavorables, 3 favorables, 2 à vérifier.",
        "+38 % par rapport à la veille · +21 % par rapport à la moyenne des mardis",
        "Question publique · Forum Vaurel-Habitat, mar. 5 h 58 · sans réponse repérée",
        "« Que devient mon coffre, et qui prévient les voisins ? »",
        "Trois guichets de la Banque d'Armélie vont fermer dans le Vaurel",
        "Le Courrier d'Armélie (régional), mar. 5 h 58",
        "12 publications · 12 groupes de presse · vous êtes le sujet",
        "« …En fin de séance, la Banque d'Armélie confirme le calendrier aux élus, qui demandent un an de sursis. »",
        "et 8 autres",
        "Trouvé par : veille Marque, « Banque d'Armélie » (titre, texte)",
        "16 (55 %)",
        "Presse 27 · Réseaux 1 · Forums 1",
        "25 (37 %)",
        "612 sources : 604 à l'heure, 5 en retard, 3 en erreur.",
        "L'Écho des Gaves depuis mar. 4 h 10",
        "58 752 lectures de sources, dont 214 en échec ; 3 120 documents examinés, dont 2 illisibles.",
        "74 correspondances : 29 retenues, 38 sur les seuls concurrents, 7 écartées (7 déjà vues à la même adresse).",
        "16 correspondances reprennent un texte déjà paru.",
        "Prochain envoi : mercredi 9 à 7 h 30",
    ]
    html = Reader(rendered.html).text
    assert [line for line in told if line not in html.replace(" , ", ", ")] == []
    assert [line for line in told if line not in plain(rendered.text)] == []


def test_lead_is_never_shown() -> None:
    """The first sentence of an article is in neither part when the client is named further down."""
    rendered = render(busy_day())
    assert "salle comble" not in rendered.html
    assert "salle comble" not in rendered.text


def test_quiet_day_is_three_lines() -> None:
    """Nothing to report: said, with what was read and what became of it, and no empty block."""
    rendered = render(quiet_day())
    assert plain(rendered.subject) == "Veille Banque d'Armélie – rien à signaler"
    html = Reader(rendered.html)
    assert (
        len([p for p in html.of("p") if "soft" in p.get("class", "") or "ink" in p.get("class", "")]) == 3 + 3
    )
    assert html.of("h2") == []
    told = plain(rendered.text)
    assert "Aucune retombée du lundi 7 à 7 h 15 au mardi 8 à 7 h 15. 612 sources : 604 à l'heure" in told
    assert "0 correspondance : 0 retenue, 0 écartée." in told


def test_quiet_day_still_tells_of_competitors() -> None:
    """A day when only competitors were spoken of says so in its first line."""
    told = plain(render(digest_of(rivals()[:2])).text)
    assert "Chez les concurrents : Crédit du Vaurel 2." in told


def test_first_digest_says_it_is_learning() -> None:
    """Without an earlier digest no average is invented."""
    rendered = render(digest_of([a_mention()]))
    assert "Moyenne en cours d'apprentissage" in plain(rendered.text)
    assert "veille)" not in rendered.text


def test_days_of_unlike_length_are_not_compared_in_percent() -> None:
    """After a week-end the earlier count is told as the previous digest's, without a percentage."""
    friday = yesterday(10)
    weekend = Interval(A_DAY.since - timedelta(days=2), A_DAY.until)
    friday = replace(friday, interval=Interval(weekend.since - timedelta(days=1), weekend.since))
    rendered = render(digest_of([a_mention()], interval=weekend, previous=friday))
    assert "1 retombée (10 à l'envoi précédent), 1 sujet." in plain(rendered.text)
    assert plain(rendered.subject) == "Veille Banque d'Armélie – 1 retombée"


@pytest.mark.parametrize(
    ("digest", "sentence"),
    [
        (quiet_day(), "Des articles ont pu paraître et disparaître entre deux lectures : Le Courrier depuis"),
        (english_day(), "Articles may have come and gone between two readings: Le Courrier since"),
    ],
    ids=["fr", "en"],
)
def test_gaps_are_told_with_their_hour(digest: Digest, sentence: str) -> None:
    """A source that may have shown articles nobody saw is named, though it answers in time."""
    gap = SourceTrouble(
        source_id="c", name="Le Courrier", health="gap", since=digest.interval.since, reason=None
    )
    told = render(replace(digest, coverage=replace(digest.coverage, gaps=(gap,))))
    assert sentence in plain(told.text)
    assert sentence in plain(" ".join(Reader(told.html).words))


def test_english_client_reads_english() -> None:
    """Every sentence of ours is in the client's language."""
    rendered = render(english_day())
    told = plain(rendered.text)
    assert "9 mentions (9 the day before; Tuesday average: 24), 3 stories." in told
    assert "Monday 7 at 6:15 am" in told
    assert re.search(r"sujet|retomb|veille |sources suivies|« ", told.replace("Trois", "")) is None
    assert 'lang="en"' in rendered.html


def test_nothing_of_a_title_becomes_markup() -> None:
    """Whatever titles hold, the page has only our tags, no handler, and only http and https links."""
    html = Reader(render(hostile_day()).html)
    assert {tag for tag, _ in html.tags if ":" not in tag} <= TAGS
    assert [name for _, attributes in html.tags for name in attributes if name.startswith("on")] == []
    assert {re.split("[:/]", a["href"])[0] for a in html.of("a")} <= {"http", "https"}
    assert not any("evil.example" in a["href"] or " " in a["href"] for a in html.of("a"))
    assert "<script>alert('vigie')</script>" in " ".join(html.words)  # read, not run


def test_mail_fetches_nothing() -> None:
    """Opening the mail asks no server for anything: no picture, no font, no style sheet."""
    html = render(busy_day()).html
    assert re.findall(r"<(?:link|img|script|iframe)\b|@import|url\(|src=", html) == []


def test_titles_cannot_turn_or_forge_lines() -> None:
    """Neither part holds direction overrides, terminal escapes or a forged line; right-to-left is isolated."""
    rendered = render(hostile_day())
    for text in (rendered.subject, rendered.html, rendered.text):
        controls = {c for c in text if unicodedata.category(c) in {"Cc", "Cf"} and c not in "\n\u2068\u2069"}
        assert controls == set()
    assert not re.search(r"^\s*Bcc:", rendered.text, re.MULTILINE)
    assert rendered.text.count("\u2068") == rendered.text.count("\u2069") > 0


def test_long_titles_are_cut() -> None:
    """A title of 500 characters keeps at most 140, ended by an ellipsis."""
    words = Reader(render(hostile_day()).html).words
    assert max(len(word) for word in words if word.startswith("AAA")) == 140


@pytest.mark.parametrize("stories", [250, 3_000])
def test_heavy_days_stay_within_the_budget(stories: int) -> None:
    """However many stories, the HTML weighs at most 80 KB as mailed, and the rest is counted."""
    digest = digest_of(
        [mention for n in range(stories) for mention in story(f"Événement {n} à l'étude", "neutral", 0)]
    )
    rendered = render(digest)
    assert mailed_size_bytes(rendered.html) <= HTML_LIMIT_BYTES
    rest = f"{stories - 32:,}".replace(",", " ")
    assert f"+ {rest} autres sujets ({rest} publications)" in plain(rendered.text)


def test_long_addresses_shorten_the_page() -> None:
    """When long addresses would break the budget, fewer stories are printed rather than a mail cut short."""
    rendered = render(huge_day())
    assert mailed_size_bytes(rendered.html) <= HTML_LIMIT_BYTES
    assert rendered.html.endswith("</html>")


def test_page_reads_without_its_style_sheet() -> None:
    """Webmails that drop <style> lose the dark colours alone: every classed element has its colours inline."""
    html = Reader(render(busy_day()).html)
    classed = [
        attributes
        for tag, attributes in html.tags
        if set(attributes.get("class", "").split()) & {"ink", "soft", "link", "track"} and tag != "h3"
    ]
    assert classed
    assert [attributes for attributes in classed if "color:" not in attributes.get("style", "")] == []


def test_page_is_accessible() -> None:
    """A language, a title, one h1, headings in order, layout tables marked, and no text under 14 pixels."""
    html = Reader(render(busy_day()).html)
    assert html.of("html")[0]["lang"] == "fr"
    levels = [int(tag[1]) for tag, _ in html.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {table.get("role") for table in html.of("table")} == {"presentation", "img"}
    assert [t["aria-label"] for t in html.of("table") if t["role"] == "img"] != []
    sizes = {int(size) for _, a in html.tags for size in re.findall(r"font-size:(\d+)px", a.get("style", ""))}
    assert {size for size in sizes if size < 14} <= {0, 1}  # scaffolding, preview and bars


def test_colours_are_readable() -> None:
    """Every text colour has a contrast of at least 4.5 to 1 on the paper and on the page (WCAG 2.2, 1.4.3)."""
    template = TEMPLATE.read_text(encoding="utf-8")
    texts = set(re.findall(r'"(#[0-9a-f]{6})"', template.split("macro anchor")[0])) - {
        "#fffdfa",
        "#e3ded4",
        "#8a94a0",
    }
    assert len(texts) >= 7
    assert [
        colour for colour in texts for ground in ("#fffdfa", "#f1eee8") if contrast(colour, ground) < 4.5
    ] == []


def test_template_uses_known_tags_only() -> None:
    """Mrml lets unknown tags through in silence, so the template may only use those we know it compiles."""
    used = set(re.findall(r"<(mj[a-z-]*)", TEMPLATE.read_text(encoding="utf-8")))
    assert used == {
        "mjml",
        "mj-head",
        "mj-title",
        "mj-preview",
        "mj-attributes",
        "mj-all",
        "mj-text",
        "mj-raw",
        "mj-style",
        "mj-body",
        "mj-section",
        "mj-column",
    }


def test_unlinked_story_is_still_told() -> None:
    """A story whose address cannot be followed keeps its title, without a link."""
    rendered = render(digest_of([a_mention(a_document("Sans lien", url="javascript:alert(1)"))]))
    assert "Sans lien" in Reader(rendered.html).text
    assert "javascript" not in rendered.html + rendered.text


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return a colour's relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_a_budget_cut_off_is_told() -> None:
    """The digest says what was searched, what waits for a quota and until when, and what is a sample only."""
    limited = Standing(
        connector="bluesky",
        label="Bluesky",
        status="active",
        searches=2,
        limited=1,
        limited_until=CUTOFF + timedelta(minutes=50),
        coverage="truncated",
        unsearchable=(Unsearchable("banque-armelie", "sector", "too_long"),),
    )
    sampled = Standing(
        connector="mastodon@mamot.example",
        label="Mastodon (mamot.example)",
        status="active",
        searches=1,
        coverage="sampled",
    )
    day = busy_day()
    told = render(replace(day, coverage=replace(day.coverage, searches=(limited, sampled))))
    for text in (plain(told.text), plain(" ".join(Reader(told.html).words))):
        assert "Recherches par mots : Bluesky, Mastodon (mamot.example)." in text
        assert "Bluesky : recherche limitée jusqu'à 8 h 05 (quota)" in text
        assert "Mastodon (mamot.example) : un échantillon" in text
        assert "1 veille n'a pas pu être cherchée entièrement : Bluesky." in text


@pytest.mark.parametrize(
    ("locale", "label"),
    [("fr", "+ 5 autres articles sur le même sujet"), ("en", "+ 5 other articles on the same subject")],
)
def test_stories_of_a_subject_are_listed_with_their_outlets(locale: Locale, label: str) -> None:
    """A subject of six stories names four of the others and their outlets, and counts the last."""
    stories = [
        story(f"La {NAME} ferme, article {n}", "neutral", 0, source_name=f"Feuille {n}") for n in range(6)
    ]
    ids = [mentions[0].story.story_id for mentions in stories]
    subject = Subject(ids[0], {story_id: 1 - number / 10 for number, story_id in enumerate(ids)})
    mentions = [mention for each in stories for mention in each]
    mail = MailRenderer()(digest_of(mentions, client=a_client(locale=locale), subjects=[subject]), None)
    for part in (mail.html, mail.text):
        assert label in part
        assert all(f"Feuille {number}" in part for number in range(1, 5))
        assert "article 5" not in part
