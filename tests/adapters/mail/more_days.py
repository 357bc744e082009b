"""More digests for the mail tests: a crisis, two hundred subjects, a week-end, a week; and a recipient's links."""

from dataclasses import replace
from datetime import timedelta

from tests.adapters.mail.digests import NAME, busy_day, digest_of, past, story, yesterday
from tests.builders import CUTOFF, a_document, a_mention
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest, ReviewedBy
from vigie.domain.digest_blocks import AlertBand, ToldAlerts
from vigie.domain.site_links import DigestLinks

EVENING = CUTOFF - timedelta(hours=13, minutes=10)  # 18:05 in Paris
OUTAGE = AlertBand(
    alert_id="a1",
    title="Panne de l'application",
    opened_at=EVENING,
    acknowledged_at=EVENING + timedelta(minutes=7),
    acknowledged_by="Service communication",
    closed_at=EVENING + timedelta(hours=4, minutes=55),
)


def links_of(digest: Digest, recipient: str = "veille@banque-armelie.example") -> DigestLinks:
    """Return a recipient's links on a site of the usual length."""
    return DigestLinks(
        site_url="https://abcdefghij.execute-api.eu-west-3.amazonaws.com",
        secret="s" * 32,
        client_id=digest.client_id,
        digest_id=digest.digest_id,
        recipient=recipient,
        now=CUTOFF,
    )


def crisis_day() -> Digest:
    """Return the busy day with one alert open and another closed, looked over by the reviewer."""
    opened = CUTOFF - timedelta(hours=1, minutes=20)
    fraud = AlertBand(
        alert_id="a2", title="Faux conseillers : des clients se disent victimes", opened_at=opened
    )
    review = ReviewedBy(
        by="agence@veille.example", at=CUTOFF, note="Sujet 1 : reprises possibles en radio locale ce matin."
    )
    return replace(busy_day(alerts=ToldAlerts((OUTAGE, fraud))), review=review)


def crowded_day(subjects: int = 200) -> Digest:
    """Return a day of many subjects, of three publications each."""
    mentions = [
        mention
        for number in range(subjects)
        for mention in story(
            f"{number + 1}. La {NAME} au conseil municipal : un vote, des questions, un report",
            ("negative", "neutral", "positive")[number % 3],
            2,
            sentence=f"En fin de séance, la {NAME} a répondu aux élus qui demandaient un calendrier.",
        )
    ]
    return digest_of(mentions, previous=yesterday(21), past=past())


def weekend() -> Digest:
    """Return a digest that closes on a Monday what opened on the Friday before."""
    until = CUTOFF - timedelta(days=1)
    interval = Interval(until - timedelta(days=3), until)
    return digest_of([a_mention(), a_mention(a_document("Neige"))], interval=interval)


def week(**changes: object) -> Digest:
    """Return a weekly digest, with four weeks behind it."""
    length = timedelta(days=7)
    weeks = [Interval(CUTOFF - length * (back + 1), CUTOFF - length * back) for back in range(5)]
    last = replace(yesterday(40), interval=weeks[1])
    known = [(interval, 40) for interval in weeks[1:]]
    return digest_of(
        [a_mention(a_document(f"Sujet {number}")) for number in range(30)],
        **{"interval": weeks[0], "previous": last, "past": known, **changes},
    )
