"""A client's subjects, out of its mentions and of what was decided by hand."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import CUTOFF, a_document, a_mention
from vigie.domain.mentions import Mention
from vigie.domain.subjects.build import Subject, subjects_of
from vigie.domain.subjects.decisions import SubjectDecision
from vigie.domain.subjects.frequencies import Frequencies

NOTHING = Frequencies()
AGENCIES = [
    (
        "La Banque d'Armélie va fermer trois guichets dans le Vaurel",
        "Courbefosse, Ambrazac et Camparol perdront leur guichet avant l'été.",
    ),
    (
        "Trois villages du Vaurel perdent leur agence bancaire",
        "La fermeture des guichets d'Ambrazac et de Camparol inquiète les maires, qui veulent un rendez-vous.",
    ),
]
OUTAGE = [
    (
        "Banque d'Armélie : l'application mobile en panne depuis jeudi soir",
        "Des clients n'ont plus accès à leurs comptes et des prélèvements sont passés en double.",
    ),
    (
        "Panne à la Banque d'Armélie : des prélèvements en double",
        "Comptes inaccessibles, application muette : la panne dure depuis jeudi.",
    ),
]
ENGLISH = [
    (
        "Vaurel mill fire: forty workers evacuated at Larbeuil",
        "Flames tore through the Tessandier paper mill on Monday night; nobody was hurt.",
    ),
    (
        "Blaze at Tessandier's Larbeuil mill forces evacuation",
        "Firefighters fought flames at the paper mill for six hours.",
    ),
]


def told(texts: list[tuple[str, str]], hours: float = 0.0, **fields: Any) -> list[Mention]:
    """Return a mention of each text, a story each, an hour apart."""
    at = CUTOFF - timedelta(hours=30 - hours)
    return [
        a_mention(
            a_document(
                title,
                summary=summary,
                published_at=at + timedelta(hours=number),
                seen_at=at + timedelta(hours=number),
                **fields,
            )
        )
        for number, (title, summary) in enumerate(texts)
    ]


def titles(mentions: list[Mention], subjects: list[Subject]) -> list[set[str]]:
    """Return the titles of each subject."""
    named = {mention.story.story_id: mention.document.title for mention in mentions}
    return [{named[story_id] for story_id in subject.stories} for subject in subjects]


def test_one_event_by_two_writers_is_one_subject() -> None:
    """Articles on one closure join, those on an outage of the same company that day join, and the two stay apart."""
    mentions = [*told(AGENCIES), *told(OUTAGE, hours=1)]
    found = titles(mentions, subjects_of(mentions, NOTHING))
    assert found == [{title for title, _ in AGENCIES}, {title for title, _ in OUTAGE}]


def test_english_events_join_too() -> None:
    """Two English articles on one fire are one subject, beside a French event."""
    mentions = [*told(ENGLISH, language="en"), *told(AGENCIES)]
    assert sorted(len(subject.stories) for subject in subjects_of(mentions, NOTHING)) == [2, 2]


def test_two_matches_of_one_template_stay_apart() -> None:
    """Two results written alike with other scores on one day are two subjects, as two weather bulletins are."""
    matches = [
        (
            f"Football : l'Avenir d'Auzelle bat {rival} {score}",
            f"Devant {crowd} spectateurs, l'Avenir d'Auzelle a battu {rival} ({score}) sans trembler.",
        )
        for rival, score, crowd in [("Rocavel", "3-1", 2400), ("Combelas", "2-0", 1450)]
    ]
    weather = [
        (
            f"Météo : {sky} ce mardi",
            f"Il fera {low} degrés à Montbrac et {high} degrés à Auzelle, vent de nord.",
        )
        for sky, low, high in [("grand soleil", 3, 14), ("pluie et vent", 8, 11)]
    ]
    assert len(subjects_of(told(matches), NOTHING)) == 2
    assert len(subjects_of(told(weather), NOTHING)) == 2


def test_what_comes_weeks_later_is_another_event() -> None:
    """The same words after the subject has ended open another."""
    late = [
        ("Vaurel : trois guichets de la Banque d'Armélie vont fermer", "Ambrazac et Camparol sont concernés.")
    ]
    mentions = [*told(AGENCIES, hours=-24 * 20), *told(late)]
    assert len(subjects_of(mentions, NOTHING)) == 2


@settings(max_examples=25, deadline=None)
@given(st.permutations([*told(AGENCIES), *told(OUTAGE, hours=1), *told(ENGLISH, hours=2)]))
def test_order_of_recording_changes_nothing(mentions: list[Mention]) -> None:
    """Mentions in any order give the same subjects, ids and headlines."""
    expected = subjects_of([*told(AGENCIES), *told(OUTAGE, hours=1), *told(ENGLISH, hours=2)], NOTHING)
    assert subjects_of(mentions, NOTHING) == expected


def test_a_subject_keeps_its_id_as_it_grows() -> None:
    """The id is the earliest story's, and the one it was known by once that story is out of sight."""
    first, second = told(AGENCIES)
    (subject,) = subjects_of([first, second], NOTHING)
    assert subject.subject_id == first.story.story_id
    (later,) = subjects_of([second], NOTHING, known={second.story.story_id: subject.subject_id})
    assert later.subject_id == subject.subject_id


def test_a_calm_headline_of_a_good_outlet_names_the_subject() -> None:
    """Of like stories, neither the one in capitals nor a blog's names the subject."""
    loud = ("PANNE GÉANTE À LA BANQUE D'ARMÉLIE : LES PRÉLÈVEMENTS EN DOUBLE !", OUTAGE[1][1])
    mentions = [
        *told([loud], outlet_tier="blog"),
        *told(OUTAGE, hours=1, outlet_tier="regional"),
    ]
    (subject,) = subjects_of(mentions, NOTHING)
    named = {mention.story.story_id: mention.document.title for mention in mentions}
    assert named[subject.headline_story(subject.stories)] in {title for title, _ in OUTAGE}


def test_decisions_by_hand_stand_over_later_stories() -> None:
    """What was split off stays out, and what was merged stays together, when the subject has grown."""
    first, second = told(AGENCIES)
    other = told(OUTAGE[:1])[0]
    ids = [mention.story.story_id for mention in (first, second, other)]

    def decided(kind: Any, one: str, with_: str, minute: int) -> SubjectDecision:
        return SubjectDecision(
            client_id="banque-armelie",
            decision_id=str(minute),
            kind=kind,
            one=(one,),
            other=(with_,),
            decided_at=CUTOFF + timedelta(minutes=minute),
            decided_by="ops",
        )

    decisions = [decided("split", ids[1], ids[0], 1), decided("merge", ids[2], ids[0], 2)]
    grown = [first, second, other, *told(OUTAGE[1:], hours=3)]
    found = [set(subject.stories) for subject in subjects_of(grown, NOTHING, decisions)]
    assert {ids[1]} in found
    assert any({ids[0], ids[2]} <= subject for subject in found)
    undone = [*decisions, decided("merge", ids[1], ids[0], 3)]
    assert any(set(ids) <= set(subject.stories) for subject in subjects_of(grown, NOTHING, undone))
