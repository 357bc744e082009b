"""``vigie fleet``: how every stack of the account is, and the one dashboard that shows them all."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.adapters.fleet import FleetStack
    from vigie.domain.health.report import HealthReport

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object

SILENT_MINUTES = 35  # a report is due every quarter of an hour
_DESCRIPTION = """\
Print one JSON line per stack of the account, from its last health report, and a table on stderr. Exit 1 when one of
them has a problem, or no report since half an hour. Keys: stack, status (CloudFormation's), at, age_minutes, silent,
well, clients, mentions_24h, freshness_p50_seconds and freshness_p95_seconds (publication to mention, last day),
sources (by health), polls_overdue, waiting (by queue), oldest_minutes, dead_letters, digests_due (to come within a
day), digests_sent (last day), digests_late, alerts_unacknowledged, ledger_gap, ledger_wrong, spent_usd (this month,
estimated), spent_by_work_usd, cap_usd, spending, prices_as_of, problems (code, says, runbook)."""


def add_parser(subparsers: Subparsers) -> None:
    """Add ``fleet``."""
    parser = subparsers.add_parser(
        "fleet",
        help="tell how every stack of the account is",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stack", metavar="STACK", nargs="*", help="these only")
    parser.add_argument(
        "--dashboard", action="store_true", help="print the body of the fleet's dashboard instead"
    )
    parser.add_argument("--put", metavar="NAME", help="write that dashboard to CloudWatch under a name")
    parser.set_defaults(run=run_fleet)


def run_fleet(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Print how each stack is. Raises NotFound for one that is not there."""
    from vigie import wiring
    from vigie.adapters import aws, fleet
    from vigie.cli.stack import connect_account
    from vigie.errors import NotFound

    connect_account()
    stacks = list(fleet.fleet(fleet.account_client("cloudformation")))
    missing = sorted({*args.stack} - {stack.name for stack in stacks})
    if missing:
        raise NotFound(
            f"There is no stack of vigie named {', '.join(missing)} here; vigie fleet lists those there are."
        )
    stacks = [stack for stack in stacks if not args.stack or stack.name in args.stack]
    if args.dashboard or args.put:
        return _dashboard(stacks, args.put, out)
    reports = [fleet.last_report(aws.dynamodb(), stack) for stack in stacks]
    lines = [line_of(stack, report, wiring.now()) for stack, report in zip(stacks, reports, strict=True)]
    for line in lines:
        print(json.dumps(line, ensure_ascii=False), file=out)
    for row in table_of(lines):
        print(row, file=err)
    return int(any(line["silent"] or not line["well"] for line in lines))


def line_of(stack: "FleetStack", report: "HealthReport | None", now: "datetime") -> dict[str, Any]:
    """Return what is printed of one stack."""
    from vigie.domain.health.summary import summary_of

    if report is None:
        return {"stack": stack.name, "status": stack.status, "at": None, "silent": True, "well": False}
    age_minutes = int((now - report.at).total_seconds() // 60)
    shown = summary_of(report)
    return {
        "stack": stack.name,
        "status": stack.status,
        "age_minutes": age_minutes,
        "silent": age_minutes >= SILENT_MINUTES,
        **{name: value for name, value in shown.items() if name != "stack"},
    }


def table_of(lines: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the table that people read: a row per stack, what is wrong below it."""
    heads = f"{'p50':>7} {'p95':>7} {'failing':>9} {'sent':>6} {'late':>5} {'dead':>5} {'US$':>8}"
    yield f"{'stack':<28} {'report':>8} {heads}"
    for line in lines:
        if line["at"] is None:
            yield f"{line['stack']:<28} {'none yet':>8}"
            continue
        followed, failing = sum(line["sources"].values()), line["sources"].get("failing", 0)
        yield (
            f"{line['stack']:<28} {line['age_minutes']:>4} min {_span(line['freshness_p50_seconds']):>7} "
            f"{_span(line['freshness_p95_seconds']):>7} {f'{failing}/{followed}':>9} {line['digests_sent']:>6} "
            f"{line['digests_late']:>5} {line['dead_letters']:>5} {line['spent_usd']:>8.2f}"
        )
        yield from (f"    {problem['says']} See {problem['runbook']}." for problem in line["problems"])
        if line["silent"]:
            yield f"    No report since {line['at']}. See docs/runbooks/bad-release.md."
    spent = sum(line.get("spent_usd", 0) for line in lines)
    yield f"{len(lines)} stacks, {sum(bool(line['well']) for line in lines)} well, {spent:.2f} US$ this month"


def _dashboard(stacks: "list[FleetStack]", name: str | None, out: TextIO) -> int:
    from vigie.adapters.fleet import account_client
    from vigie.domain.health.dashboard import dashboard_of

    watch = account_client("cloudwatch")
    body = dashboard_of([stack.name for stack in stacks], str(watch.meta.region_name))
    if name:
        watch.put_dashboard(DashboardName=name, DashboardBody=json.dumps(body))
        print(json.dumps({"dashboard": name, "stacks": len(stacks)}), file=out)
    else:
        print(json.dumps(body, indent=2), file=out)
    return 0


def _span(seconds: int | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds // 60} min" if seconds < 7_200 else f"{seconds / 3_600:.0f} h"
