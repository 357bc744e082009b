"""Links to sign in, mailed by the function that mails."""

import json
import re
from dataclasses import replace
from urllib.request import urlopen

import pytest

from infra.local.emulator import ACCOUNT
from tests.builders import a_client
from tests.conftest import Cloud
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.domain.clients import Recipient

pytestmark = pytest.mark.emulator
SITE = "https://veille.example/v1"


def mails(cloud: Cloud) -> list[str]:
    """Return what lies in the emulated mailbox."""
    address = f"{cloud.emulator.endpoint_url}/_ministack/ses/messages?account={ACCOUNT}"
    with urlopen(address, timeout=60) as answer:  # noqa: S310 - our own emulator
        return [json.dumps(each) for each in json.load(answer)["messages"].get(ACCOUNT, [])]


def test_a_link_is_mailed_to_who_is_known(
    stack: Stack, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail's link opens the area of the client that knows the address; nobody else is mailed anything."""
    monkeypatch.setenv("VIGIE_SITE_URL", SITE)
    wiring.accounts().put_client(replace(a_client(), recipients=(Recipient("claire@ville.example"),)))
    before = len(mails(cloud))
    stack.call("send", {"sign_in": {"email": "autre@ville.example", "locale": "fr"}})
    assert len(mails(cloud)) == before
    stack.call("send", stack.sample("send", "sign_in"))
    (mail,) = mails(cloud)[before:]
    found = re.search(r"/connexion/([A-Za-z0-9_-]{43})", mail.replace("=\\r\\n", ""))
    assert found
    assert wiring.tokens().peek("sign_in", found[1], wiring.now()) == "claire@ville.example banque-armelie"
