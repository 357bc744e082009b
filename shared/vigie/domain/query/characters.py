"""Which characters make words: every character has one of a few shapes.

A text is translated to its *shape*, a string of the same length over a small alphabet, and the tokenizer is
then one regular expression over that alphabet; offsets carry over as they are.
"""

import unicodedata

LETTER, DIGIT, MARK, ALONE, EMOJI, WILDCARD, OTHER = "w", "d", "m", "u", "e", "*", " "
URL = "L"
GLUE = frozenset({LETTER, DIGIT, MARK})  # what a run is made of, so what something may be glued to
_THEMSELVES = "_#@"

# Scripts written without spaces: Thai, Lao, Burmese, Khmer, kana, Han.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3038, 0x303B),
    (0x3041, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x1AFF0, 0x1B16F),
    (0x20000, 0x323AF),
)

# Extended_Pictographic (UTS #51) and regional indicators, less what NFKD turns into letters or punctuation.
_EMOJI = (
    (0x2194, 0x2199),
    (0x21A9, 0x21AA),
    (0x231A, 0x231B),
    (0x2328, 0x2328),
    (0x2388, 0x2388),
    (0x23CF, 0x23CF),
    (0x23E9, 0x23F3),
    (0x23F8, 0x23FA),
    (0x25AA, 0x25AB),
    (0x25B6, 0x25B6),
    (0x25C0, 0x25C0),
    (0x25FB, 0x25FE),
    (0x2600, 0x2605),
    (0x2607, 0x2612),
    (0x2614, 0x2685),
    (0x2690, 0x2705),
    (0x2708, 0x2712),
    (0x2714, 0x2714),
    (0x2716, 0x2716),
    (0x271D, 0x271D),
    (0x2721, 0x2721),
    (0x2728, 0x2728),
    (0x2733, 0x2734),
    (0x2744, 0x2744),
    (0x2747, 0x2747),
    (0x274C, 0x274C),
    (0x274E, 0x274E),
    (0x2753, 0x2755),
    (0x2757, 0x2757),
    (0x2763, 0x2767),
    (0x2795, 0x2797),
    (0x27A1, 0x27A1),
    (0x27B0, 0x27B0),
    (0x27BF, 0x27BF),
    (0x2934, 0x2935),
    (0x2B05, 0x2B07),
    (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B50),
    (0x2B55, 0x2B55),
    (0x1F000, 0x1F0FF),
    (0x1F170, 0x1F171),
    (0x1F17E, 0x1F17F),
    (0x1F18E, 0x1F18E),
    (0x1F191, 0x1F19A),
    (0x1F1E6, 0x1F1FF),
    (0x1F249, 0x1F24F),
    (0x1F252, 0x1F53D),
    (0x1F546, 0x1F64F),
    (0x1F680, 0x1F6FF),
    (0x1F774, 0x1F77F),
    (0x1F7D5, 0x1F7FF),
    (0x1F90C, 0x1F93A),
    (0x1F93C, 0x1F945),
    (0x1F947, 0x1FAFF),
)


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)


def _shape(code: int) -> str:
    character = chr(code)
    category = unicodedata.category(character)
    if character in _THEMSELVES:
        return character
    if category[0] in "LMN" and _within(code, _UNSPACED):
        return ALONE
    if category[0] == "L":
        return LETTER
    if category == "Nd":  # not ½ or ²: NFKD would make 12 of the first
        return DIGIT
    if category[0] == "M":
        return MARK
    return EMOJI if _within(code, _EMOJI) else OTHER


class _Shapes(dict[int, str]):
    """A translation table that fills itself with the characters it meets."""

    def __missing__(self, code: int) -> str:
        shape = self[code] = _shape(code)
        return shape


_SHAPES = _Shapes()
_QUERY_SHAPES = _Shapes({ord("*"): WILDCARD, ord("?"): WILDCARD})


def shape_of(text: str, *, wildcards: bool = False) -> str:
    """Return the shapes of the characters, one for one; ``wildcards`` gives ``*`` and ``?`` one of theirs."""
    return text.translate(_QUERY_SHAPES if wildcards else _SHAPES)
