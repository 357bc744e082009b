"""``make run``: feeds in, digests out, on this machine; see ``Options`` for what can be asked.

A pass: every source is polled, the queues run dry, each client's interval is closed and its digest mailed.
What a pass needs is opened in order and closed in reverse, the emulator last but one, so that nothing is lost.
"""

import json
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.table import Table

from infra import layer
from infra.demo_press import visible_ids
from infra.local.cloud import Cloud, enter
from infra.local.deploy import Blueprint, Deployment, deploy
from infra.local.drain import Drain, depths
from infra.local.emulator import HOST, ROOT, Emulator
from infra.local.mailbox import KeptMail, Mailbox
from infra.local.newsstand import Newsstand
from infra.local.options import Options
from infra.local.progress import Counter, Screen
from infra.local.score import score_purposes
from infra.local.seed import load_keys, save_keys, seed_clients, seed_sources
from infra.local.trouble import CannotRun
from infra.template import Template
from vigie import wiring
from vigie.domain.clients import Client
from vigie.domain.cutoffs import Interval

HOME = ROOT / ".vigie"
STALL_SECONDS = 150.0  # longer than the longest worker: a poll may take two minutes
QUEUES = {
    "shards": "ShardsQueueUrl",
    "fetched": "FetchedQueueUrl",
    "matched": "MatchedQueueUrl",
    "grouped": "GroupedQueueUrl",
    "digests": "DigestsQueueUrl",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A local stack that runs: what a pass needs."""

    console: Console
    cloud: Cloud
    deployment: Deployment
    newsstand: Newsstand
    mailbox: Mailbox
    clients: list[Client]
    keys: Mapping[str, str]
    home: Path


def main(environment: Mapping[str, str], home: Path = HOME) -> int:
    """Run until Ctrl-C, or for one pass; return 0 when every client got its digest."""
    console = Console(highlight=False, soft_wrap=True)
    options = Options.from_mapping(environment)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _stack(options, home, console) as run:
            complete = one_pass(run)
            if not options.once:
                _watch(run)
            return 0 if complete else 1
    except KeyboardInterrupt:
        console.print("Stopped; the next `make run` goes on from here.")
        return 0


# -- the stack ----------------------------------------------------------------------------------------------


@contextmanager
def _stack(options: Options, home: Path, console: Console) -> Iterator[Run]:
    newsstand = Newsstand(options, home, datetime.now(UTC))
    sources = newsstand.sources()
    parameters = _parameters(newsstand)
    with ExitStack() as opened:
        mailbox = opened.enter_context(Mailbox(home / "outbox", f"http://{HOST}:{options.port}"))
        emulator = Emulator(
            home,
            port=options.port,
            worker_environment=newsstand.worker_environment | mailbox.worker_environment,
            warm_seconds=90,  # longer than a minute: the schedules' workers stay warm between two ticks
        )
        opened.enter_context(emulator)
        opened.enter_context(newsstand.open())
        opened.callback(
            signal.signal, signal.SIGINT, signal.SIG_IGN
        )  # while stopping, the state is being saved
        cloud = Cloud(emulator.environment())
        deployment = _deploy(cloud, parameters)
        _enter(emulator, deployment, parameters, home)
        mailbox.announce = _announcer(cloud, deployment)
        keys = load_keys(home / "keys.json")
        demo_clients = newsstand.press.truth["clients"]
        clients = seed_clients(wiring.desk(), wiring.accounts(), demo_clients, options.watch, keys)
        save_keys(home / "keys.json", keys)
        seed_sources(wiring.sources(), sources, wiring.settings().shard_count)
        for line in newsstand.refused:
            console.print(f"Not followed: line {line.line}, {line.text}: {line.reason}")
        yield Run(
            console=console,
            cloud=cloud,
            deployment=deployment,
            newsstand=newsstand,
            mailbox=mailbox,
            clients=clients,
            keys=keys,
            home=home,
        )


def _parameters(newsstand: Newsstand) -> dict[str, str]:
    """Return what differs from the template's defaults here: few workers, and our own feeds polled at leisure."""
    ours = {"PollIntervalSeconds": "60", "HostSpacingSeconds": "0"} if newsstand.is_ours else {}
    return {"RequireTls": "false", "Workers": "few", "SettleSeconds": "60", **ours}


def _deploy(cloud: Cloud, parameters: Mapping[str, str]) -> Deployment:
    template = Template.read().document
    built = layer.build("local")
    return deploy(cloud, Blueprint(template=template, layer=built.zip_path, parameters=parameters))


def _enter(emulator: Emulator, deployment: Deployment, parameters: Mapping[str, str], home: Path) -> None:
    """Make this process, and every ``vigie`` command under this folder, talk to the stack."""
    environment = emulator.environment() | deployment.settings(parameters)
    enter(environment)
    wiring.settings.cache_clear()
    (home / "local.json").write_text(json.dumps({"environment": environment}, indent=1))


def _announcer(cloud: Cloud, deployment: Deployment) -> Callable[[dict[str, Any]], None]:
    """Return what publishes SES's events on the stack's topic: the emulator's SES has none."""
    sns, formation = cloud.client("sns"), cloud.client("cloudformation")
    found = formation.describe_stack_resource(StackName=deployment.stack, LogicalResourceId="MailEventsTopic")
    topic = found["StackResourceDetail"]["PhysicalResourceId"]

    def announce(event: dict[str, Any]) -> None:
        sns.publish(TopicArn=topic, Message=json.dumps(event))

    return announce


# -- a pass -------------------------------------------------------------------------------------------------


def one_pass(run: Run) -> bool:
    """Poll everything, close every interval, mail the digests; return whether every client has got its own."""
    started = datetime.now(UTC)
    mails_before, letters_before = len(run.mailbox.kept()), _dead_letters(run)
    visible = visible_ids(run.newsstand.press, started) if run.newsstand.is_demo else frozenset()
    counter = Counter(
        sources=wiring.sources(),
        mentions=wiring.desk().mentions,
        digests=wiring.desk().digests,
        clients=run.clients,
        since=started,
        documents_before=wiring.sources().odometer().fetched,
    )
    with Screen(run.console) as screen:
        _invoke(run, "ScheduleFunction", {"force": True})
        _drain(run, counter, screen)
        cutoff = _invoke(run, "DigestFunction", {"cutoff_at": "now", "skip_unchanged": True})
        _drain(run, counter, screen)
    mails = run.mailbox.kept()[mails_before:]
    _print_mails(run, mails)
    _print_answers(run)
    if run.newsstand.is_demo:
        _print_scores(run, started, visible)
    _print_api(run)
    letters = _dead_letters(run) - letters_before
    if letters:
        run.console.print(f"[bold red]{letters} dead letters: {_last_error(run)}[/]")
    return not letters and _served(run, cutoff["digests"], mails)


def _served(run: Run, built: list[dict[str, str]], mails: list[KeptMail]) -> bool:
    """Whether each client has a digest, and each digest built now its mail; says who has not."""
    recipients = {mail.to for mail in mails}
    complete = True
    for client in run.clients:
        has_digest = bool(wiring.desk().digest_entries(client))
        expects_mail = any(item["client_id"] == client.client_id for item in built)
        got_mail = any(recipient.email in to for recipient in client.recipients for to in recipients)
        if not has_digest or (expects_mail and not got_mail):
            run.console.print(f"[bold red]{client.name} did not get its digest: {_last_error(run)}[/]")
            complete = False
    return complete


def _invoke(run: Run, function: str, event: dict[str, Any]) -> Any:
    answer = run.cloud.client("lambda").invoke(
        FunctionName=run.deployment.outputs[function], Payload=json.dumps(event)
    )
    payload = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        raise CannotRun(f"{function} failed: {payload.get('errorMessage', payload)}")
    return payload


def _drain(run: Run, counter: Counter, screen: Screen) -> None:
    """Wait until nothing waits. Raises CannotRun when nothing moves any more."""
    urls = {name: run.deployment.outputs[output] for name, output in QUEUES.items()}
    drain = Drain(stall_seconds=STALL_SECONDS)
    while not drain.drained:
        waiting = depths(run.cloud, urls)
        figures = counter.read(datetime.now(UTC), waiting, len(run.mailbox.kept()))
        screen.show(figures)
        drain.look(waiting, time.monotonic(), done=figures.line)
        if drain.stalled(time.monotonic()):
            raise CannotRun(f"Nothing moves any more ({figures.line}): {_last_error(run)}")
        time.sleep(0.3)


def _dead_letters(run: Run) -> int:
    return depths(run.cloud, {"dead": run.deployment.outputs["DeadLettersUrl"]})["dead"]


def _last_error(run: Run) -> str:
    """Return the newest error any function logged, with its function."""
    logs = run.cloud.client("logs")
    found = []
    for output, function in run.deployment.outputs.items():
        if output.endswith("Function"):
            for pattern in ('"ERROR"', "Traceback"):
                events = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}", filterPattern=pattern)
                found += [(event["timestamp"], function, event["message"]) for event in events["events"]]
    if not found:
        return "no function logged an error"
    _, function, message = max(found)
    return f"{function} says: {message.strip()[:600]}"


