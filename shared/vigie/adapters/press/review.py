"""The press review as a page to print: HTML that stands alone, set for A4."""

from pathlib import Path

from vigie.adapters.templating import templates_of
from vigie.domain.exports import PressReview
from vigie.domain.typography import french_spaces, hour, long_date

WORDS = {
    "fr": {
        "title": "Revue de presse",
        "articles": "article",
        "by": "par",
        "empty": "Aucun article dans cette sélection.",
        "cut": "La sélection est plus longue : resserrez les dates pour lire la suite.",
        "rights": (
            "Titres, liens et très courts extraits (code de la propriété intellectuelle, articles L. 122-5 et "
            "L. 211-3-1). Reproduire ou diffuser un article entier demande l’accord de son éditeur ou une licence "
            "du Centre français d’exploitation du droit de copie (CFC)."
        ),
    },
    "en": {
        "title": "Press review",
        "articles": "article",
        "by": "by",
        "empty": "No article in this selection.",
        "cut": "The selection is longer: narrow the dates to read on.",
        "rights": (
            "Titles, links and very short extracts (French intellectual property code, articles L. 122-5 and "
            "L. 211-3-1). Copying or sending a whole article takes its publisher's consent, or a licence of the "
            "Centre français d’exploitation du droit de copie (CFC)."
        ),
    },
}


def render_review(review: PressReview) -> str:
    """Return the page."""
    words = WORDS[review.locale]
    if review.locale == "fr":
        words = {name: french_spaces(text) for name, text in words.items()}
    return (
        templates_of(Path(__file__).parent)
        .get_template("review.html.j2")
        .render(
            review=review,
            words=words,
            day=lambda day: long_date(day, review.locale),
            hour=lambda at: hour(at, review.locale),
        )
    )
