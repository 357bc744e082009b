"""The ways an entity is called: its names as words, what may be left out of them, and what is left when cut short."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vigie.domain.entities.entity import Entity
from vigie.domain.stream import folded

_WORD = re.compile(r"[^\W_]+")
_SMALL: Final = frozenset("le la les l un une the de du des d et & of and au aux a".split())
_LEGAL: Final = frozenset("sa sas sasu sarl eurl scop snc plc inc ltd llc gmbh ag spa nv se corp co holding".split())
TRADES: Final = frozenset(
    """
    groupe group societe entreprise maison compagnie banque credit caisse mutuelle assurance assurances clinique
    hopital ehpad residence pharmacie cabinet laboratoire laboratoires labo garage carrosserie boulangerie patisserie
    boucherie charcuterie traiteur restaurant brasserie cafe bar bistrot hotel camping auberge chateau domaine cave
    caves vignoble vignobles ferme laiterie fromagerie biscuiterie conserverie brasserie distillerie chocolaterie
    transports transport logistique taxis ambulances autocars voyages agence immobilier immobiliere batiment travaux
    menuiserie plomberie electricite peinture chauffage imprimerie librairie editions edition presse journal radio
    television studio studios galerie musee theatre festival club football rugby handball basket cercle association
    fondation institut ecole lycee college universite creche mairie ville commune departement region syndicat
    federation union avenir etoile sporting olympique stade racing amicale cooperative coop usine usines forges
    fonderie fonderies textile textiles filature cosmetiques parfums bijouterie optique opticien coiffure institut
    jardinerie pepinieres animalerie supermarche supermarches hypermarche magasins magasin marche station eaux eau
    energie energies gaz telecom telecoms mobile numerique services service conseil conseils consulting technologies
    industries industrie international france europe nord sud est ouest centre atelier ateliers meubles cuisines
    automobiles auto motos cycles velos jouets vetements mode chaussures notaire avocats avocat architecte vins
    air lignes trains rail ports port aeroport croisieres ferries loisirs parc parcs piscine cinema cinemas bank
    airlines foods motors stores hotels
    """.split()
)
_FEWEST_LETTERS: Final = 4


@dataclass(frozen=True, slots=True)
class Names:
    """What to look for: whole names as words, each run together, and what a text may cut them to once it gave one."""

    whole: tuple[tuple[str, ...], ...]
    glued: frozenset[str]
    short: frozenset[str]
    initials: frozenset[str]
    about: frozenset[str]


@lru_cache(maxsize=4_096)
def names_of(entity: Entity) -> Names:
    """Return the ways an entity is called, longest first."""
    whole: dict[tuple[str, ...], None] = {}
    for name in (entity.name, *entity.aliases):
        words = tuple(_WORD.findall(folded(name)))
        for form in (words, _without_ends(words)):
            if form and (len(form) > 1 or len(form[0]) > 1):
                whole[form] = None
    ordered = tuple(sorted(whole, key=len, reverse=True))
    about = frozenset(word for word in _WORD.findall(folded(entity.about)) if len(word) > 3)
    return Names(
        ordered,
        frozenset("".join(form) for form in ordered if len("".join(form)) > _FEWEST_LETTERS),
        frozenset(word for form in ordered if len(form) > 1 for word in _distinctive(form)),
        frozenset(letters for form in ordered if len(letters := _initials(form)) > 1),
        about - {word for form in ordered for word in form},
    )


def _without_ends(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name without its article, ``groupe`` and legal form; whole when nothing telling is left."""
    found = list(words)
    while found and (found[0] in _SMALL or found[0] in {"groupe", "societe", "group"}):
        found.pop(0)
    while found and (found[-1] in _LEGAL or found[-1] in {"groupe", "group"}):
        found.pop()
    return tuple(found) if any(word not in TRADES for word in found) else words


def _distinctive(form: tuple[str, ...]) -> list[str]:
    """Return the one word that stands for a name of several: its last that is no trade and no small word."""
    telling = [
        word for word in form if word not in TRADES and word not in _SMALL and len(word) >= _FEWEST_LETTERS
    ]
    return telling[-1:]


def _initials(form: tuple[str, ...]) -> str:
    return "".join(word[0] for word in form if word not in _SMALL) if len(form) > 1 else ""
