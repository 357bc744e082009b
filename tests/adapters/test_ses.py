"""Mail through SES: what each of its answers means, and that the mail is as it was composed."""

import json
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from infra.local.emulator import ACCOUNT
from tests.conftest import Cloud
from vigie.adapters import aws
from vigie.adapters.ses import SesMailer, mails_per_second
from vigie.errors import Permanent, Transient, Unanswered
from vigie.ports import Mail

RAW = (
    b"From: veille@agence.example\r\nTo: lectrice@banque.example\r\nSubject: =?utf-8?q?34_retomb=C3=A9es?=\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nBonjour.\r\n"
)
MAIL = Mail(
    delivery_key="banque_20261208T061500Z_0123456789abcdef",
    message_id="<1@agence.example>",
    sender="veille@agence.example",
    to="lectrice@banque.example",
    raw=RAW,
)


def client(endpoint_url: str = "http://127.0.0.1:9") -> Any:
    """Return a client that talks to ``endpoint_url``, once and not for long."""
    return boto3.client(
        "sesv2",
        region_name="eu-west-3",
        endpoint_url=endpoint_url,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="x",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=0.3, connect_timeout=1),
    )


@pytest.mark.parametrize(
    ("code", "status", "meaning"),
    [
        ("TooManyRequestsException", 429, Transient),
        ("LimitExceededException", 400, Transient),
        ("SendingPausedException", 400, Transient),
        ("MailFromDomainNotVerifiedException", 400, Transient),
        ("ServiceUnavailable", 503, Transient),
        ("MessageRejected", 400, Permanent),
        ("BadRequestException", 400, Permanent),
        ("InternalFailure", 500, Unanswered),
    ],
)
def test_each_answer_calls_for_its_reaction(code: str, status: int, meaning: type[Exception]) -> None:
    """Later, never, or nobody knows."""
    ses = client()
    with Stubber(ses) as stub:
        stub.add_client_error("send_email", code, "…", status)
        with pytest.raises(meaning) as raised:
            SesMailer(ses, "vigie").send(MAIL)
    assert type(raised.value) is meaning
    ses.close()


def test_a_mail_that_never_left_may_be_sent_again() -> None:
    """Without a connection nothing was sent."""
    ses = client()
    with pytest.raises(Transient) as raised:
        SesMailer(ses, "vigie").send(MAIL)
    assert type(raised.value) is Transient
    ses.close()


@contextmanager
def a_server_that_stays_silent() -> Iterator[str]:
    """Accept connections, read, and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def accept() -> None:
            try:
                while True:
                    held.append(server.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in held:
            connection.close()


def test_silence_says_neither_sent_nor_not() -> None:
    """The request may have arrived: only the provider's own event can tell."""
    with a_server_that_stays_silent() as endpoint_url:
        ses = client(endpoint_url)
        with pytest.raises(Unanswered):
            SesMailer(ses, "vigie").send(MAIL)
        ses.close()


def test_a_key_that_cannot_be_a_tag_is_a_fault() -> None:
    """SES would refuse it on AWS, though no emulator does: it fails here at once."""
    ses = client()
    with pytest.raises(ValueError, match="SES tag"):
        SesMailer(ses, "vigie").send(Mail(delivery_key="a.b", message_id="", sender="", to="", raw=b""))
    ses.close()


@pytest.mark.emulator
def test_the_mail_arrives_as_composed(cloud: Cloud) -> None:
    """The inbox shows sender, recipient, subject and text; an unknown sender is refused for good."""
    aws.ses().create_configuration_set(ConfigurationSetName="vigie")
    mailer = SesMailer(aws.ses(), "vigie")
    with pytest.raises(Permanent):
        mailer.send(MAIL)
    aws.ses().create_email_identity(EmailIdentity=MAIL.sender)
    assert mailer.send(MAIL)
    address = f"{cloud.emulator.endpoint_url}/_ministack/ses/messages?account={ACCOUNT}"
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own emulator
        inbox = json.load(answer)["messages"][ACCOUNT]  # of the whole run: other tests mail too
    (mail,) = [mail for mail in inbox if mail["To"] == [MAIL.to]]
    assert (mail["Source"], mail["To"], mail["Subject"]) == (MAIL.sender, [MAIL.to], "34 retombées")


@pytest.mark.emulator
def test_the_account_says_how_many_mails_a_second_it_takes(cloud: Cloud) -> None:
    """The emulator's is 14; an account whose quota cannot be read now is asked again later."""
    del cloud  # whose clients these are
    assert mails_per_second(aws.ses()) == 14
    ses = client()
    with Stubber(ses) as stub:
        stub.add_client_error("get_account", "TooManyRequestsException", "…", 429)
        with pytest.raises(Transient, match="quota"):
            mails_per_second(ses)
    ses.close()
