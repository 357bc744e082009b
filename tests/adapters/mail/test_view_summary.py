"""The sentences above the subjects: what is compared, what is named, what an alert and a question say."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.adapters.mail.digests import (
    NAME,
    busy_day,
    digest_of,
    english_day,
    past,
    quiet_day,
    story,
    yesterday,
)
from tests.adapters.mail.more_days import OUTAGE, crisis_day, links_of, week, weekend
from tests.builders import CUTOFF, a_document, a_mention
from vigie.adapters.mail.render import MailRenderer
from vigie.adapters.mail.view import DigestView, Shown, view_of
from vigie.adapters.mail.view_summary import PREHEADER_CHARACTERS
from vigie.domain.digest import Corrected, Digest
from vigie.domain.digest_blocks import Ask, ToldAlerts
from vigie.domain.rhythms import OPENING

ROOMY = Shown(8, 24)


def view(digest: Digest) -> DigestView:
    """Return a digest's view on a stack with a site."""
    return view_of(digest, links_of(digest), ROOMY)


def plain(text: str) -> str:
    """Return a text with plain spaces."""
    return re.sub(r"\s+", " ", text)


def said(digest: Digest) -> str:
    """Return the essential, with plain spaces."""
    return plain(" ".join(view(digest).essential))


def few(**changes: Any) -> Digest:
    """Return a day of two mentions."""
    return digest_of([a_mention(), a_mention(a_document("Neige"))], **changes)


def test_first_week_has_no_mean() -> None:
    """With no Tuesday behind it no mean is told, nor compared with; with one, that Tuesday is."""
    first = view(few(previous=yesterday(4), past=past()[:6]))
    assert plain(first.essential[0]) == "2 retombées (4 la veille), 2 sujets."
    assert plain(first.comparison) == "−50 % par rapport à la veille · Moyenne en cours d'apprentissage"
    second = view(few(previous=yesterday(4), past=past()[:7]))
    assert plain(second.essential[0]) == "2 retombées (4 la veille ; mardi dernier : 24), 2 sujets."


def test_mean_comes_before_the_day_before() -> None:
    """The subject compares with the mean of Tuesdays once there is one: a Monday after a Sunday misleads."""
    assert (
        plain(view(few(previous=yesterday(1), past=past())).subject) == f"Veille {NAME} – 2 retombées, −92 %"
    )
    assert plain(view(few(previous=yesterday(1))).subject) == f"Veille {NAME} – 2 retombées, +100 %"


def test_many_times_as_many_is_not_told_in_percent() -> None:
    """Thirty after one is a number beside another, not +2 900 %."""
    many = digest_of([a_mention(a_document(f"Sujet {n}")) for n in range(30)], previous=yesterday(1))
    assert plain(view(many).subject) == f"Veille {NAME} – 30 retombées"


def test_week_is_compared_with_weeks() -> None:
    """A weekly digest is of the week, beside the week before and the mean of weeks."""
    told = view(week())
    assert plain(told.subject) == f"Veille de la semaine {NAME} – 30 retombées, −25 %"
    assert plain(told.essential[0]).startswith(
        "30 retombées (40 la semaine précédente ; moyenne des semaines : 40)"
    )
    assert told.labels["subjects"] == "Les sujets de la semaine"
    assert plain(told.period) == "Du mardi 1er décembre à 7 h 15 au mardi 8 décembre à 7 h 15"


def test_weekend_is_told_since_its_first_day() -> None:
    """What closes on Monday since Friday names both days with their month, and its subjects are since Friday."""
    told = view(weekend())
    assert plain(told.period) == "Du vendredi 4 décembre à 7 h 15 au lundi 7 décembre à 7 h 15"
    assert told.labels["subjects"] == "Les sujets depuis vendredi"


def test_essential_names_the_subjects_that_make_the_volume() -> None:
    """The fewest subjects that make half of it are named by rank, with where most of that came out."""
    mentions = [
        *story("Fermeture", "negative", 5, outlet_tier="regional"),
        *(one for number in range(6) for one in story(f"Autre {number}", "neutral", 0)),
    ]
    regional = [replace(one, document=replace(one.document, outlet_tier="regional")) for one in mentions]
    assert "Le sujet 1 fait à lui seul 50 % du volume, surtout en presse régionale." in said(
        digest_of(regional)
    )


def test_spread_volume_is_said_to_be() -> None:
    """When it takes more than three subjects to make half, none is named."""
    told = said(digest_of([a_mention(a_document(f"Sujet {number}")) for number in range(10)]))
    assert "Le volume est dispersé : aucun sujet n'en fait plus de 10 %." in told


def test_essential_counts_what_goes_on() -> None:
    """Subjects that the digest before told of are counted as going on."""
    before = yesterday(3)
    again = a_mention(a_document("Hier encore"), story=before.subjects[0].story_id)
    told = said(digest_of([again, a_mention(a_document("Neuf"))], previous=before))
    assert "1 sujet déjà là à l'envoi précédent" in told


def test_preheader_differs_from_the_subject_and_fits() -> None:
    """An inbox shows other words than the subject's, 110 characters at most; an alert comes first."""
    for digest in (busy_day(), english_day(), crisis_day()):
        told = view(digest)
        assert told.preheader not in told.subject
        assert len(told.preheader) <= PREHEADER_CHARACTERS
    assert view(crisis_day()).preheader.startswith("Panne de l'application.")


