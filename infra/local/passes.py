"""A pass: every source is polled, the queues run dry, each interval is closed and its digest mailed."""

import json
import time
from datetime import UTC, datetime
from typing import Any

from rich.markup import escape

from infra import functions
from infra.local import report
from infra.local.drain import Drain, depths
from infra.local.mailbox import KeptMail
from infra.local.progress import Counter, Screen
from infra.local.stack import LocalStack
from infra.local.trouble import CannotRun
from vigie import wiring

STALL_SECONDS = 150.0  # longer than the longest worker: a poll may take two minutes
WORRY_SECONDS = 15.0  # nothing moves: say what went wrong, if something did
QUEUES = {
    "shards": "ShardsQueueUrl",
    "fetched": "FetchedQueueUrl",
    "matched": "MatchedQueueUrl",
    "grouped": "GroupedQueueUrl",
    "digests": "DigestsQueueUrl",
}

BACKFILLED = frozenset({"matched"})
"""Where what a new watch finds in the archive waits five minutes for what is being polled: no pass waits for that."""


def one_pass(stack: LocalStack) -> bool:
    """Poll everything, close every interval, mail the digests; return whether every client has got its own."""
    mails_before, letters_before = len(stack.mailbox.kept()), dead_letters(stack)
    counter = count_from_now(stack)
    with Screen(stack.console) as screen:
        invoke(stack, "ScheduleFunction", {"force": True})
        _drain(stack, counter, screen)
        cutoff = invoke(stack, "DigestFunction", {"cutoff_at": "now", "skip_unchanged": True})
        _drain(stack, counter, screen)
    mails = stack.mailbox.kept()[mails_before:]
    report.print_mails(stack.console, mails)
    report.print_answers(stack)
    if stack.newsstand.is_demo:
        report.print_scores(stack, counter.since)
    report.print_api(stack)
    report.print_pages(stack)
    letters = dead_letters(stack) - letters_before
    if letters:
        error = escape(_last_error(stack, counter.since) or "no function logged an error")
        stack.console.print(f"[bold red]{letters} dead letters. {error}[/]")
    return not letters and _served(stack, cutoff["digests"], mails)


def _served(stack: LocalStack, built: list[dict[str, str]], mails: list[KeptMail]) -> bool:
    """Whether each client has a digest, and each digest built now its mail; says who has not."""
    recipients = {mail.to for mail in mails}
    complete = True
    for client in stack.clients:
        has_digest = bool(wiring.desk().digest_entries(client))
        expects_mail = any(item["client_id"] == client.client_id for item in built)
        got_mail = any(recipient.email in to for recipient in client.recipients for to in recipients)
        if not has_digest or (expects_mail and not got_mail):
            stack.console.print(f"[bold red]{client.name} did not get its digest.[/]")
            complete = False
    return complete


def invoke(stack: LocalStack, function: str, event: dict[str, Any]) -> Any:
    """Call a function, named by the template's output, and return its answer. Raises CannotRun when it fails."""
    try:
        return functions.invoke(stack.cloud.client("lambda"), stack.deployment.outputs[function], event)
    except functions.FunctionFailedError as failed:
        raise CannotRun(f"{function} failed: {failed}") from failed


def _drain(stack: LocalStack, counter: Counter, screen: Screen) -> None:
    """Wait until nothing waits. Raises CannotRun when nothing moves any more."""
    drain, warned = Drain(stall_seconds=STALL_SECONDS), ""
    while not drain.drained:
        now = waiting(stack)
        figures = counter.read(datetime.now(UTC), now, len(stack.mailbox.kept()))
        screen.show(figures)
        drain.look(now, time.monotonic(), done=figures.line)
        if drain.still_seconds(time.monotonic()) > WORRY_SECONDS and (
            error := _last_error(stack, counter.since)
        ):
            if error != warned:
                stack.console.print(f"[yellow]{escape(error)}[/]")
            warned = error
        if drain.stalled(time.monotonic()):
            raise CannotRun(
                f"Nothing moves any more ({figures.line}). {warned or 'No function logged an error.'}"
            )
        time.sleep(0.3)


def count_from_now(stack: LocalStack) -> Counter:
    """Return a counter of what is done from this instant on."""
    return Counter(
        sources=wiring.sources(),
        mentions=wiring.desk().mentions,
        digests=wiring.desk().digests,
        clients=stack.clients,
        since=datetime.now(UTC),
        documents_before=wiring.sources().odometer().fetched,
    )


def waiting(stack: LocalStack) -> dict[str, int]:
    """Return what each queue holds, but for what is put off."""
    urls = {name: stack.deployment.outputs[output] for name, output in QUEUES.items()}
    return depths(stack.cloud, urls, put_off=BACKFILLED)


def dead_letters(stack: LocalStack) -> int:
    """Return how many messages nobody could do anything with."""
    return depths(stack.cloud, {"dead": stack.deployment.outputs["DeadLettersUrl"]})["dead"]


def _last_error(stack: LocalStack, since: datetime) -> str:
    """Return the newest error a function logged since an instant, with its function; empty when there is none."""
    found = functions.last_error(stack.cloud.client("logs"), stack.deployment.outputs, since)
    return f"{found[0]}: {_told(found[1])}" if found else ""


def _told(message: str) -> str:
    """Return what a log line says in one line: the error's last words when it carries a traceback."""
    try:
        record = json.loads(message)
    except ValueError:
        return message.strip().splitlines()[-1]
    lines = str(record.get("exception", "")).strip().splitlines()
    return f"{record.get('message', '')} {lines[-1] if lines else ''}".strip()
