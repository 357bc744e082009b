"""``vigie why``: its help documents what it prints, and a stack is looked for first."""

import io
from dataclasses import fields
from typing import get_args

import pytest

from vigie.cli import main
from vigie.domain.findings import Finding


@pytest.mark.parametrize("kind", get_args(Finding), ids=lambda kind: kind.__name__)
def test_every_key_of_a_finding_is_documented(kind: type, capsys: pytest.CaptureFixture[str]) -> None:
    """The help names each kind of finding and every key it has."""
    assert main(["why", "--help"]) == 0
    documented = " ".join(capsys.readouterr().out.split())
    name = next(field.default for field in fields(kind) if field.name == "finding")
    paragraph = documented.partition(f" {name} ")[2]
    assert [field.name for field in fields(kind) if field.name not in paragraph + "finding says"] == []


def test_an_address_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without an address the command is badly used."""
    assert main(["why"], io.StringIO(), io.StringIO()) == 2
    assert "URL" in capsys.readouterr().err
