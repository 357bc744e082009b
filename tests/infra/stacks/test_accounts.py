"""Where stacks live."""

from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from infra.stacks.accounts import AwsAccount


def test_an_object_is_lent_at_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signature is for the host that answers: the global one redirects, and what follows is another's."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)  # other tests' emulator
    session = boto3.Session(aws_access_key_id="AKIA", aws_secret_access_key="x", region_name="eu-west-3")
    address = urlsplit(AwsAccount(session).lent_url("artefacts", "smoke/a.xml"))
    assert (address.hostname, address.path) == ("artefacts.s3.eu-west-3.amazonaws.com", "/smoke/a.xml")
    assert parse_qs(address.query)["X-Amz-Expires"] == ["3600"]


def test_a_template_is_read_at_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    """CloudFormation takes the address of an object, in the region of the stack."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)  # other tests' emulator
    session = boto3.Session(aws_access_key_id="AKIA", aws_secret_access_key="x", region_name="eu-west-3")
    assert (
        AwsAccount(session).object_url("artefacts", "t.json")
        == "https://artefacts.s3.eu-west-3.amazonaws.com/t.json"
    )
