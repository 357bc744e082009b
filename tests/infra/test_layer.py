"""Both builds of the layer, and the checks that guard them."""

import re
import zipfile
from functools import cache
from pathlib import Path

import pytest

from infra.layer import SERVICES, Layer, LayerError, Target, build, check_for_aws, import_alone, pack
from infra.template import Template

ROOT = Path(__file__).parents[2]
FUNCTIONS = sorted(path.parent for path in (ROOT / "functions").glob("*/app.py"))
ARM64, X86_64 = 183, 62


def elf(machine: int) -> bytes:
    """Return the head of a 64-bit little-endian ELF shared object."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + (3).to_bytes(2, "little") + machine.to_bytes(2, "little")


@cache
def built(target: Target) -> Layer:
    """Build a layer of the checkout, or skip where its packages cannot be had."""
    try:
        return build(target)
    except LayerError as error:
        if "pip could not install" in str(error):
            pytest.skip(str(error).splitlines()[-1])
        raise


@pytest.fixture
def layer(tmp_path: Path) -> Layer:
    """Make an empty layer, to put files in."""
    (tmp_path / "python").mkdir()
    return Layer("aws", tmp_path / "python", tmp_path / "aws.zip")


@pytest.mark.parametrize(
    ("name", "machine"),
    [("_c.cpython-313-aarch64-linux-gnu.so", ARM64), ("_c.abi3.so", ARM64), ("x.libs/libz.so.1", ARM64)],
)
def test_a_module_for_arm64_and_this_python_passes(layer: Layer, name: str, machine: int) -> None:
    """Modules for CPython 3.13 or the stable ABI pass, and libraries a wheel brings along."""
    file = layer.python / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(elf(machine))
    assert check_for_aws(layer) == []


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("_c.cpython-313-aarch64-linux-gnu.so", elf(X86_64), "not a 64-bit ARM ELF"),
        ("_c.cpython-311-aarch64-linux-gnu.so", elf(ARM64), "not for CPython 3.13"),
        ("_c.abi3.so", b"\xcf\xfa\xed\xfe", "not a 64-bit ARM ELF"),
        ("x.dist-info/WHEEL", b"Tag: cp311-cp311-manylinux_2_17_aarch64\n", "built for cp311"),
        ("x.dist-info/WHEEL", b"Tag: cp313-cp313-manylinux_2_17_x86_64\n", "built for cp313"),
    ],
)
def test_what_would_not_run_on_aws_is_named(layer: Layer, name: str, content: bytes, problem: str) -> None:
    """Another machine, another Python, another format: each is named with its file."""
    file = layer.python / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    (found,) = check_for_aws(layer)
    assert found.startswith(f"{name}: ")
    assert problem in found


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda path: path.name)
def test_the_local_layer_imports_alone(function: Path) -> None:
    """Each function imports with the layer and the standard library, and nothing else on the path."""
    assert import_alone(built("local"), function) is None


def test_a_missing_package_is_seen(layer: Layer, tmp_path: Path) -> None:
    """Importing alone does not see the packages of the environment that asks."""
    (tmp_path / "app.py").write_text("import msgspec\n", encoding="utf-8")
    assert "ModuleNotFoundError" in str(import_alone(layer, tmp_path))


def test_the_layer_for_aws_fits_and_holds_what_runs_there() -> None:
    """The build for arm64 and Python 3.13 passes its own check, and has vigie and the services' descriptions."""
    layer = built("aws")
    assert check_for_aws(layer) == []
    with zipfile.ZipFile(layer.zip_path) as archive:
        names = set(archive.namelist())
    assert "python/vigie/wiring/__init__.py" in names
    assert "python/chalice/app.py" in names
    services = {name.split("/")[3] for name in names if name.startswith("python/botocore/data/")}
    assert {*SERVICES, "endpoints.json", "partitions.json"} <= services


def test_the_layer_describes_each_service_that_is_called() -> None:
    """What ``adapters.aws`` makes clients of is what the layer keeps descriptions of, and nothing else."""
    source = (ROOT / "shared" / "vigie" / "adapters" / "aws.py").read_text(encoding="utf-8")
    assert set(re.findall(r"boto3\.client\(\s*\"([\w-]+)\"", source)) == SERVICES


def test_the_template_deploys_the_layer_for_aws() -> None:
    """What the template names is what the build writes."""
    (version,) = Template.read().resources("AWS::Serverless::LayerVersion").values()
    assert ROOT / version["Properties"]["ContentUri"] == built("aws").zip_path


@pytest.mark.parametrize("target", ["local", "aws"])
def test_the_same_inputs_give_the_same_zip(target: Target, tmp_path: Path) -> None:
    """Files packed again, whatever their dates, give the same bytes; the zip has no date of its own."""
    layer = built(target)
    again = tmp_path / "again.zip"
    for folder in ("vigie", "msgspec"):
        pack(layer.python / folder, layer.python.parent, again)
        first = again.read_bytes()
        for file in (layer.python / folder).glob("*.py"):
            file.touch()
        pack(layer.python / folder, layer.python.parent, again)
        assert again.read_bytes() == first
    with zipfile.ZipFile(layer.zip_path) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
