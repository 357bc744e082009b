"""``make run``: feeds in, digests out, on this machine; see ``Options`` for what can be asked."""

import signal
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from rich.console import Console

from infra.local.emulator import ROOT
from infra.local.mailbox import KeptMail
from infra.local.options import Options
from infra.local.passes import count_from_now, one_pass, waiting
from infra.local.progress import Screen
from infra.local.report import short_path
from infra.local.stack import LocalStack, open_stack

HOME = ROOT / ".vigie"


def main(environment: Mapping[str, str], home: Path = HOME) -> int:
    """Run until Ctrl-C, or for one pass; return 0 when every client got its digest."""
    console = Console(highlight=False, soft_wrap=True)
    options = Options.from_mapping(environment)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with open_stack(options, home, console) as stack:
            complete = one_pass(stack)
            if not options.once:
                _watch(stack)
            return 0 if complete else 1
    except KeyboardInterrupt:
        console.print("Stopped; the next `make run` goes on from here.")
        return 130 if options.once else 0  # Ctrl-C is how a run ends, and how a pass does not


def _watch(stack: LocalStack) -> None:
    """Show what the stack does on its own schedules, and each mail as it leaves, until interrupted."""
    stack.console.print("Running on its schedules, every minute; Ctrl-C stops it.")
    if stack.newsstand.ended:
        stack.console.print("The demo press has told all it had: `make run-clean` begins it anew.")
    counter = count_from_now(stack)
    shown = len(stack.mailbox.kept())
    with Screen(stack.console) as screen:
        while True:
            mails = stack.mailbox.kept()
            _print_mails_as_they_come(stack, mails[shown:])
            shown = len(mails)
            screen.show(counter.read(datetime.now(UTC), waiting(stack), len(mails)))
            time.sleep(2)


def _print_mails_as_they_come(stack: LocalStack, mails: list[KeptMail]) -> None:
    for mail in mails:
        stack.console.print(f"Mail to {mail.to}: {mail.subject} ({short_path(mail.path)})")


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Stop as for Ctrl-C: what is kept must be kept whoever stops the run."""
    del number, frame
    raise KeyboardInterrupt
