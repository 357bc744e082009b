"""The site's sentences: the mail's, which it shares, and its own, one JSON file a language under ``catalogues/``."""

from functools import cache
from pathlib import Path

from vigie.adapters.mail.catalogue import Catalogue, catalogue_for
from vigie.domain.clients import Locale

FOLDER = Path(__file__).parent / "catalogues"


@cache
def site_catalogue(locale: Locale) -> Catalogue:
    """Return the sentences of a language, read once."""
    return catalogue_for(locale).extended(FOLDER)
