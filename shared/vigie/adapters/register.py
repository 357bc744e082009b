"""The public register of French companies: the *recherche d'entreprises* API, open to all and without a key.

https://recherche-entreprises.api.gouv.fr: ``GET /search?q=…`` answers with legal units, their seat and the
establishments that match. It takes seven requests a second from one address and answers 429 past that.

Raises  Transient when it cannot answer now: whoever asks goes on without it
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from vigie.domain.signing_up.companies import Company
from vigie.errors import Transient, Unanswered
from vigie.ports import CompanyRegister

BASE_URL = "https://recherche-entreprises.api.gouv.fr"
FOUND_AT_MOST = 6
_SHORTEST = 3  # characters of a question: the API refuses less with 400
_SIGNS_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class FrenchRegister(CompanyRegister):
    """``CompanyRegister`` on the API; ``base_url`` is another only in a local run."""

    base_url: str = BASE_URL
    timeout_seconds: float = 3.0
    _pool: PoolManager = field(default_factory=PoolManager, repr=False)

    def search(self, text: str) -> list[Company]:
        """Return open companies that a text may mean, likeliest first."""
        if len(text.strip()) < _SHORTEST:
            return []
        asked = {"q": text.strip(), "etat_administratif": "A", "page": 1, "per_page": FOUND_AT_MOST}
        return [company for each in self._ask(asked) if (company := read_company(each))]

    def company(self, siren: str) -> Company | None:
        """Return the company of a SIREN."""
        found = (read_company(each) for each in self._ask({"q": siren, "page": 1, "per_page": 1}))
        return next((company for company in found if company and company.siren == siren), None)

    def _ask(self, asked: Mapping[str, object]) -> list[Mapping[str, Any]]:
        try:
            answer = self._pool.request(
                "GET",
                f"{self.base_url}/search?{urlencode(asked)}",
                headers={"Accept": "application/json"},
                timeout=Timeout(total=self.timeout_seconds),
                retries=False,
                redirect=False,
            )
        except HTTPError as error:
            raise Unanswered(f"the company register did not answer: {error}") from error
        if answer.status == 400:  # what it cannot search for, it does not have
            return []
        try:
            told = json.loads(answer.data) if answer.status == 200 else None
        except ValueError:
            told = None
        results = told.get("results") if isinstance(told, dict) else None
        if not isinstance(results, list):
            raise Transient(f"the company register answered {answer.status}, and nothing to read")
        return [each for each in results if isinstance(each, dict)]


def read_company(found: Mapping[str, Any]) -> Company | None:
    """Return one result as a company; None for one without number or name."""
    siren, name = found.get("siren"), found.get("nom_complet") or found.get("nom_raison_sociale")
    if not (isinstance(siren, str) and siren.isdigit() and len(siren) == 9 and isinstance(name, str)):
        return None
    seat = found.get("siege") or {}
    places = [seat, *(found.get("matching_etablissements") or [])]
    signs = [
        sign
        for place in places
        for sign in [place.get("nom_commercial"), *(place.get("liste_enseignes") or [])]
    ]
    return Company(
        siren=siren,
        name=name,
        signs=tuple(dict.fromkeys(sign for sign in [*signs, found.get("sigle")] if sign))[:_SIGNS_AT_MOST],
        town=_title(seat.get("libelle_commune") or ""),
        postcode=seat.get("code_postal") or "",
        trade_code=found.get("activite_principale") or seat.get("activite_principale") or "",
        is_person=(found.get("complements") or {}).get("est_entrepreneur_individuel") is True,
        is_open=found.get("etat_administratif") == "A",
    )


def _title(town: str) -> str:
    """Return a town's name as it is written: the register has capitals, and its own small words."""
    small = {
        "DE",
        "DU",
        "DES",
        "LA",
        "LE",
        "LES",
        "EN",
        "SUR",
        "SOUS",
        "AUX",
        "AU",
        "ET",
        "D",
        "L",
        "LÈS",
    }
    words = town.replace("-", " ").split()
    if not town.isupper():
        return town
    named = [
        word.lower() if number and word in small else word.capitalize() for number, word in enumerate(words)
    ]
    return ("-" if "-" in town else " ").join(named)
