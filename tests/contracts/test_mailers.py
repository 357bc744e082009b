"""Contract of Mailer: SES, an SMTP server and the fake say the same things by the same errors."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from botocore.stub import Stubber

from infra.local.emulator import free_port
from tests.adapters.test_ses import a_server_that_stays_silent
from tests.adapters.test_ses import client as ses_client
from tests.adapters.test_smtp import MAIL, plainly, serving
from tests.fakes import FakeMailer
from vigie.adapters.ses import SesMailer
from vigie.errors import Permanent, Transient, Unanswered
from vigie.ports import Mailer

Stage = Callable[[str], Mailer]
"""Makes a mailer whose provider takes, refuses, asks to wait, stays silent, or is not there."""


@pytest.fixture(params=["fake", "ses", "smtp"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Return what makes mailers of one provider."""
    with ExitStack() as stack:
        yield {"fake": _fake, "ses": lambda kind: _ses(kind, stack), "smtp": lambda kind: _smtp(kind, stack)}[
            request.param
        ]


def _fake(kind: str) -> Mailer:
    mailer = FakeMailer()
    said = {"refuses": Permanent("no"), "waits": Transient("later"), "absent": Transient("nobody")}
    said["silent"] = Unanswered("no word")
    if kind in said:
        mailer.refusals[MAIL.to] = said[kind]
    return mailer


def _ses(kind: str, stack: ExitStack) -> Mailer:
    address = stack.enter_context(a_server_that_stays_silent()) if kind == "silent" else "http://127.0.0.1:9"
    ses = ses_client(address)
    stack.callback(ses.close)
    if kind in {"takes", "refuses", "waits"}:
        stub = stack.enter_context(Stubber(ses))
        if kind == "takes":
            stub.add_response("send_email", {"MessageId": "0107"})
        else:
            code = {"refuses": "MessageRejected", "waits": "TooManyRequestsException"}[kind]
            stub.add_client_error("send_email", code, "…", 400)
    return SesMailer(ses, "vigie")


def _smtp(kind: str, stack: ExitStack) -> Mailer:
    if kind == "absent":
        return plainly(free_port(in_a_row=2))
    _, port = stack.enter_context(serving())
    mailer = plainly(port)
    name = {"refuses": "spam", "waits": "later", "silent": "silent"}.get(kind, "lectrice")

    class Named(Mailer):
        """Sends to the address that makes the server behave so."""

        def send(self, mail):  # type: ignore[no-untyped-def]
            return mailer.send(replace(mail, to=f"{name}@banque.example"))

    return Named()


def test_a_mail_that_is_taken_has_the_providers_id(stage: Stage) -> None:
    """Whatever it looks like, it is there."""
    assert stage("takes").send(MAIL)


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [("refuses", Permanent), ("waits", Transient), ("absent", Transient), ("silent", Unanswered)],
)
def test_what_is_not_taken_is_told_by_its_error(stage: Stage, kind: str, meaning: type[Exception]) -> None:
    """Never, later, nobody there, nobody knows: the step reacts to nothing else."""
    with pytest.raises(meaning) as raised:
        stage(kind).send(MAIL)
    assert type(raised.value) is meaning
