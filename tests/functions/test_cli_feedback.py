"""``vigie feedback`` on the emulated tables: what people corrected, as JSON lines."""

import io
import json
from typing import Any

import pytest

from tests.builders import a_client, a_mention
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.cli import main
from vigie.domain.feedback import Wish

pytestmark = pytest.mark.emulator


def printed(command: str, client_id: str = "banque-armelie") -> tuple[int, list[dict[str, Any]]]:
    """Return the exit code of a command and the lines it printed."""
    out = io.StringIO()
    code = main(["feedback", command, client_id], out, io.StringIO())
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_what_was_corrected_is_exported_and_counted(stack: Stack) -> None:
    """An example as training reads them, and a count of what changed."""
    client, mention = a_client(), a_mention()
    wiring.accounts().put_client(client)
    assert printed("export") == (0, [])
    wiring.mentions().record([mention])
    wish = Wish(label="tone", value="positive", by="Jeanne")
    wiring.feedback().give(client, mention.mention_id, wish)
    code, (example,) = printed("export")
    assert code == 0
    assert set(example) == {"id", "text", "title", "lang", "platform", "entity", "labels"}
    assert example["labels"] == {"tone": "positive"}
    assert printed("report") == (
        0,
        [{"label": "tone", "given": 1, "confirmed": 0, "changed": {"neutral → positive": 1}}],
    )


def test_an_unknown_client_is_refused(stack: Stack) -> None:
    """Exit 1, and the name that is wrong."""
    assert printed("report", "nobody") == (1, [])