# -- what is shown ------------------------------------------------------------------------------------------


def _print_mails(run: Run, mails: list[KeptMail]) -> None:
    for mail in mails:
        run.console.rule(f"{mail.to}: {mail.subject}", style="dim")
        run.console.print(mail.text, markup=False)
        run.console.print(f"Mail: {_short(mail.path)}")
        if mail.html_path:
            run.console.print(f"Page: {mail.html_path.as_uri()}")
    if not mails:
        run.console.print("No mail: nothing new since the last digests.")


def _print_answers(run: Run) -> None:
    answers = ", ".join(f"{count} × {status}" for status, count in run.newsstand.answers().items())
    if answers:
        run.console.print(f"The feeds answered: {answers}")


def _print_scores(run: Run, started: datetime, visible: frozenset[str]) -> None:
    """Print, for this pass, what was found of what the truth says is new."""
    seen_file = run.home / "seen.json"
    seen = frozenset(json.loads(seen_file.read_text())) if seen_file.exists() else frozenset()
    table = Table("client", "watches", "expected", "found", "recall", "precision", title="Against the truth")
    interval = Interval(started, datetime.now(UTC))
    for description in run.newsstand.press.truth["clients"]:
        mentions = wiring.desk().mentions.recorded_in(description["id"], interval)
        scores = score_purposes(run.newsstand.press.truth, description["id"], visible, mentions, seen)
        for purpose, score in scores.items():
            table.add_row(
                description["name"],
                purpose,
                str(score.expected),
                str(score.found),
                f"{score.recall:.1%}",
                f"{score.precision:.1%}",
            )
    run.console.print(table)
    seen_file.write_text(json.dumps(sorted(seen | visible)))


