"""Which language most of a text is written in: function words, telling letters and scripts, no model.

A function word votes for the languages that use it, one vote shared between them, so that ``de`` says little
and ``however`` says much. Made to be honest on short titles: what cannot be told is ``und``.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

UNKNOWN: Final = "und"

FUNCTION_WORDS: Final = {
    "fr": """
        le la les un une des du de d au aux à a et ou où mais donc car ni ne pas plus non oui je j
        tu il elle on nous vous ils elles me m te se s lui leur leurs y en son sa ses mon ma mes ton
        ta tes notre nos votre vos ce c cet cette ces cela ça qui que qu quoi dont quand comment
        pourquoi comme si dans sur sous avec sans pour par chez vers entre depuis pendant avant
        après contre selon malgré dès est sont était étaient être été ai as ont avait avaient avoir
        eu fait faire peut peuvent doit sera seront serait n l aussi encore déjà toujours jamais
        très trop peu moins tout tous toute toutes même autre autres ici là alors ainsi face afin
        lors jusqu aujourd hui hier demain chaque plusieurs quelques aucun aucune voici voilà deux
        trois quatre cinq six sept huit neuf dix premier première mille millions lundi mardi
        mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août
        septembre octobre novembre décembre an ans jour jours
    """,
    "en": """
        the a an and or but nor so if of to in on at by for from with without into over under after
        before between about against during through is are was were be been being am has have had do
        does did not no yes will would can could should may might must i you he she it we they me
        him her us them my your his its our their this that these those who whom which what when
        where why how as than then there here also still already just only more most less very too
        much many some any each every all both other another such own same while because however
        says said new up out off amid ahead vs don isn t s ll re ve despite per until since one two
        three four five six seven eight nine ten first monday tuesday wednesday thursday friday
        saturday sunday january february march april june july august september october november
        december year years day days
    """,
    "de": """
        der die das den dem des ein eine einen einem einer eines und oder aber denn doch sondern
        wenn weil dass ob als wie nicht kein keine keinen nein ja ich du er sie es wir ihr ihn ihm
        uns euch sich mein dein sein seine seinen seiner ihre ihren ihrer unser dieser diese dieses
        diesen jeder jede wer was wo wann warum im in ins am an auf aus bei beim mit nach von vom
        vor zu zum zur über unter zwischen durch für gegen ohne um seit bis ist sind war waren wird
        werden wurde wurden hat haben hatte hatten kann können soll sollen muss müssen will auch
        noch schon nur sehr mehr weniger immer wieder hier dort dann nun so alle alles viele andere
        neue neuen man zwei drei vier fünf sechs sieben acht neun zehn erste montag dienstag
        mittwoch donnerstag freitag samstag sonntag januar februar märz april mai juni juli august
        september oktober november dezember jahr jahre tag tage
    """,
    "es": """
        el la los las un una unos unas lo al del de y e o u pero sino ni no sí que qué quien quién
        cual cuál cuando cuándo cómo como donde dónde porque si yo tú él ella ello nosotros ellos
        ellas me te se le les nos os mi mis tu tus su sus nuestro nuestra este esta estos estas ese
        esa esos esas aquel aquella en con sin por para desde hasta entre sobre bajo contra hacia
        según durante tras ante es son era eran ser sido fue fueron está están estar ha han había
        hay haber tiene tienen puede pueden hace más menos muy mucho muchos poco ya también tampoco
        todavía aún siempre nunca aquí allí así entonces todo todos toda todas otro otra otros cada
        hoy ayer mañana dos tres cuatro cinco seis siete ocho nueve diez primer primera lunes martes
        miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto
        septiembre octubre noviembre diciembre año años día días
    """,
    "it": """
        il lo la i gli le l un uno una di del dello della dei degli delle d a al allo alla ai agli
        alle da dal dalla dai dalle in nel nello nella nei nelle con su sul sulla sui sulle per tra
        fra e ed o ma però anche se che chi cui non né sì io tu lui lei noi voi loro mi ti si ci vi
        ne mio mia suo sua suoi sue nostro nostra questo questa questi queste quello quella quelli
        quelle come quando dove perché è sono era erano essere stato stata stati ha hanno aveva
        avere può possono deve fa più meno molto molti poco già ancora sempre mai qui così allora
        tutto tutti tutta tutte altro altri ogni dopo prima contro oggi ieri domani c dell nell all
        sull dall due tre quattro cinque sei sette otto nove dieci primo lunedì martedì mercoledì
        giovedì venerdì sabato domenica gennaio febbraio marzo aprile maggio giugno luglio agosto
        settembre ottobre novembre dicembre anno anni giorno giorni
    """,
    "pt": """
        o a os as um uma uns umas de do da dos das em no na nos nas num numa ao aos à às por pelo
        pela pelos pelas para com sem sob sobre entre até desde contra após e ou mas nem não sim que
        quem qual quando como onde porque se eu tu ele ela nós eles elas você vocês me te lhe lhes
        meu minha seu sua seus suas nosso nossa este esta estes estas esse essa isso isto aquele
        aquela é são era eram ser sido foi foram está estão estar há tem têm tinha ter pode podem
        deve faz mais menos muito muitos pouco já também ainda sempre nunca aqui ali assim então
        todo todos toda todas tudo outro outra outros cada hoje ontem amanhã dois duas três quatro
        cinco seis sete oito nove dez primeiro primeira segunda terça quarta quinta sexta sábado
        domingo janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro
        dezembro ano anos dia dias
    """,
    "nl": """
        de het een en of maar want dus omdat als dat dit die deze wie wat waar wanneer hoe waarom
        niet geen nee ja ik jij je u hij zij ze wij we jullie hen hun mij me hem haar ons onze mijn
        jouw zijn er in op aan bij met zonder van voor naar uit over onder tussen door tegen tot
        sinds na om te is was waren ben bent wordt worden werd werden heeft hebben had hadden kan
        kunnen moet moeten zal zullen wil ook nog al alleen zeer meer minder altijd weer hier daar
        dan nu zo alle alles veel andere nieuwe nieuw men toch wel zich twee drie vier vijf zes
        zeven acht negen tien eerste maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
        januari februari maart april mei juni juli augustus september oktober november december jaar
        dag dagen
    """,
}

# Letters that are rare or unknown elsewhere: half a vote between their languages, for titles without a
# function word.
_TELLING_LETTERS: Final = {
    "é": ("fr", "es", "pt"),
    "è": ("fr", "it"),
    "ê": ("fr", "pt"),
    "ë": ("fr", "nl"),
    "à": ("fr", "it", "pt"),
    "â": ("fr", "pt"),
    "ç": ("fr", "pt"),
    "î": ("fr",),
    "ï": ("fr", "nl"),
    "û": ("fr",),
    "œ": ("fr",),
    "ù": ("fr", "it"),
    "ñ": ("es",),
    "á": ("es", "pt"),
    "í": ("es", "pt"),
    "ó": ("es", "pt"),
    "ú": ("es", "pt"),
    "ã": ("pt",),
    "õ": ("pt",),
    "ì": ("it",),
    "ò": ("it",),
    "ä": ("de",),
    "ö": ("de",),
    "ü": ("de",),
    "ß": ("de",),
}

# Scripts that one language uses, or one far more than others.
_SCRIPTS: Final = {
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ja": re.compile("[\u3041-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "ar": re.compile("[\u0621-\u064a]"),
    "ru": re.compile("[\u0400-\u04ff]"),
}
# Letters the script's usual language does not have: it is another one, and we do not say which.
_FOREIGN: Final = {"ar": re.compile("[پچژگکی]"), "ru": re.compile("[іїєґўјљњћџђ]")}

_WORD = re.compile(r"\b[^\W\d_]+\b")  # A320 holds no article
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[#@]\w+|[\w-]+\.\w{2,3}\b")
_CODE = re.compile(r"[{}=;<>\[\]|\\]|\w\(|\w_\w")
_CODE_SIGN = re.compile(r"[{}=;<>\[\]|\\(_]")  # found at once to be missing, as in most texts
_NOT_LATIN = re.compile("[\u0370-\U0003ffff]")
_READ_CHARACTERS = 4_000  # enough to be sure; a long body costs no more than this
_FUNCTION_WORDS_SHARE = 0.08  # in running prose a third of the words are; below this, a list or a table
_MOST = 0.7  # of the function words belong to the language of a text; of two languages by turns, half do
_EVEN = 0.75  # a runner-up with so much of the leader's votes makes them even


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """An ISO 639-1 code, or ``und``; and how sure we are, from 0 to 1."""

    code: str
    confidence: float


def _speakers() -> dict[str, tuple[str, ...]]:
    speakers: dict[str, list[str]] = {}
    for code, words in FUNCTION_WORDS.items():
        for word in words.split():
            speakers.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in speakers.items()}


_SPEAKERS: Final = _speakers()
_UNTOLD: Final = LanguageGuess(UNKNOWN, 0.0)


def identify(text: str, declared: str | None = None) -> LanguageGuess:
    """Return the language of most of ``text``, or ``und`` if it cannot be told (too short, mixed, code…).

    ``declared`` is what the source says (``fr``, ``fr-CA``). It decides when the text alone does not, between
    the languages the text leaves even, and never against the text.
    """
    prose = _ADDRESS.sub(" ", text[:_READ_CHARACTERS]).lower().replace("’", "'")
    words = _WORD.findall(prose)
    told = told_by_letters(words, prose)
    if told is not None:
        return told
    return _by_votes(words, set("".join(words)), (declared or "").lower().replace("_", "-").split("-")[0])


def told_by_letters(words: Sequence[str], text: str) -> LanguageGuess | None:
    """Return what letters alone tell of words: ``und`` where there are none or it is code; None if Latin."""
    signs = len(_CODE.findall(text)) if _CODE_SIGN.search(text) else 0
    if not words or (signs > 2 and signs * 3 > len(words)):  # one or two are a smiley
        return _UNTOLD
    letters = "".join(words)
    if not letters.isascii() and len(_NOT_LATIN.findall(letters)) * 2 > len(letters):
        return _by_script(letters)
    return None


def _by_script(letters: str) -> LanguageGuess:
    counts = Counter({code: len(script.findall(letters)) for code, script in _SCRIPTS.items()})
    if counts["ja"] * 8 > counts["zh"]:  # Han beside kana is Japanese
        counts["ja"] += counts.pop("zh")
    code, count = counts.most_common(1)[0]
    foreign = _FOREIGN.get(code)
    if count < 2 or count * 2 <= len(letters) or (foreign and foreign.search(letters)):
        return _UNTOLD
    return LanguageGuess(code, round(count / len(letters), 2))


def _by_votes(words: list[str], letters: set[str], declared: str) -> LanguageGuess:
    votes = dict.fromkeys(FUNCTION_WORDS, 0.0)
    understood = dict.fromkeys(FUNCTION_WORDS, 0)
    heard = [speakers for word in words if (speakers := _SPEAKERS.get(word))]
    for speakers in heard:
        for code in speakers:
            votes[code] += 1 / len(speakers)
            understood[code] += 1
    for letter in letters & _TELLING_LETTERS.keys():
        for code in _TELLING_LETTERS[letter]:
            votes[code] += 0.5 / len(_TELLING_LETTERS[letter])
    too_few = len(words) > 12 and len(heard) < _FUNCTION_WORDS_SHARE * len(words)
    if too_few or max(understood.values()) < _MOST * len(heard):
        return _UNTOLD
    return _elected(votes, declared, enough=0.5 if len(words) > 2 else 1.0)


def _elected(votes: dict[str, float], declared: str, *, enough: float) -> LanguageGuess:
    first, second = sorted(votes, key=lambda code: votes[code], reverse=True)[:2]
    best = votes[first]
    weight = min(1.0, best / 3)
    if best >= enough and votes[second] <= _EVEN * best:
        return LanguageGuess(first, round(weight * (1 - votes[second] / best), 2))
    if votes.get(declared, 0.0) >= _EVEN * best > 0:
        return LanguageGuess(declared, round(weight * (1 - _EVEN), 2))
    return _UNTOLD
