"""What is said of a wrong or doubtful query, in the languages of clients: one catalogue for the API and the command.

A *reason* names one sentence; several reasons may share a code of the language (section 5). Each gives the problem,
a clause without capital nor stop, and the remedy, a sentence that says what to write instead.
"""

from collections.abc import Mapping
from types import MappingProxyType

from vigie.domain.clients import Locale
from vigie.domain.query.nodes import Lint
from vigie.domain.typography import french_spaces
from vigie.errors import BadQuery

CODES: Mapping[str, str] = MappingProxyType(
    {
        "empty": "EMPTY",
        "no_items": "EMPTY",
        "closes_nothing": "SYNTAX",
        "never_closed": "SYNTAX",
        "empty_parentheses": "SYNTAX",
        "open_quote": "SYNTAX",
        "missing_word": "SYNTAX",
        "nothing_follows": "SYNTAX",
        "minus_after_field": "SYNTAX",
        "unknown_field": "UNKNOWN_FIELD",
        "nested_field": "NESTED_FIELD",
        "bad_site": "BAD_VALUE",
        "bad_links": "BAD_VALUE",
        "bad_lang": "BAD_VALUE",
        "bad_platform": "BAD_VALUE",
        "bad_type": "BAD_VALUE",
        "bad_has": "BAD_VALUE",
        "no_tokens": "NO_TOKENS",
        "empty_raw": "NO_TOKENS",
        "url_term": "URL_TERM",
        "leading_wildcard": "LEADING_WILDCARD",
        "inner_star": "INNER_STAR",
        "short_prefix": "SHORT_PREFIX",
        "near_operand": "NEAR_OPERAND",
        "near_range": "NEAR_RANGE",
        "bad_slop": "BAD_SLOP",
        "raw_slop": "BAD_SLOP",
        "slop_too_long": "SLOP_TOO_LONG",
        "too_deep": "TOO_DEEP",
        "too_many_terms": "TOO_MANY_TERMS",
        "unanchored": "UNANCHORED",
        "broad": "BROAD",
        "mixed_and_or": "MIXED_AND_OR",
        "lowercase_operator": "LOWERCASE_OPERATOR",
    }
)

Sentences = Mapping[str, tuple[str, str]]

_ENGLISH: Sentences = {
    "empty": ("the query is empty", "Write at least one word."),
    "no_items": ("nothing is looked for", "Give words in any, all or none."),
    "closes_nothing": ("this parenthesis closes nothing", "Remove it, or open one before."),
    "never_closed": ("this parenthesis is never closed", "Add a closing parenthesis."),
    "empty_parentheses": ("these parentheses are empty", "Write something between them, or remove them."),
    "open_quote": ("this quote is never closed", "Add a closing quote."),
    "missing_word": (
        "a word is missing here",
        "Complete the query, or put an operator in quotes to search for it.",
    ),
    "nothing_follows": (
        "nothing follows {prefix}",
        "Write the word right after the colon, without a space.",
    ),
    "minus_after_field": ("the minus stands after the field", "Write -{name}: and the word."),
    "unknown_field": (
        "there is no field {name}:",
        "These exist: {known}. Put the text in quotes to search for it as it is.",
    ),
    "nested_field": ("fields do not nest", "Keep one field before each word or group."),
    "bad_site": (
        "site: does not take “{value}”",
        "Write a host alone, as in site:lemonde.fr (its subdomains are included).",
    ),
    "bad_links": (
        "links: does not take “{value}”",
        "Write a host alone, as in links:clips.twitch.tv (its subdomains are included).",
    ),
    "bad_lang": (
        "lang: does not take “{value}”",
        "Write a language of two or three letters without a region, as in lang:fr.",
    ),
    "bad_platform": (
        "platform: does not take “{value}”",
        "Write one platform's name, as in platform:press or platform:bluesky.",
    ),
    "bad_type": ("type: does not take “{value}”", "Write one of {known}."),
    "bad_has": ("has: does not take “{value}”", "Write one of {known}."),
    "no_tokens": (
        "this holds no letter, digit or emoji",
        "Write a word with letters or digits, or raw: before the symbols to find them exactly.",
    ),
    "empty_raw": ("nothing is looked for", "Write the exact text after raw:."),
    "url_term": (
        "no term matches inside an address",
        "Search documents that link to a site with links:, those it published with site:.",
    ),
    "leading_wildcard": (
        "a word cannot begin with {sign}",
        "Begin with a letter, or leave {sign} out if it is punctuation.",
    ),
    "inner_star": ("* stands only at the end of a word", "Use ? for one character inside."),
    "short_prefix": ("* needs two letters before it", "Write more of the word."),
    "near_operand": (
        "NEAR joins words, phrases, or groups of these joined by OR",
        "Take the rest out of the NEAR and join it with AND.",
    ),
    "near_range": ("NEAR takes a number of words from 0 to {limit}", "Write for instance NEAR/5."),
    "bad_slop": ("~ takes a number of words from 0 to {limit}", 'Write for instance "first second"~3.'),
    "raw_slop": ("raw: takes no ~", "Remove the ~ and its number, or remove raw:."),
    "slop_too_long": (
        "a string with ~ holds {count} words, at most {limit} are possible",
        "Keep the words that tell, or remove the ~ and its number.",
    ),
    "too_deep": (
        "the query nests more than {limit} levels",
        "Remove parentheses, negations or NEARs that stand inside others.",
    ),
    "too_many_terms": ("the query holds more than {limit} terms", "Split it into several watches."),
    "unanchored": (
        "nothing must be present: nearly every document would match",
        "Add a word, phrase or site that every result holds.",
    ),
    "broad": (
        "only a language, platform, type or medium must be present: far too much would match",
        "Add a word, phrase or site that every result holds.",
    ),
    "mixed_and_or": (
        "AND (or a space) binds tighter than OR here",
        "Put parentheses around what belongs together.",
    ),
    "lowercase_operator": (
        "{word} is searched as a word",
        "Write the operator in capitals (AND, OR, NOT, NEAR), or put the word in quotes.",
    ),
}

