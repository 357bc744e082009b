"""What stacks are deployed from: built once, named by content."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.local.cloud import Cloud
from infra.stacks.accounts import LocalAccount
from infra.stacks.artefacts import Artefacts
from tests import conftest
from vigie.errors import NotFound

TEMPLATE = {
    "Parameters": {},
    "Resources": {
        "Layer": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "build/aws.zip"}},
        "Function": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "functions/one"}},
    },
}


@pytest.fixture
def account(cloud: conftest.Cloud) -> LocalAccount:
    """Return the emulator as an account."""
    return LocalAccount(Cloud(cloud.emulator.environment()))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a checkout with one function and a layer."""
    (tmp_path / "functions" / "one").mkdir(parents=True)
    (tmp_path / "functions" / "one" / "app.py").write_text("handler = print\n")
    with zipfile.ZipFile(tmp_path / "layer.zip", "w") as archive:
        archive.writestr("python/nothing.py", "")
    return tmp_path


def keys(account: LocalAccount, artefacts: Artefacts) -> dict[str, Any]:
    """Return what is in the bucket, and when it was put there."""
    found = account.client("s3").list_objects_v2(Bucket=artefacts.bucket)["Contents"]
    return {each["Key"]: each["LastModified"] for each in found}


@pytest.mark.emulator
def test_the_same_sources_are_one_release(account: LocalAccount, root: Path) -> None:
    """Built again, nothing is put again and the name is the same; changed code is another release."""
    artefacts = Artefacts(account)
    first = artefacts.release(TEMPLATE, root / "layer.zip", root)
    before = keys(account, artefacts)
    assert Artefacts(account).release(TEMPLATE, root / "layer.zip", root) == first
    assert keys(account, artefacts) == before
    (root / "functions" / "one" / "app.py").write_text("handler = repr\n")
    second = artefacts.release(TEMPLATE, root / "layer.zip", root)
    assert second.release_id != first.release_id
    named = [
        each.template["Resources"]["Layer"]["Properties"]["ContentUri"]["Key"] for each in (first, second)
    ]
    assert named[0] == named[1]  # one layer for both
    assert set(before) < set(keys(account, artefacts))


@pytest.mark.emulator
def test_a_former_release_is_found_by_its_name(account: LocalAccount, root: Path) -> None:
    """What was deployed once can be gone back to; another name is not found."""
    artefacts = Artefacts(account)
    release = artefacts.release(TEMPLATE, root / "layer.zip", root)
    assert artefacts.former(release.release_id) == release
    with pytest.raises(NotFound, match="There is no release 000000000000"):
        artefacts.former("000000000000")
