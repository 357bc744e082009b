"""Compaction on the emulated bucket, and the command that asks what it made."""

import gzip
import io
import json
from datetime import timedelta

from tests.builders import a_document
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.cli import main
from vigie.messages import encode


def archive_a_poll(hours_ago: float = 30) -> None:
    """Keep a poll of a while ago, with one document of then."""
    at = wiring.now() - timedelta(hours=hours_ago)
    document = a_document("La banque ferme trois guichets", seen_at=at, published_at=at)
    content = gzip.compress(encode({"batch_id": "b", "documents": [document]}))
    wiring.blobs().put(
        f"archive/{at:%Y/%m/%d/%H}/0001-{at:%Y%m%dT%H%M%S%f}.json.gz", content, "application/gzip"
    )


def test_what_is_compacted_answers_a_back_test(stack: Stack) -> None:
    """An archived poll becomes a segment, and the command prints what a query finds in it."""
    archive_a_poll()
    report = stack.call("compact", stack.sample("compact", "every_hour"))
    assert (report["hours"], report["documents"], report["unreadable"]) == (1, 1, [])
    assert stack.call("compact", stack.sample("compact", "by_hand"))["hours"] == 0
    out, err = io.StringIO(), io.StringIO()

    code = main(["query", "backtest", "guichet*", "--days", "3", "--quota", "10"], out, err)

    (line,) = out.getvalue().splitlines()
    result = json.loads(line)
    assert code == 0
    assert (result["mentions"], result["noisiest"]["term"], result["lint"]) == (1, "guichet*", [])
    assert result["samples"][0]["evidence"][0]["words"] == "guichets"
    assert err.getvalue().splitlines()[-1] == "vigie: 100% read, 1 mentions"