_FRENCH: Sentences = {
    "empty": ("la requête est vide", "Écrivez au moins un mot."),
    "no_items": ("rien n’est cherché", "Donnez des mots dans any, all ou none."),
    "closes_nothing": (
        "cette parenthèse ne ferme rien",
        "Supprimez-la, ou ouvrez une parenthèse avant elle.",
    ),
    "never_closed": ("cette parenthèse n’est jamais refermée", "Ajoutez une parenthèse fermante."),
    "empty_parentheses": (
        "ces parenthèses sont vides",
        "Écrivez quelque chose entre elles, ou supprimez-les.",
    ),
    "open_quote": ("ce guillemet n’est jamais refermé", "Ajoutez un guillemet fermant."),
    "missing_word": (
        "il manque un mot ici",
        "Complétez la requête, ou mettez l’opérateur entre guillemets pour le chercher.",
    ),
    "nothing_follows": (
        "rien ne suit {prefix}",
        "Écrivez le mot juste après les deux-points, sans espace.",
    ),
    "minus_after_field": ("le signe moins est après le champ", "Écrivez -{name}: puis le mot."),
    "unknown_field": (
        "il n’y a pas de champ {name}:",
        "Les champs sont : {known}. Mettez le texte entre guillemets pour le chercher tel quel.",
    ),
    "nested_field": (
        "un champ ne peut pas en contenir un autre",
        "Gardez un seul champ devant chaque mot ou groupe.",
    ),
    "bad_site": (
        "site: n’accepte pas « {value} »",
        "Écrivez un hôte seul, comme site:lemonde.fr (ses sous-domaines sont compris).",
    ),
    "bad_links": (
        "links: n’accepte pas « {value} »",
        "Écrivez un hôte seul, comme links:clips.twitch.tv (ses sous-domaines sont compris).",
    ),
    "bad_lang": (
        "lang: n’accepte pas « {value} »",
        "Écrivez une langue en deux ou trois lettres, sans région, comme lang:fr.",
    ),
    "bad_platform": (
        "platform: n’accepte pas « {value} »",
        "Écrivez le nom d’une plateforme, comme platform:press ou platform:bluesky.",
    ),
    "bad_type": ("type: n’accepte pas « {value} »", "Écrivez l’un de ces mots : {known}."),
    "bad_has": ("has: n’accepte pas « {value} »", "Écrivez l’un de ces mots : {known}."),
    "no_tokens": (
        "il n’y a ici ni lettre, ni chiffre, ni emoji",
        "Écrivez un mot avec des lettres ou des chiffres, ou raw: devant les symboles pour les chercher tels quels.",
    ),
    "empty_raw": ("rien n’est cherché", "Écrivez le texte exact après raw:, sans espace."),
    "url_term": (
        "aucun terme ne correspond à l’intérieur d’une adresse",
        "Cherchez les documents qui renvoient à un site avec links:, ceux qu’il publie avec site:.",
    ),
    "leading_wildcard": (
        "un mot ne peut pas commencer par {sign}",
        "Commencez par une lettre, ou retirez {sign} s’il s’agit de ponctuation.",
    ),
    "inner_star": (
        "* n’est possible qu’à la fin d’un mot",
        "À l’intérieur, employez ? pour un seul caractère.",
    ),
    "short_prefix": ("* demande au moins deux lettres avant lui", "Écrivez davantage du mot."),
    "near_operand": (
        "NEAR relie des mots, des expressions, ou des groupes de ceux-ci reliés par OR",
        "Sortez le reste du NEAR et reliez-le par AND.",
    ),
    "near_range": ("NEAR prend un nombre de mots de 0 à {limit}", "Écrivez par exemple NEAR/5."),
    "bad_slop": (
        "~ prend un nombre de mots de 0 à {limit}",
        'Écrivez par exemple "premier second"~3.',
    ),
    "raw_slop": ("raw: ne prend pas de ~", "Retirez le ~ et son nombre, ou retirez raw:."),
    "slop_too_long": (
        "une expression avec ~ compte {count} mots, {limit} au plus sont possibles",
        "Gardez les mots qui comptent, ou retirez le ~ et son nombre.",
    ),
    "too_deep": (
        "la requête a plus de {limit} niveaux imbriqués",
        "Retirez des parenthèses, des négations ou des NEAR contenus dans d’autres.",
    ),
    "too_many_terms": (
        "la requête compte plus de {limit} termes",
        "Répartissez-les entre plusieurs surveillances.",
    ),
    "unanchored": (
        "rien n’est exigé : presque tous les documents correspondraient",
        "Ajoutez un mot, une expression ou un site que chaque résultat doit contenir.",
    ),
    "broad": (
        "seuls une langue, une plateforme, un type ou un média sont exigés : bien trop large",
        "Ajoutez un mot, une expression ou un site que chaque résultat doit contenir.",
    ),
    "mixed_and_or": (
        "ici, AND (ou l’espace) lie plus fort que OR",
        "Mettez entre parenthèses ce qui va ensemble.",
    ),
    "lowercase_operator": (
        "{word} est cherché comme un mot",
        "Écrivez l’opérateur en capitales (AND, OR, NOT, NEAR), ou mettez le mot entre guillemets.",
    ),
}

