"""The real template on the emulated cloud: created once, then updated only by what changed."""

import zipfile
from pathlib import Path

import pytest

from infra.local.cloud import Cloud
from infra.local.deploy import ON_THE_EMULATOR, Blueprint, deploy, packages
from infra.local.emulator import Emulator
from infra.local.trouble import CannotRun
from infra.template import Template


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """Return a layer with nothing in it: no handler runs here."""
    path = tmp_path / "layer.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("python/nothing.py", "")
    return path


@pytest.mark.emulator
def test_deploying_again_is_an_update(layer: Path) -> None:
    """A second deployment changes nothing, a third with another parameter keeps every table and queue."""
    template = Template.read().document
    with Emulator(port=0) as emulator:
        cloud = Cloud(emulator.environment())
        deployments = [
            deploy(cloud, Blueprint(template=template, layer=layer, parameters=ON_THE_EMULATOR | more))
            for more in ({}, {}, {"PollIntervalSeconds": "60"})
        ]
        dynamo, s3 = cloud.client("dynamodb"), cloud.client("s3")
        table, bucket = deployments[0].outputs["SourcesTable"], deployments[0].outputs["Bucket"]
        expiry = dynamo.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        backups = dynamo.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    kept = [{name: d.outputs[name] for name in ("SourcesTable", "ShardsQueueUrl")} for d in deployments]
    assert kept[0] == kept[1] == kept[2]
    assert deployments[2].settings(ON_THE_EMULATOR)["VIGIE_SOURCES_TABLE"] == table
    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expires_at")
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert {rule["ID"]: rule["Expiration"]["Days"] for rule in rules if "Expiration" in rule} == {
        "archive": 30,
        "payloads": 15,
        "clients": 395,
        "watches": 30,
        "frequencies": 30,
        "search": 395,
    }


@pytest.mark.emulator
def test_template_that_cannot_be_deployed_says_which_resource(layer: Path) -> None:
    """A failed resource is named with its reason, and the next deployment starts afresh."""
    template = Template.read().document
    broken = {
        **template,
        "Resources": {
            **template["Resources"],
            "Broken": {"Type": "AWS::CodeDeploy::Application"},  # which the emulator does not know
        },
    }
    with Emulator(port=0) as emulator:
        cloud = Cloud(emulator.environment())
        with pytest.raises(
            CannotRun, match=r"The template (was refused|could not be deployed): .*(CodeDeploy|Broken)"
        ):
            deploy(cloud, Blueprint(template=broken, layer=layer, parameters=ON_THE_EMULATOR))
        deployment = deploy(cloud, Blueprint(template=template, layer=layer, parameters=ON_THE_EMULATOR))
    assert deployment.outputs["ApiStage"] == "v1"


def test_function_without_its_folder_is_named(tmp_path: Path, layer: Path) -> None:
    """A function whose code is not there is named, with where it was looked for."""
    with pytest.raises(CannotRun, match=r"ScheduleFunction names .*functions/schedule, which does not exist"):
        dict(packages(Template.read().document, layer, tmp_path))
