"""The feeds of the throughput benchmark: a host each, about 35 KB each, and news in some at every round."""

import random
from datetime import UTC, datetime, timedelta
from html import escape

LETTERS = "abcd"
ENTRIES = 24
NEWS = 2  # entries that a changed feed has pushed in since the round before
CHANGED_IN_TEN = 3  # feeds with news at a round; the others answer 304
START = datetime(2026, 3, 2, 6, tzinfo=UTC)

_TEXT = """
le conseil municipal vote budget ligne de tram quartier gare travaux été école collège hôpital région
département maire élus habitants marché emploi usine entreprise agence banque guichet ferme ouvre projet
nouveau enquête publique samedi dimanche match victoire saison équipe club festival concert musée exposition
route accident gendarmerie tribunal procès appel grève syndicat salaires prix énergie éolien forêt rivière
crue météo orage chaleur vendange lait blé éleveurs coopérative foire dans pour avec sans selon après depuis
entre
"""
_VOCABULARY = _TEXT.split()


def host_of(number: int) -> str:
    """Return the host that serves a feed, and nothing else; its second label says on which address."""
    return f"journal-{number:04d}.{LETTERS[number % len(LETTERS)]}.bench.test"


def revision(number: int, round_: int) -> int:
    """Return how often a feed has changed by a round; at round 0 nothing has."""
    return sum((number + past) % 10 < CHANGED_IN_TEN for past in range(1, round_ + 1))


def render(number: int, revision_: int) -> bytes:
    """Return a feed at a revision: every third is Atom, the others RSS with the whole text in CDATA."""
    newest = revision_ * NEWS + ENTRIES
    articles = [_article(number, serial) for serial in range(newest, newest - ENTRIES, -1)]
    pieces = _atom(number, articles) if number % 3 == 0 else _rss(number, articles)
    return "".join(pieces).encode()


def _article(number: int, serial: int) -> tuple[str, str, str, str, datetime]:
    chance = random.Random(f"{number}/{serial}")
    title = " ".join(chance.choices(_VOCABULARY, k=9)).capitalize()
    slug = title.encode("ascii", "ignore").decode().lower().replace(" ", "-")
    link = f"https://{host_of(number)}/{serial:05d}-{slug}"
    paragraphs = [_sentence(chance) for _ in range(3)]
    content = "".join(
        f'<p>{text} <a href="{link}#n">{chance.choice(_VOCABULARY)}</a></p>' for text in paragraphs
    )
    return title, link, paragraphs[0][:120], content, START + timedelta(minutes=serial * 7)


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_VOCABULARY, k=27)).capitalize() + "."


def _rss(number: int, articles: list[tuple[str, str, str, str, datetime]]) -> list[str]:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Journal {number}</title><link>https://{host_of(number)}/</link><language>fr</language>"
    )
    items = [
        f'<item><title>{title}</title><link>{link}</link><guid isPermaLink="true">{link}</guid>'
        f"<dc:creator>Camille Martin</dc:creator><category>{title.split()[0]}</category>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate><description>{summary}</description>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded></item>\n"
        for title, link, summary, content, at in articles
    ]
    return [head, *items, "</channel></rss>"]


def _atom(number: int, articles: list[tuple[str, str, str, str, datetime]]) -> list[str]:
    head = (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">'
        f"<title>Journal {number}</title><id>https://{host_of(number)}/</id>"
        f'<link rel="alternate" href="https://{host_of(number)}/"/>'
    )
    entries = [
        f'<entry><title>{title}</title><id>{link}</id><link rel="alternate" href="{link}"/>'
        f"<author><name>Camille Martin</name></author><published>{at:%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<updated>{at:%Y-%m-%dT%H:%M:%SZ}</updated><summary>{summary}</summary>"
        f'<content type="html">{escape(content, quote=False)}</content></entry>\n'
        for title, link, summary, content, at in articles
    ]
    return [head, *entries, "</feed>"]
