"""Parameters as the emulated store holds them."""

from uuid import uuid4

import pytest

from tests.conftest import Cloud
from vigie.adapters import aws
from vigie.adapters.ssm import parameters_under
from vigie.errors import Transient


@pytest.mark.emulator
def test_all_parameters_under_a_path_are_read(cloud: Cloud) -> None:
    """However many there are, each comes back decrypted by the rest of its name, and no neighbour does."""
    del cloud
    prefix = f"/vigie-{uuid4().hex}/connectors"
    wanted = {f"platform-{number}": f"secret {number}" for number in range(12)}  # a page holds ten
    for name, value in wanted.items():
        aws.ssm().put_parameter(Name=f"{prefix}/{name}", Value=value, Type="SecureString")
    aws.ssm().put_parameter(Name=f"{prefix}-others/x", Value="theirs", Type="SecureString")
    assert parameters_under(aws.ssm(), prefix) == wanted
    assert parameters_under(aws.ssm(), f"{prefix}/none") == {}


@pytest.mark.emulator
def test_a_refusal_of_any_kind_may_pass(cloud: Cloud) -> None:
    """Whatever the store says, those who ask can go on with what they know."""
    del cloud
    with pytest.raises(Transient, match="no slash"):
        parameters_under(aws.ssm(), "no slash")
