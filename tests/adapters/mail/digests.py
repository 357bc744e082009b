"""Digests as the mail tests need them: a busy day, a quiet one, an English client, hostile titles."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import (
    A_DAY,
    CUTOFF,
    a_client,
    a_document,
    a_hit,
    a_mention,
    a_source,
    a_state,
    a_watch,
    reprints_of,
)
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest
from vigie.domain.digest_build import build_digest
from vigie.domain.ledger import Evaluated, close_interval
from vigie.domain.mentions import Mention
from vigie.domain.sources import Odometer

NAME = "Banque d'Armélie"
RIVALS = [("vaurel", "Crédit du Vaurel", 25), ("gaves", "Union des Gaves", 13)]
GAZETTES = [
    "La Gazette du Vaurel",
    "Radio Gaves",
    "Le Matin des Régions",
    "L'Écho des Gaves",
    "Ouest-Armélie",
]
LEAD = "Le conseil municipal en a débattu jeudi soir devant une salle comble. "


def digest_of(mentions: Sequence[Mention], **changes: Any) -> Digest:
    """Build the bank's digest out of these mentions, with 612 sources of which a few are in trouble."""
    sources = [a_source(f"s{number}", name=f"Feuille {number}") for number in range(612)]
    sources[0] = replace(sources[0], name="L'Écho des Gaves")
    states = {source.source_id: a_state(source.source_id) for source in sources}
    for number, source in enumerate(sources[:8]):
        since = CUTOFF - timedelta(hours=3, minutes=number * 7 + 5)
        fields = (
            {"failures": 4, "failing_since": since, "failure": "HTTP 500"}
            if number < 3
            else {"polled_at": since}
        )
        states[source.source_id] = a_state(source.source_id, **fields)
    ledger = close_interval(
        polls=Odometer(polled=58_752, fetched=3_120, failed={"timeout": 200, "http_500": 14}),
        evaluated=[Evaluated(3_120, 2)],
        matched=len(mentions),
        mentions=mentions,
        carried_in=0,
    )
    arguments: dict[str, Any] = {
        "client": a_client(),
        "watches": [a_watch(), *(a_watch(key, purpose="competitor", name=name) for key, name, _ in RIVALS)],
        "interval": A_DAY,
        "mentions": mentions,
        "ledger": ledger,
        "polls_reading": Odometer(),
        "sources": sources,
        "states": states,
        "previous": None,
        "next_send_at": CUTOFF + timedelta(days=1, minutes=15),
        "now": CUTOFF + timedelta(minutes=1),
        "late_after_seconds": 1800,
    }
    return build_digest(**{**arguments, **changes})


def story(
    title: str,
    tone: str,
    outlets: int,
    *,
    sentence: str = "",
    name: str = NAME,
    assessed: tuple[str, str] | None = None,
    **fields: Any,
) -> list[Mention]:
    """Return a story the brand watch found, carried by the Courrier and ``outlets`` more."""
    document = a_document(title, body=LEAD + sentence if sentence else "", **fields)
    first = a_mention(
        document, tone=tone, hits=(a_hit(document, name, watch_name="Marque"),), assessed=assessed
    )
    names = [*GAZETTES, *(f"Le Journal de la vallée {number}" for number in range(20))][:outlets]
    return [first, *reprints_of(first, names)]


def rivals() -> list[Mention]:
    """Return what only the competitors' watches found."""
    mentions = []
    for key, name, count in RIVALS:
        for number in range(count):
            document = a_document(f"{name} : dépêche {number}")
            hit = a_hit(document, name, purpose="competitor", watch_id=key, watch_name=name)
            mentions.append(a_mention(document, hits=(hit,)))
    return mentions


def past(*, weeks: int = 4) -> list[tuple[Interval, int]]:
    """Return the digests of the days before: 24 mentions on Tuesdays on average, fewer at week-ends."""
    days = [21, 18, 12, 9, 25, 30, 24] * weeks
    return [
        (Interval(A_DAY.since - timedelta(days=back), A_DAY.until - timedelta(days=back)), count)
        for back, count in enumerate(days, 1)
    ]


def yesterday(count: int, **changes: Any) -> Digest:
    """Return the digest of the day before, with ``count`` mentions."""
    interval = Interval(A_DAY.since - timedelta(days=1), A_DAY.since)
    mentions = [a_mention(a_document(f"Hier {number}")) for number in range(count)]
    return digest_of(mentions, interval=interval, **changes)