def _print_api(run: Run) -> None:
    api = run.deployment.api_url(run.cloud.endpoint_url)
    run.console.print(f"API: {api}")
    for client in run.clients:
        header = f"Authorization: Bearer {run.keys[client.client_id]}"
        run.console.print(f"  curl -s -H '{header}' '{api}/clients/{client.client_id}/mentions?limit=5'")


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


# -- going on -----------------------------------------------------------------------------------------------


def _watch(run: Run) -> None:
    """Show what the stack does on its own schedules, and each mail as it leaves, until interrupted."""
    run.console.print("Running on its schedules, every minute; Ctrl-C stops it.")
    if run.newsstand.ended:
        run.console.print("The demo press has told all it had: `make run-clean` begins it anew.")
    urls = {name: run.deployment.outputs[output] for name, output in QUEUES.items()}
    counter = Counter(
        sources=wiring.sources(),
        mentions=wiring.desk().mentions,
        digests=wiring.desk().digests,
        clients=run.clients,
        since=datetime.now(UTC),
        documents_before=wiring.sources().odometer().fetched,
    )
    shown = len(run.mailbox.kept())
    with Screen(run.console) as screen:
        while True:
            mails = run.mailbox.kept()
            _print_mails_as_they_come(run, mails[shown:])
            shown = len(mails)
            screen.show(counter.read(datetime.now(UTC), depths(run.cloud, urls), len(mails)))
            time.sleep(2)


def _print_mails_as_they_come(run: Run, mails: list[KeptMail]) -> None:
    for mail in mails:
        run.console.print(f"Mail to {mail.to}: {mail.subject} ({_short(mail.path)})")


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Stop as for Ctrl-C: what is kept must be kept whoever stops the run."""
    del number, frame
    raise KeyboardInterrupt
