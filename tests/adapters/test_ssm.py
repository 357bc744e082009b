"""Parameters as the emulated store holds them."""

from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

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


class Denied:
    """A store that this role may not read."""

    def get_parameters_by_path(self, **_: object) -> None:
        """Refuse."""
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetParametersByPath")


def test_a_refusal_of_any_kind_may_pass() -> None:
    """Whatever the store says, those who ask can go on with what they know."""
    with pytest.raises(Transient, match="AccessDenied"):
        parameters_under(Denied(), "/vigie/connectors")
