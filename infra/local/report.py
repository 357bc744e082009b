"""What a person reads after a pass: the mails, the feeds' answers, the scores, the API's address."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from infra.local.emulator import ROOT
from infra.local.mailbox import KeptMail
from infra.local.score import score_purposes
from infra.local.score_content import score_content
from infra.local.stack import LocalStack
from vigie import wiring
from vigie.domain.cutoffs import Interval


def print_mails(console: Console, mails: list[KeptMail]) -> None:
    """Print each mail as text, where it is kept, and where to look at it as its reader will."""
    for mail in mails:
        console.rule(f"{mail.to}: {mail.subject}", style="dim")
        console.print(mail.text, markup=False)
        console.print(f"Mail: {short_path(mail.path)}")
        if mail.html_path:
            console.print(f"Page: {mail.html_path.as_uri()}")
    if not mails:
        console.print("No mail: nothing new since the last digests.")


def print_answers(stack: LocalStack) -> None:
    """Print how our feeds answered: the second time, most say 304."""
    answers = ", ".join(f"{count} × {status}" for status, count in stack.newsstand.answers().items())
    if answers:
        stack.console.print(f"The feeds answered: {answers}")


def print_scores(stack: LocalStack, polled_at: datetime) -> None:
    """Print what was found, since the last time this was printed, of what the truth says is new."""
    truth = stack.newsstand.truth
    since, seen = _told_before(stack.home / "told.json", polled_at)
    visible = stack.newsstand.visible_ids(polled_at)
    now = datetime.now(UTC)
    table = Table("client", "watches", "expected", "found", "recall", "precision", title="Against the truth")
    for description in truth["clients"]:
        mentions = wiring.desk().mentions.recorded_in(description["id"], Interval(since, now))
        scores = score_purposes(truth, description["id"], visible, mentions, seen)
        for purpose, score in scores.items():
            shares = (f"{score.recall:.1%}", f"{score.precision:.1%}")
            table.add_row(description["name"], purpose, str(score.expected), str(score.found), *shares)
    stack.console.print(table)
    _print_contents(stack, since, visible, seen)
    told = {"until": now.isoformat(), "ids": sorted(seen | visible)}
    (stack.home / "told.json").write_text(json.dumps(told))


def _print_contents(
    stack: LocalStack, since: datetime, visible: frozenset[str], seen: frozenset[str]
) -> None:
    """Print how what each new digest says compares with the truth: right of those expected."""
    truth, tiers = stack.newsstand.truth, {feed.slug: feed.tier for feed in stack.newsstand.press.feeds}
    table = Table(
        "client", "day", "publications", "subjects", "first three", "sums", title="What the digests say"
    )
    for client in stack.clients:
        for entry in wiring.desk().digest_entries(client)[:1]:
            digest = wiring.desk().digest(client, entry.digest_id)
            if entry.built_at < since or not _is_told(truth, client.client_id):
                continue
            score = score_content(truth, digest, visible, seen, tiers)
            parts = (score.publications, score.subjects, score.first)
            table.add_row(
                client.name,
                f"{entry.interval.until.astimezone(client.tz):%Y-%m-%d}",
                *(f"{part.right} of {part.expected} ({part.found} told)" for part in parts),
                "; ".join(score.wrong_sums) or "add up",
            )
    stack.console.print(table)


def _is_told(truth: Mapping[str, Any], client_id: str) -> bool:
    """Whether the truth knows a client: one added by hand it does not."""
    return any(client["id"] == client_id for client in truth["clients"])


def _told_before(file: Path, first: datetime) -> tuple[datetime, frozenset[str]]:
    """Return until when, and of what, earlier scores told; ``first`` and nothing when there are none."""
    if not file.exists():
        return first, frozenset()
    told = json.loads(file.read_text())
    return datetime.fromisoformat(told["until"]), frozenset(told["ids"])


def print_api(stack: LocalStack) -> None:
    """Print where the API is, with a line to paste for each client."""
    api = stack.deployment.api_url(stack.cloud.endpoint_url)
    stack.console.print(f"API: {api}")
    for client in stack.clients:
        header = f"Authorization: Bearer {stack.keys[client.client_id]}"
        stack.console.print(f"  curl -s -H '{header}' '{api}/clients/{client.client_id}/mentions?limit=5'")


def print_pages(stack: LocalStack) -> None:
    """Print where people sign up, and each client's latest digest on the web, as its first recipient was sent it."""
    stack.console.print(f"Home page: {wiring.settings().site_url}/", soft_wrap=True)
    for client in stack.clients:
        latest = wiring.desk().digest_entries(client)[:1]
        for entry in latest if client.recipients else []:
            email = client.recipients[0].email
            links = wiring.digest_links(client.client_id, entry.digest_id, email, entry.built_at)
            if links is not None:
                stack.console.print(f"Page of {client.name}: {links.page}", soft_wrap=True)


def short_path(path: Path) -> str:
    """Return a path as seen from the checkout, when it is in it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
