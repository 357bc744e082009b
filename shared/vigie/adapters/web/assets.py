"""The site's stylesheet and script: small files, named after what they hold, so that a browser fetches each once."""

import hashlib
from functools import cache
from pathlib import Path

from vigie.adapters.web.reply import FOR_EVERYBODY, Reply
from vigie.errors import NotFound

_FOLDER = Path(__file__).parent / "assets"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@cache
def asset_names() -> dict[str, str]:
    """Return the name each file is served under, by its own name: ``site.css`` is ``site-1f3a….css``."""
    return {path.name: f"{path.stem}-{_digest(path)}{path.suffix}" for path in sorted(_FOLDER.iterdir())}


def asset(name: str) -> Reply:
    """Return a file by the name it is served under. Raises NotFound."""
    for own, served in asset_names().items():
        if name == served:
            path = _FOLDER / own
            return Reply(200, path.read_text(encoding="utf-8"), _TYPES[path.suffix], FOR_EVERYBODY)
    raise NotFound("There is no such file.")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
