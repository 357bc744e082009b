"""A stub of the public register of companies that is ours: the wire format of *recherche d'entreprises*.

It knows the demo's invented companies. Nothing of it is deployed.
"""

import json
import threading
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

LOOPBACK = "127.0.0.1"
_COMPANIES = Path(__file__).with_name("register.toml")
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class RegisterServer:
    """The running stub."""

    url: str

    @property
    def worker_environment(self) -> dict[str, str]:
        """Return what leads a local run's workers here."""
        return {"VIGIE_LOCAL_REGISTER": self.url}


def answer(target: str) -> tuple[int, dict[str, Any]]:
    """Return a status and what the API says to ``GET target``."""
    parts = urlsplit(target)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.path != "/search":
        return 404, {"erreur": "Not Found"}
    text, size = asked.get("q", ""), int(asked.get("per_page", "10"))
    if len(text) < _SHORTEST or not 1 <= size <= 25:
        return 400, {"erreur": "Veuillez indiquer un paramètre « q » de 3 caractères au moins."}
    words = set(_fold(text).split())
    found = [each for each in _companies() if text == each["siren"] or words <= set(_known(each).split())]
    return 200, {
        "results": [_result(each) for each in found[:size]],
        "total_results": len(found),
        "page": int(asked.get("page", "1")),
        "per_page": size,
        "total_pages": -(-len(found) // size),
    }


@contextmanager
def serving() -> Iterator[RegisterServer]:
    """Serve the stub on loopback."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, told = answer(self.path)
            content = json.dumps(told, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield RegisterServer(f"http://{LOOPBACK}:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _companies() -> list[Mapping[str, Any]]:
    companies: list[Mapping[str, Any]] = tomllib.loads(_COMPANIES.read_text("utf-8"))["company"]
    return companies


def _known(each: Mapping[str, Any]) -> str:
    return _fold(" ".join((each["name"], *each.get("signs", []), each["town"])))


def _fold(text: str) -> str:
    plain = unicodedata.normalize(
        "NFD", text.casefold().replace("-", " ").replace("'", " ").replace("’", " ")
    )
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _result(each: Mapping[str, Any]) -> dict[str, Any]:
    place = {
        "activite_principale": each["trade_code"],
        "adresse": f"1 PLACE DE L’ÉGLISE {each['postcode']} {each['town'].upper()}",
        "code_postal": each["postcode"],
        "departement": each["postcode"][:2],
        "est_siege": True,
        "etat_administratif": "A",
        "libelle_commune": each["town"].upper(),
        "liste_enseignes": each.get("signs") or None,
        "nom_commercial": None,
        "siret": f"{each['siren']}00012",
    }
    return {
        "siren": each["siren"],
        "nom_complet": each["name"].upper(),
        "nom_raison_sociale": None if each.get("is_person") else each["name"].upper(),
        "sigle": None,
        "nombre_etablissements": 1,
        "nombre_etablissements_ouverts": 1,
        "siege": place,
        "activite_principale": each["trade_code"],
        "etat_administratif": "A",
        "nature_juridique": "1000" if each.get("is_person") else "5499",
        "section_activite_principale": "C",
        "dirigeants": [],
        "matching_etablissements": [place],
        "complements": {"est_entrepreneur_individuel": bool(each.get("is_person"))},
    }
