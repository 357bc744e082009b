"""The language of a text: told when it can be, und when it cannot."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vigie.domain.language import FUNCTION_WORDS, UNKNOWN, LanguageGuess, identify

_PROSE = {
    "fr": """La boulangerie du port a rouvert ses portes hier après trois semaines de travaux. Les habitants du
        quartier, qui attendaient ce moment, ont fait la queue dès six heures pour retrouver leur pain.""",
    "en": """The bakery by the harbour opened again yesterday after three weeks of repairs. People who live in the
        street had been waiting for it, and they were standing in line at six to get their bread.""",
    "de": """Die Bäckerei am Hafen hat gestern nach drei Wochen Umbau wieder geöffnet. Die Bewohner des Viertels, die
        auf diesen Tag gewartet hatten, standen schon um sechs Uhr für ihr Brot an.""",
    "es": """La panadería del puerto volvió a abrir ayer después de tres semanas de obras. Los vecinos del barrio, que
        esperaban este momento, hicieron cola desde las seis para comprar su pan.""",
    "it": """Il panificio del porto ha riaperto ieri dopo tre settimane di lavori. Gli abitanti del quartiere, che
        aspettavano questo momento, erano in fila dalle sei per ritrovare il loro pane.""",
    "pt": """A padaria do porto voltou a abrir ontem depois de três semanas de obras. Os moradores do bairro, que
        esperavam este momento, fizeram fila desde as seis horas para comprar o seu pão.""",
    "nl": """De bakkerij aan de haven is gisteren na drie weken verbouwing weer opengegaan. De bewoners van de wijk,
        die op dit moment hadden gewacht, stonden al om zes uur in de rij voor hun brood.""",
}


@pytest.mark.parametrize(("code", "text"), _PROSE.items())
def test_prose_is_told(code: str, text: str) -> None:
    """Two sentences are enough to be sure, whatever the source declares."""
    other = "en" if code != "en" else "fr"

    assert {identify(text).code, identify(text, declared=other).code} == {code}
    assert identify(text).confidence > 0.3


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("fr", "Crise à la banque régionale : les clients s’inquiètent"),
        ("fr", "Le club de football change d'entraîneur"),
        ("fr", "Grève des bus : ce qui change vendredi"),
        ("fr", "Pourquoi l’usine de Bréval ferme"),
        ("en", "Bank shares fall after profit warning"),
        ("en", "What the new bakery law means for you"),
        ("de", "Neue Filiale der Sparbank wird im März eröffnet"),
        ("es", "El banco regional anuncia pérdidas por segundo año"),
        ("it", "Il nuovo allenatore della squadra è già in crisi"),
        ("pt", "Padaria do centro não abre aos domingos"),
        ("nl", "Nieuwe bakkerij in het centrum van de stad"),
        ("ja", "港のパン屋が再開した"),
        ("zh", "港口面包店重新开业"),
        ("ko", "항구 빵집이 다시 문을 열었다"),
        ("el", "Το αρτοποιείο άνοιξε ξανά"),
        ("ru", "Пекарня снова открылась"),
        ("ar", "المخبز يفتح أبوابه من جديد"),
    ],
)
def test_a_title_is_told(code: str, title: str) -> None:
    """A few words are enough when some of them are function words, or the script tells."""
    assert identify(title).code == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "2024 : 12 345 / 67 %",
        "Vauclair",
        "A320 B737",
        "https://example.org/le-pain-de-la-ville #pain @boulanger",
        "for item in the_list: print(item) if item else {'a': 1}",
        "SELECT * FROM t WHERE (a = 1); <br/>",
        "Пекарня знову відкрилася після ремонту, і всі раді її бачити",
        f"{_PROSE['fr']} {_PROSE['en']}",
    ],
)
def test_what_cannot_be_told_is_und(text: str) -> None:
    """Nothing, digits, a lone name, addresses, code, a script of many languages or a mixture: we do not say."""
    assert identify(text) == LanguageGuess(UNKNOWN, 0.0)


def test_the_declared_language_breaks_ties() -> None:
    """When the words belong to several languages alike the source is believed, and not when they say otherwise."""
    tie = "La tradition la plus simple no"
    even = "in die"

    assert identify(even, declared="nl-BE").code == "nl"
    assert identify(even, declared="de_DE").code == "de"
    assert identify(even, declared="fr").code == UNKNOWN
    assert identify(even).code == UNKNOWN
    assert identify(tie, declared="en").code != "en"


def test_a_long_text_is_told_by_its_beginning() -> None:
    """A book costs no more than a page."""
    assert identify((_PROSE["fr"] + " ") * 20 + _PROSE["en"] * 1_000).code == "fr"


@given(st.text(), st.none() | st.text())
@example("दुकान खुली", None)
def test_any_text_gets_an_answer(text: str, declared: str | None) -> None:
    """Whatever the text and what is declared, a code comes back with a confidence from 0 to 1."""
    guess = identify(text, declared)

    assert 0 <= guess.confidence <= 1
    assert guess.code in {*FUNCTION_WORDS, UNKNOWN, "el", "he", "th", "ko", "ja", "zh", "hi", "ar", "ru"}
