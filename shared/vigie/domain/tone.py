"""Tone: how a text is written, whatever the facts; a small lexicon, French and English, that shows its words.

A first version behind the final interface (``Label`` with confidence and evidence): it counts tone words, turns
those that a negation governs, and abstains ("to verify") when both sides speak about as loudly.
"""

import re
import unicodedata

from vigie.domain.documents import Document
from vigie.domain.mentions import Clue, Label

_NEGATIVE = frozenset(
    """
    accident accusation accuse accusee accuses alarmant alarmante aggrave aggravation amende
    angoisse arnaque arnaques abandon abandonne brutal brutale catastrophe catastrophique chute
    colere condamne condamnee condamnation consternation contestation controverse couac crainte
    craintes crise critique critiques danger dangereux dangereuse defaillance defaillances defaut
    deficit degradation delit denonce denoncent denonciation deplore deplorent desastre desastreux
    desarroi deception decu decue decus detresse difficultes dysfonctionnement dysfonctionnements
    echec effondrement enquete erreur erreurs excedes explosion faillite fiasco fraude fraudes
    fermeture fermetures fuite furieux furieuse grogne greve honte honteux illegal illegale incendie
    indignation indigne indignes inquiet inquiete inquietude inquietudes inquietant inquietante
    intoxication licenciement licenciements litige malaise manquement manquements mecontent
    mecontents mecontentement mediocre menace menaces mensonge mepris panne pannes penalite penurie
    perquisition perte pertes peur piratage piratee pire plainte plaintes polemique poursuivi
    poursuites probleme problemes protestation ras-le-bol rappel recul rejet retard retards revolte
    scandale scandaleux sanction sanctionne sanctions suppression suppressions tension tensions
    tollee tolle trahison tragedie tragique victime victimes abuse accused anger angry
    arrested awful bad bankrupt bankruptcy betrayal breach collapse complaint complaints concern
    concerns controversy crash criminal crisis criticised criticism criticized damage dangerous
    death debt decline defect delay delays disappointed disappointing disaster fail failed fails
    failure failures fear fears fined flaw fraud furious guilty hack hacked hate illegal
    lawsuit leak loss losses lost outage outrage poor problem problems protest recall scam
    scandal shame strike terrible threat threatens tragedy trouble unsafe victim victims violation
    warning worst wrong
    """.split()  # noqa: SIM905 - a list of words reads as words
)
_POSITIVE = frozenset(
    """
    acclame admirable aide ameliore amelioration applaudi applaudie apprecie appreciee atout avancee
    belle benefice benefices bienvenu bienvenue bravo brillant brillante celebre celebration
    chaleureux chaleureuse champion championne champions conforte croissance distingue distinguee
    distinction dynamique efficace elan eloge eloges embauche embauches encourageant encourageante
    enchante enthousiasme enthousiaste excellence excellent excellente exceptionnel exceptionnelle
    exemplaire exploit facilite felicite felicitations festif fete fier fiere fiers fierte
    formidable gagne gagnant gain generosite heureux heureuse honneur hommage inaugure inauguration
    ingenieux innovant innovante innovation joie laureat laureate laureats magnifique meilleur
    meilleure merci mobilise performance plaisir plebiscite pionnier prestigieux progres
    progresse prometteur prometteuse prospere qualite ravi ravie record recompense recompensee
    recompenses remarquable remporte reussi reussie reussite reussites salue saluee salues
    satisfaction satisfait satisfaits soutien soutient soulagement splendide solidaire solidarite
    sourire succes superbe talent talents triomphe triomphal vainqueur victoire victorieux
    achievement admired amazing award awarded awards beautiful benefit benefits best boost
    breakthrough celebrate celebrated celebrates champion charity delight delighted excellent
    excited fantastic gain gains generous good great growth happy honour honoured honored improve
    improved improves innovative joy love loved outstanding pleased praise praised prize profit
    profits progress proud record recovery rescued reward safe strong success successful superb
    support thank thanks triumph welcome welcomed win winner winning wins wonderful
    """.split()  # noqa: SIM905
)
_NEGATIONS = frozenset(
    "ne n pas jamais aucun aucune sans ni non not no never without neither nor cannot".split()  # noqa: SIM905
)
_NEGATION_REACH_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CLAUSE_END = re.compile(r"[.,;:!?…\n()«»“”\"]|\s[-–—]\s")  # a negation governs its own clause
_CONTRACTED_NOT = re.compile(r"n['’]t\b", re.IGNORECASE)
_TITLE_WEIGHT = 2


def tone_of(document: Document) -> Label:
    """Return ``negative``, ``neutral`` or ``positive``; it abstains when the signs contradict each other.

    A word of the title counts twice. Confidence grows with the margin and never reaches 1.
    """
    votes: dict[str, list[str]] = {"negative": [], "positive": []}
    for text, weight in ((document.title, _TITLE_WEIGHT), (document.summary or document.body, 1)):
        for side, word in _votes(text):
            votes[side].extend([word] * weight)
    negative, positive = len(votes["negative"]), len(votes["positive"])
    if not negative and not positive:
        return Label("neutral", 0.6)
    side = "negative" if negative >= positive else "positive"
    margin = abs(negative - positive) / (negative + positive)
    if margin < 0.34:
        shown = _shown(votes["negative"]) + _shown(votes["positive"])
        return Label(side, round(0.5 - margin / 2, 2), shown, abstained=True)
    return Label(side, round(min(0.5 + 0.15 * abs(negative - positive), 0.9), 2), _shown(votes[side]))


def _shown(words: list[str]) -> tuple[Clue, ...]:
    return tuple(Clue(f"word:{word}", word) for word in list(dict.fromkeys(words))[:5])


def _votes(text: str) -> list[tuple[str, str]]:
    clauses = _CLAUSE_END.split(_CONTRACTED_NOT.sub(" not", text))
    return [vote for clause in clauses for vote in _votes_of_clause(clause)]


def _votes_of_clause(clause: str) -> list[tuple[str, str]]:
    words = [_fold(word) for word in _WORD.findall(clause)]
    found = []
    for place, word in enumerate(words):
        side = "negative" if word in _NEGATIVE else "positive" if word in _POSITIVE else None
        if side is None:
            continue
        if _NEGATIONS.intersection(words[max(0, place - _NEGATION_REACH_WORDS) : place]):
            side = "positive" if side == "negative" else "negative"
        found.append((side, word))
    return found


def _fold(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
