"""Compile every client's watches into one file that match loads, when enough of them changed.

Reads   EventBridge, every five minutes; by hand: {"force": true}; accounts table, the archive (what words are rare)
Writes  bucket (watches/), accounts table (which file stands)
Fails   as a whole: the file that stands goes on, with the changes since put over it
"""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie import observe, wiring

logger = observe.make_logger("compile")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's shape
    """Make the file anew when it is time; return what was made."""
    made = wiring.compile_watches().run(force=event.get("force") is True)
    if made is None:
        return {}
    logger.info("watches compiled", **asdict(made))
    return asdict(made)