def busy_day(**changes: Any) -> Digest:
    """Return a day of nine subjects and more, with comparisons, questions, and things held back."""
    social = {"platform": "bluesky", "type": "post", "source_name": "Bluesky", "host": "bsky.example"}
    forum = {
        "platform": "forum",
        "type": "post",
        "source_name": "Forum Vaurel-Habitat",
        "host": "forum.example",
    }
    held = [
        a_mention(a_document(f"Même page {number}"), status="held", held_reason="same_address")
        for number in range(7)
    ]
    mentions = [
        *story(
            f"Trois guichets de la {NAME} vont fermer dans le Vaurel",
            "negative",
            11,
            sentence=f"En fin de séance, la {NAME} confirme le calendrier aux élus, qui demandent un an de sursis.",
            outlet_tier="regional",
            assessed=("main", "unfavourable"),
        ),
        *story(
            "Panne de l'application mobile : des prélèvements en double",
            "negative",
            2,
            outlet_tier="national",
            sentence=f"La {NAME} promet un remboursement sous quarante-huit heures à tous les clients touchés.",
        ),
        *story(f"Encore une panne, merci la {NAME}…", "negative", 0, **social),
        *story(
            f"{NAME} : mon agence ferme",
            "neutral",
            0,
            sentence=f"La {NAME} ferme mon agence. Que devient mon coffre, et qui prévient les voisins ?",
            **forum,
        ),
        *story(
            f"Prix du mécénat : la Fondation de la {NAME} récompensée", "positive", 2, outlet_tier="trade"
        ),
        *story(
            "Observatoire du logement : les taux remontent",
            "neutral",
            0,
            outlet_tier="national",
            assessed=("passing", "neutral"),
            sentence=f"(AFP) Les courtiers citent aussi la {NAME} parmi les établissements les plus prudents.",
        ),
        *story(f"La {NAME} et l'immobilier : un dossier à tiroirs", "abstained", 1),
        *(
            mention
            for number in range(6)
            for mention in story(f"Agenda du bourg {number} : la {NAME} partenaire", "neutral", 0)
        ),
        *held,
        *rivals(),
    ]
    return digest_of(mentions, **{"previous": yesterday(21), "past": past(), **changes})


def quiet_day(**changes: Any) -> Digest:
    """Return a day without a mention of the client."""
    return digest_of([], **{"previous": yesterday(3), "past": past(), **changes})


def english_day() -> Digest:
    """Return a day of a client who reads English."""
    name = "Armélie Bank"
    client = a_client(client_id="armelie-bank", name=name, locale="en", zone="Europe/London")
    mentions = [
        *story(
            f"{name} shuts three rural branches as councillors protest",
            "negative",
            5,
            name=name,
            sentence=f"Late in the evening {name} confirmed the calendar and offered a mobile branch on Fridays.",
            outlet_tier="national",
        ),
        *story(
            f"{name} Foundation wins regional patronage prize", "positive", 1, name=name, outlet_tier="trade"
        ),
        *story(
            "Housing survey: rates edge up again",
            "neutral",
            0,
            name=name,
            sentence=f"Brokers also name {name} among the most cautious lenders of the region this quarter.",
        ),
        *rivals()[:5],
    ]
    return digest_of(mentions, client=client, previous=yesterday(9), past=past())


HOSTILE_TITLES = [
    "<script>alert('vigie')</script><img src=x onerror=alert(1)>",
    "\u202eEVIL\u202c \u2066reversed\u2069 عنوان عربي طويل",
    "A" * 500,
    "mot " * 200,
    "</mj-text></mj-column><mj-raw><b>out</b></mj-raw>",
    "{{ 7*7 }} {% raw %} ${jndi} &lt;b&gt; &amp; \" ' `",
    "ligne\r\nBcc: x@y.example\x00\x1b[31m\u2028fin",
    "Z" + "\u0301" * 300,
    "   ",
    "]]> <!-- --> <![CDATA[ <style>*{display:none}</style>",
]
HOSTILE_URLS = [
    "javascript:alert(1)",
    "data:text/html,x",
    "https://bank.example@evil.example/",
    "//evil.example/",
    'https://ok.example/"onmouseover="alert(1)',
    "https://ok.example/a b",
]


def hostile_day() -> Digest:
    """Return a day whose titles and addresses are all attempts at something."""
    mentions = []
    for number, title in enumerate(HOSTILE_TITLES):
        document = a_document(
            title,
            document_id=f"h{number}",
            url=HOSTILE_URLS[number % len(HOSTILE_URLS)],
            source_name=title,
            body=LEAD + title,
        )
        mentions.append(
            a_mention(document, tone="negative", hits=(a_hit(document, title[:30], watch_name=title),))
        )
    return digest_of(mentions)


def huge_day(stories: int = 400) -> Digest:
    """Return a day of long titles and long addresses, many times over."""
    mentions = []
    for number in range(stories):
        first = a_mention(
            a_document(
                f"{number} {'Événement régional à la une, où tout est accentué é ' * 9}",
                document_id=f"n{number}",
                url=f"https://long.example/{number}?{'é=&' * 400}",
            )
        )
        mentions += [first, *reprints_of(first, GAZETTES)]
    return digest_of(mentions)
