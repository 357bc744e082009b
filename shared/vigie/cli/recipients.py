"""``vigie recipients list, lift``: who receives what, and whether they are written to."""

import argparse
import json
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from vigie.domain.addresses import Address
    from vigie.domain.clients import Client, Recipient

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
else:
    Subparsers = object


def add_parser(subparsers: Subparsers) -> None:
    """Add ``recipients`` and its commands."""
    recipients = subparsers.add_parser("recipients", help="see who receives digests, and who cannot")
    commands = recipients.add_subparsers(metavar="COMMAND", required=True)
    listing = commands.add_parser(
        "list",
        help="print every recipient",
        description="Print one JSON line per recipient: client_id, email, name, locale, zone, frequency (daily, "
        "weekdays, weekly, spoken, or null for days of their own), send_at, written_to (false when a bounce or a "
        "complaint stands), and suppression (reason, since, until, detail).",
    )
    listing.add_argument("client", metavar="CLIENT", nargs="?", help="one client's only")
    listing.set_defaults(run=run_list)
    lifting = commands.add_parser(
        "lift",
        help="write to an address again",
        description="Forget what an address did: mails go there again. Only once its owner says it is there.",
    )
    lifting.add_argument("email", metavar="EMAIL")
    lifting.set_defaults(run=run_lift)


def run_list(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Print every recipient, or one client's."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    known = {address.email: address for address in wiring.addresses().all()}
    for client in wiring.accounts().clients():
        if args.client in {None, client.client_id}:
            for recipient in client.recipients:
                line = line_of(client, recipient, known.get(recipient.email.lower()))
                print(json.dumps(line, ensure_ascii=False), file=out)
    return 0


def run_lift(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:  # noqa: ARG001 - a command's shape
    """Write to an address again. Raises NotFound for one that is written to."""
    from vigie import wiring
    from vigie.cli.stack import connect

    connect()
    address = wiring.address_desk().lift(args.email)
    print(f"{address.email} is written to again.", file=out)
    return 0


def line_of(client: "Client", recipient: "Recipient", address: "Address | None") -> dict[str, Any]:
    """Return what is printed of one recipient."""
    from vigie import views, wiring
    from vigie.domain.rhythms import frequency_of

    schedule = recipient.schedule or client.schedule
    return {
        "client_id": client.client_id,
        "email": recipient.email,
        "name": recipient.name,
        "locale": recipient.locale or client.locale,
        "zone": recipient.zone or client.zone,
        "frequency": frequency_of(schedule),
        "send_at": f"{schedule.send_at:%H:%M}",
        "written_to": address is None or address.is_written_to(wiring.now()),
        "suppression": views.plain(address.suppression) if address else None,
    }