CATALOGUES: Mapping[Locale, Sentences] = {
    "en": _ENGLISH,
    "fr": {
        reason: (french_spaces(problem), french_spaces(remedy))
        for reason, (problem, remedy) in _FRENCH.items()
    },
}

_SUMMARIES: Mapping[Locale, str] = {
    "en": "{field}: {code} at character {position}: {problem}. {remedy}",
    "fr": french_spaces("{field} : {code} au caractère {position} : {problem}. {remedy}"),
}


def refusal(reason: str, position: int, where: str = "query", **fields: object) -> BadQuery:
    """Return the refusal of the query in field ``where``, for a reason of this catalogue; told in English."""
    return _refusal(reason, position, where, fields, "en")


def told_refusal(error: BadQuery, locale: Locale) -> BadQuery:
    """Return the same refusal told in the reader's language."""
    return _refusal(error.reason, error.position, error.field, error.fields, locale)


def _refusal(
    reason: str, position: int, where: str, fields: Mapping[str, object], locale: Locale
) -> BadQuery:
    code, (problem, remedy) = CODES[reason], say(reason, locale, fields)
    summary = _SUMMARIES[locale].format(
        field=where, code=code, position=position, problem=problem, remedy=remedy
    )
    return BadQuery(
        code, position, problem, remedy, field=where, summary=summary, reason=reason, fields=fields
    )


def advice(reason: str, position: int, **fields: object) -> Lint:
    """Return the advice on a query for a reason of this catalogue, told in English until asked otherwise."""
    problem, remedy = say(reason, "en", fields)
    return Lint(CODES[reason], position, problem, remedy, reason, fields)


def say(reason: str, locale: Locale, fields: Mapping[str, object]) -> tuple[str, str]:
    """Return the problem and the remedy of a reason in the reader's language."""
    problem, remedy = CATALOGUES[locale][reason]
    return problem.format_map(fields), remedy.format_map(fields)


def told_advice(lint: Lint, locale: Locale) -> Lint:
    """Return the same advice told in the reader's language."""
    return Lint(lint.code, lint.position, *say(lint.reason, locale, lint.fields), lint.reason, lint.fields)