def test_alerts_say_their_state_and_hours() -> None:
    """An open alert comes first; a closed one tells when it was opened, by whom taken, and closed."""
    open_one, closed = view(crisis_day()).alerts
    assert (open_one.is_open, open_one.state, plain(open_one.hours)) == (
        True,
        "Alerte en cours",
        "ouverte mar. 5 h 55.",
    )
    assert (
        plain(closed.hours)
        == "ouverte lun. 18 h 05, prise en charge 18 h 12 (Service communication), close 23 h."
    )
    assert plain(view(crisis_day()).subject).endswith("+21 % · 1 alerte en cours · 1 alerte close")


def test_alert_is_told_on_a_quiet_day_too() -> None:
    """A day without a mention still shows its alert, in the mail's subject and in both parts."""
    digest = quiet_day(alerts=ToldAlerts((OUTAGE,)))
    mail = MailRenderer()(digest, None)
    assert plain(mail.subject) == f"Veille {NAME} – rien à signaler · 1 alerte close"
    assert "Alerte close" in mail.html
    assert "ALERTE CLOSE" in mail.text


def test_questions_name_no_person() -> None:
    """A question on a personal account is told by its platform; the sixth is counted."""
    ask = Ask(
        kind="need",
        story_id="s",
        source_name="Bluesky",
        url="https://bsky.example/1",
        published_at=CUTOFF - timedelta(hours=12),
        words="Quelle banque pour reprendre une ferme ?",
        is_personal=True,
        is_answered=False,
    )
    told = view(replace(busy_day(), asks=(ask,) * 6))
    assert plain(told.asks[0].origin) == "Besoin exprimé · Bluesky, compte personnel, lun. 19 h 15"
    assert (len(told.asks), told.asks_more, told.labels["asks"]) == (5, "et 1 autre", "À traiter (6)")


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("120", "12", "Corrigé par Le Courrier, mar. 7 h 05 : « 120 » devient « 12 »"),
        ("", "selon le parquet", "Corrigé par Le Courrier, mar. 7 h 05 : ajoute « selon le parquet »"),
        ("mis en examen", "", "Corrigé par Le Courrier, mar. 7 h 05 : retire « mis en examen »"),
    ],
)
def test_corrections_and_agencies_stand_on_the_card(before: str, after: str, note: str) -> None:
    """A card credits the agency and says what its page corrected."""
    day = busy_day()
    corrected = Corrected(
        source_name="Le Courrier", seen_at=CUTOFF - timedelta(minutes=10), before=before, after=after
    )
    card = replace(day.subjects[0], agencies=("AFP",), corrections=(corrected,))
    notes = view(replace(day, subjects=(card, *day.subjects[1:]))).cards[0].notes
    assert [plain(each) for each in notes] == ["Crédit : AFP", note]


def test_subscribers_only_is_marked() -> None:
    """What says that it is closed is marked so beside its outlet."""
    day = digest_of([a_mention(a_document("[Abonnés] Trois guichets"))])
    assert plain(view(day).cards[0].origin) == "Le Courrier d'Armélie, mar. 5 h 58 [abonnés]"


def test_week_has_a_bar_a_day_and_blocks() -> None:
    """Seven days with figures, the last one marked; a dash where no digest closed."""
    told = view(busy_day(past=past()[:3])).week
    assert told is not None
    assert [bar.figure for bar in told.bars] == ["–", "–", "–", "12", "18", "21", "29"]
    assert told.blocks == "–––▄▅▆█"
    assert [bar.is_last for bar in told.bars] == [False] * 6 + [True]
    assert view(few()).week is None


def test_links_are_the_recipients_own() -> None:
    """Two recipients of one digest read the same words, each with links of their own; without a site none."""
    digest, render = busy_day(), MailRenderer()
    one, other = (
        render(digest, links_of(digest, email))
        for email in ("a@client.example", "someone.else@client.example")
    )
    found = [set(re.findall(r'https://abcdefghij[^"\s<]+', mail.html + mail.text)) for mail in (one, other)]
    assert len(found[0]) == len(found[1]) == 8 * 3 + 4
    assert found[0] & found[1] == set()
    assert links_of(digest, "a@client.example").unsubscribe in found[0]
    assert "place.invalid" not in one.html + one.text + other.html + other.text
    without = render(digest, None)
    assert not re.search(
        r"abcdefghij|place\.invalid|Pas pertinent|Se désinscrire", without.html + without.text
    )


def test_a_slow_rise_is_told_in_the_essential() -> None:
    """No alert ever says that more is said day by day: the digest does, in one sentence, and only then."""
    told = "un peu plus chaque jour"
    assert told not in said(busy_day())
    assert said(busy_day(alerts=ToldAlerts(is_rising=True))).count(told) == 1


def test_the_first_digest_of_a_sign_up_says_that_it_looks_back() -> None:
    """Of thirty days, not of the minutes since the form was sent; it compares nothing."""
    day = few()
    shown = view(replace(day, digest_id=f"{day.digest_id}-{OPENING}"))
    assert plain(shown.period) == "Ce qui s'est dit de vous ces trente derniers jours"
    assert shown.labels["subjects"] == "Les sujets"
    assert plain(shown.subject).startswith(f"Première veille {NAME}")
    assert shown.comparison == ""
    quiet = quiet_day()
    told = view(replace(quiet, digest_id=f"{quiet.digest_id}-{OPENING}")).quiet[0]
    assert plain(told).startswith("Aucune retombée ces trente derniers jours.")
