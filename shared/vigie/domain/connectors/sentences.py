"""What a client is told of each platform, in its language."""

from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from vigie.domain.clients import Locale
from vigie.domain.connectors.followed import family_of
from vigie.domain.connectors.standings import Standing
from vigie.domain.typography import french_spaces, hour

_FRENCH: Mapping[str, str] = MappingProxyType(
    {
        "active": "Suivi : chaque mot de vos veilles y est cherché.",
        "sampled": "Suivi en partie : une instance ne montre que ce que suivent ses membres.",
        "truncated": "Suivi, mais la dernière recherche n'a pas tout ramené ; la suite vient à la prochaine.",
        "nothing": "Prêt : aucune de vos veilles n'y est cherchée.",
        "limited": "Recherche limitée jusqu'à {until} : le quota de la plateforme est épuisé.",
        "failing": "La plateforme ne répond pas ; nous redemandons.",
        "refused": "La plateforme refuse nos identifiants : ils sont à renouveler.",
        "broken": "Les identifiants enregistrés ne sont pas lisibles : ils sont à corriger.",
        "forums": "Suivis par leurs flux (Discourse, phpBB), comme la presse.",
        "google-news": "Google News n'est pas suivi par cette installation.",
        "bluesky": "Il manque un compte Bluesky et un mot de passe d'application.",
        "mastodon": "Il manque au moins une instance, et le jeton d'un compte pour y chercher.",
        "youtube": "Il manque une clé de l'API YouTube Data.",
        "reddit": "Reddit exige un contrat pour un usage commercial : à signer avec la plateforme.",
        "x": "X facture chaque lecture : suivi dès qu'un contrat est payé.",
        "linkedin": "LinkedIn n'ouvre pas la recherche aux agences ; nous n'aspirons aucun site.",
        "tiktok": "TikTok réserve la recherche aux universitaires ; nous n'aspirons aucun site.",
        "authorisation": "Il manque l'autorisation de la plateforme.",
        "no_sure_word": "Aucun mot n'est sûr de figurer dans ce que cette veille trouve : rien à y chercher.",
        "too_long": "Un mot de cette veille est plus long que ce que la plateforme accepte.",
    }
)
_ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "active": "Followed: every word of your watches is searched for.",
        "sampled": "Followed in part: an instance shows only what its members follow.",
        "truncated": "Followed, but the last search did not bring everything; the rest comes with the next.",
        "nothing": "Ready: none of your watches is searched for there.",
        "limited": "Search limited until {until}: the platform's quota is used up.",
        "failing": "The platform does not answer; we keep asking.",
        "refused": "The platform refuses our credentials: they need to be renewed.",
        "broken": "The credentials on file cannot be read: they need to be corrected.",
        "forums": "Followed through their feeds (Discourse, phpBB), like the press.",
        "google-news": "Google News is not followed by this installation.",
        "bluesky": "A Bluesky account and an app password are missing.",
        "mastodon": "At least one instance is missing, and an account's token to search it.",
        "youtube": "A key of the YouTube Data API is missing.",
        "reddit": "Reddit asks for a contract for commercial use: to be signed with the platform.",
        "x": "X charges for each read: followed once a contract is paid for.",
        "linkedin": "LinkedIn does not open search to agencies; we scrape no site.",
        "tiktok": "TikTok keeps search for academics; we scrape no site.",
        "authorisation": "The platform's authorisation is missing.",
        "no_sure_word": "No word is sure to be in what this watch finds: there is nothing to search for.",
        "too_long": "A word of this watch is longer than the platform accepts.",
    }
)


def told(standing: Standing, locale: Locale, zone: ZoneInfo) -> str:
    """Return one sentence on how a platform stands and what somebody can do; hours in ``zone``."""
    until = hour(standing.limited_until.astimezone(zone), locale) if standing.limited_until else ""
    return say(_what(standing), locale, until=until)


def say(key: str, locale: Locale, **fields: str) -> str:
    """Return a sentence of the catalogue."""
    if locale == "fr":
        return french_spaces(_FRENCH[key]).format(**fields)
    return _ENGLISH[key].format(**fields)


def _what(standing: Standing) -> str:
    """Name the sentence: the first that holds of what keeps us from seeing."""
    family = family_of(standing.connector)
    if standing.status != "active":
        missing = family if family in _FRENCH else "authorisation"
        return missing if not standing.trouble else ("refused" if standing.searches else "broken")
    holds = {
        "forums": family == "forums",
        "limited": standing.limited > 0,
        "failing": standing.failing > 0,
        "nothing": standing.searches == 0,
        "sampled": standing.coverage == "sampled",
        "truncated": standing.coverage == "truncated",
    }
    return next((what for what, true in holds.items() if true), "active")
