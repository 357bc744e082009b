"""Write the demo press to a folder: ``python -m infra.demo_press --seed 7 --until 2026-11-22 --out DIR``."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from infra.demo_press import generate, render_feed
from infra.demo_press.calendar import end_of


def main(arguments: list[str] | None = None) -> int:
    """Write ``feeds/*.xml``, as they stand at the end of the last day, and ``truth.json``; return 0."""
    parser = argparse.ArgumentParser(prog="python -m infra.demo_press", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--until", type=date.fromisoformat, required=True, help="last day, as 2026-11-22")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    chosen = parser.parse_args(arguments)
    end = end_of(chosen.until)
    press = generate(chosen.seed, end)
    folder = chosen.out / "feeds"
    folder.mkdir(parents=True, exist_ok=True)
    for feed in press.feeds:
        (folder / f"{feed.slug}.xml").write_bytes(render_feed(feed, end))
    truth = json.dumps(press.truth, ensure_ascii=False, indent=1)
    (chosen.out / "truth.json").write_text(truth + "\n", encoding="utf-8")
    documents = len(press.truth["documents"])
    sys.stdout.write(f"{len(press.feeds)} feeds, {documents} documents in {chosen.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
