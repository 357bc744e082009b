"""What is searched for, and for whom: the plan as it stands, for those who tell clients about it. Pure."""

from dataclasses import dataclass, field

from vigie.domain.connectors.plan import Unsearchable


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPlan:
    """What is searched for one client: by connector, the sources that its searches are, and what is left out.

    A search may be shared with other clients, who are not named here.
    """

    client_id: str
    searches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unsearchable: dict[str, tuple[Unsearchable, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackPlan:
    """What a stack's searches were last planned from.

    ``version`` is that of the watches, ``connectors`` are those set up, ``troubles`` say of a platform why its
    credential cannot be used. Holds nothing of a client, and no credential.
    """

    version: str = ""
    connectors: tuple[str, ...] = ()
    troubles: dict[str, str] = field(default_factory=dict)


def connector_name(family: str, part: str = "") -> str:
    """Return the name of a connector: its platform's family, and which of several it is (an instance's host)."""
    return f"{family}@{part}" if part else family


def family_of(connector: str) -> str:
    """Return the platform's family that a connector is of."""
    return connector.partition("@")[0]


def part_of(connector: str) -> str:
    """Return which of a family's connectors it is; empty when there is one only."""
    return connector.partition("@")[2]
