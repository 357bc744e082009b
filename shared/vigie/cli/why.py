"""``vigie why URL``: what became of an address, from the source that should bring it to the mail it went out in."""

import argparse
import json
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object

DAYS = 30  # the bucket keeps polls as long

_DESCRIPTION = """\
Print what became of an address, one JSON line per finding, in the order of the flow. Every line has "finding", its
kind, and "says", a sentence. The kinds and their keys:

  address  the verdict: url, canonical_url, outcome (seen, not_seen, not_followed: no source shares its site either),
           documents, since, polls_read and unreadable (archived polls)
  source   a source that shares the site or brought it: source_id, name, url, carried, health, polled_at,
           succeeded_at, next_poll_at, failing_since, failure, gap_at
  seen     an archived poll that holds it: document_id, source_id, source_name, title, url, published_at, seen_at,
           delay_seconds and late (by the date it carries), batch_id, queued
  parked   what a stage gave up: stage, thing_id, reason, parked_at
  client   what a client got: client_id, document_id, outcome (kept, held, backfilled, not_recorded, watch_is_newer,
           on_its_way, parked, not_matched), watches, words, recorded_at, story_id, role, held_reason, note,
           competitor_only, digest_id, digest (none, to_come, due, sent, partly_sent, unsent), send_at, recipients,
           sent_to
  watch    with --client, each watch as it is today: client_id, watch_id, watch_name, document_id, matched, words,
           failed (the clauses that failed it), clauses (the whole tree), problem
  others   clients it does not concern: document_id, clients

Addresses are compared without tracking parameters, AMP, "www." and the like."""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``why``."""
    why = subparsers.add_parser(
        "why",
        help="tell what became of an address",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    why.add_argument("url", metavar="URL", help="the article's address")
    why.add_argument("--client", metavar="ID", help="this client only, with every watch's clauses")
    why.add_argument(
        "--days", metavar="N", type=int, default=DAYS, help="read N days of the archive (%(default)s)"
    )
    why.set_defaults(run=run_why)


def run_why(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print the findings on an address; 0 whatever they are."""
    from vigie import views, wiring
    from vigie.cli.stack import connect

    connect()
    findings = wiring.why().run(
        args.url,
        days=args.days,
        client_id=args.client,
        tell=lambda sentence: print(f"vigie: {sentence}", file=err),
    )
    for finding in findings:
        print(json.dumps(views.plain(finding), ensure_ascii=False), file=out)
    return 0
