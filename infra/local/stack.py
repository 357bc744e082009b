"""The local stack: everything that must be running before a pass, opened in order and closed in reverse."""

import json
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from infra import layer
from infra.local import register
from infra.local.cloud import Cloud, enter
from infra.local.deploy import ON_THE_EMULATOR, Blueprint, Deployment, deploy
from infra.local.emulator import HOST, LAUNCHER, Emulator
from infra.local.mailbox import Mailbox
from infra.local.newsstand import Newsstand
from infra.local.options import Options
from infra.local.seed import load_keys, save_keys, seed_clients, seed_credentials, seed_sources
from infra.local.stripe import serving
from infra.template import Template
from vigie import wiring
from vigie.domain.clients import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalStack:
    """A stack that runs on this machine: what a pass needs."""

    console: Console
    emulator: Emulator
    cloud: Cloud
    deployment: Deployment
    newsstand: Newsstand
    mailbox: Mailbox
    clients: list[Client]
    keys: Mapping[str, str]
    home: Path


@contextmanager
def open_stack(
    options: Options, home: Path, console: Console, launcher: Path = LAUNCHER
) -> Iterator[LocalStack]:
    """Start, deploy and seed; stop when the block ends. Raises CannotRun when something stands in the way."""
    newsstand = Newsstand(options, home, datetime.now(UTC))
    sources = newsstand.sources()
    parameters = _parameters(newsstand)
    with ExitStack() as opened:
        mailbox = opened.enter_context(Mailbox(home / "outbox", f"http://{HOST}:{options.port}"))
        stripe = opened.enter_context(serving())
        companies = opened.enter_context(register.serving())
        told = newsstand.worker_environment | mailbox.worker_environment
        told |= stripe.worker_environment | companies.worker_environment
        emulator = Emulator(
            home,
            port=options.port,
            worker_environment=told,
            enforces_iam=True,
            launcher=launcher,
            warm_seconds=90,  # longer than a minute: the schedules' workers stay warm between two ticks
        )
        opened.enter_context(emulator)
        opened.callback(_hold_signals, console)
        opened.enter_context(newsstand.open())
        cloud = Cloud(emulator.environment())
        deployment = _deploy(cloud, parameters, home)
        _enter(emulator, deployment, parameters | {"SiteUrl": deployment.api_url(cloud.endpoint_url)}, home)
        seed_credentials(cloud, f"/{deployment.stack}/connectors", newsstand.credentials)
        seed_credentials(cloud, f"/{deployment.stack}", {"stripe": stripe.keys})
        stripe.webhook_url = f"{deployment.api_url(cloud.endpoint_url)}/stripe"
        mailbox.announce = _announcer(cloud, deployment)
        keys = load_keys(home / "keys.json")
        demo_clients = newsstand.truth["clients"]
        clients = seed_clients(wiring.desk(), wiring.accounts(), demo_clients, options.watch, keys)
        save_keys(home / "keys.json", keys)
        seed_sources(wiring.sources(), sources, wiring.settings().shard_count)
        for line in newsstand.refused:
            console.print(f"Not followed: line {line.line}, {line.text}: {line.reason}")
        yield LocalStack(
            console=console,
            emulator=emulator,
            cloud=cloud,
            deployment=deployment,
            newsstand=newsstand,
            mailbox=mailbox,
            clients=clients,
            keys=keys,
            home=home,
        )


def _parameters(newsstand: Newsstand) -> dict[str, str]:
    """Return what differs from the template's defaults here: our own feeds are polled at leisure."""
    ours = {"PollIntervalSeconds": "60", "HostSpacingSeconds": "0"} if newsstand.is_ours else {}
    return {**ON_THE_EMULATOR, "SignUp": "on", **ours}


def _deploy(cloud: Cloud, parameters: Mapping[str, str], home: Path) -> Deployment:
    """Deploy; and once more when the API's address here, which only a deployment tells, is not what mails name."""
    template = Template.read().document
    built = layer.build("local")

    def with_site(url: str) -> Deployment:
        known = {**parameters, "SiteUrl": url}
        return deploy(cloud, Blueprint(template=template, layer=built.zip_path, parameters=known))

    named = _environment_before(home).get("VIGIE_SITE_URL", "")
    deployment = with_site(named)
    address = deployment.api_url(cloud.endpoint_url)
    return deployment if address == named else with_site(address)


def _environment_before(home: Path) -> dict[str, str]:
    """Return what the last run here told ``vigie`` commands."""
    file = home / "local.json"
    return dict(json.loads(file.read_text())["environment"]) if file.exists() else {}


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


def _hold_signals(console: Console) -> None:
    """Let nothing interrupt the stop: the emulator is saving what it holds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    console.print("Stopping the emulated cloud…")
