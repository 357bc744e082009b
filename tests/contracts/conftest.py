# ruff: noqa: D102 - each store is named by its port
"""One suite for every port, run on the fakes and on the real adapters against the emulated cloud."""

from collections.abc import Callable
from functools import cached_property

import pytest

from tests.conftest import Cloud
from tests.fakes import World
from vigie.adapters import aws
from vigie.adapters.dynamo.accounts import DynamoAccounts
from vigie.adapters.dynamo.addresses import DynamoAddresses
from vigie.adapters.dynamo.alerts import DynamoAlerts
from vigie.adapters.dynamo.billing import DynamoBilling
from vigie.adapters.dynamo.budgets import DynamoBudgets
from vigie.adapters.dynamo.cases import DynamoAnswers, DynamoCases
from vigie.adapters.dynamo.collector import DynamoCollector
from vigie.adapters.dynamo.deliveries import DynamoDeliveries
from vigie.adapters.dynamo.digests import DynamoDigests
from vigie.adapters.dynamo.endpoints import DynamoEndpoints
from vigie.adapters.dynamo.feedback import DynamoFeedback
from vigie.adapters.dynamo.health import DynamoHealth
from vigie.adapters.dynamo.keys import DynamoKeys
from vigie.adapters.dynamo.ledger import DynamoLedger
from vigie.adapters.dynamo.mentions import DynamoMentions
from vigie.adapters.dynamo.objections import DynamoObjections
from vigie.adapters.dynamo.packs import DynamoPacks
from vigie.adapters.dynamo.reviews import DynamoReviews
from vigie.adapters.dynamo.sign_in import DynamoSignIn
from vigie.adapters.dynamo.sign_ups import DynamoSignUps
from vigie.adapters.dynamo.sources import DynamoSources
from vigie.adapters.dynamo.stories import DynamoStories
from vigie.adapters.dynamo.subscriptions import DynamoSubscriptions
from vigie.adapters.s3 import S3Blobs


class EmulatedStores:
    """The real adapters, each on a table of its own, made when a test asks for it."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    @cached_property
    def _sources_table(self) -> str:
        return self._cloud.table()

    @cached_property
    def sources(self) -> DynamoSources:
        return DynamoSources(aws.dynamodb(), self._sources_table)

    @cached_property
    def subscriptions(self) -> DynamoSubscriptions:
        return DynamoSubscriptions(aws.dynamodb(), self._sources_table)

    @cached_property
    def keys(self) -> DynamoKeys:
        return DynamoKeys(aws.dynamodb(), self._cloud.table())

    @cached_property
    def sign_in(self) -> DynamoSignIn:
        return DynamoSignIn(aws.dynamodb(), self._cloud.table())

    @cached_property
    def sign_ups(self) -> DynamoSignUps:
        return DynamoSignUps(aws.dynamodb(), self._cloud.table())

    @cached_property
    def budgets(self) -> DynamoBudgets:
        return DynamoBudgets(aws.dynamodb(), self._cloud.table())

    @cached_property
    def health(self) -> DynamoHealth:
        return DynamoHealth(aws.dynamodb(), self._cloud.table(), self._sources_table)

    @cached_property
    def stories(self) -> DynamoStories:
        return DynamoStories(aws.dynamodb(), self._cloud.table(), retention_days=30, alias_days=395)

    @cached_property
    def ledger(self) -> DynamoLedger:
        return DynamoLedger(aws.dynamodb(), self._cloud.table())

    @cached_property
    def _mentions_table(self) -> str:
        return self._cloud.table()

    @cached_property
    def mentions(self) -> DynamoMentions:
        return DynamoMentions(aws.dynamodb(), self._mentions_table, retention_days=395)

    @cached_property
    def objections(self) -> DynamoObjections:
        return DynamoObjections(aws.dynamodb(), self._mentions_table)

    @cached_property
    def feedback(self) -> DynamoFeedback:
        return DynamoFeedback(aws.dynamodb(), self._mentions_table, retention_days=395)

    @cached_property
    def cases(self) -> DynamoCases:
        return DynamoCases(aws.dynamodb(), self._mentions_table, retention_days=395)

    @cached_property
    def answers(self) -> DynamoAnswers:
        return DynamoAnswers(aws.dynamodb(), self._cloud.table())

    @cached_property
    def blobs(self) -> S3Blobs:
        return S3Blobs(aws.s3(), self._cloud.bucket())

    @cached_property
    def _digests_table(self) -> str:
        return self._cloud.table()

    @cached_property
    def digests(self) -> DynamoDigests:
        return DynamoDigests(aws.dynamodb(), self._digests_table, self.blobs, retention_days=395)

    @cached_property
    def deliveries(self) -> DynamoDeliveries:
        return DynamoDeliveries(aws.dynamodb(), self._digests_table, retention_days=395)

    @cached_property
    def alerts(self) -> DynamoAlerts:
        return DynamoAlerts(aws.dynamodb(), self._digests_table, retention_days=395)

    @cached_property
    def reviews(self) -> DynamoReviews:
        return DynamoReviews(aws.dynamodb(), self._digests_table, retention_days=395)

    @cached_property
    def addresses(self) -> DynamoAddresses:
        return DynamoAddresses(aws.dynamodb(), self._digests_table)

    @cached_property
    def collector(self) -> DynamoCollector:
        return DynamoCollector(aws.dynamodb(), self._sources_table)

    @cached_property
    def packs(self) -> DynamoPacks:
        return DynamoPacks(aws.dynamodb(), self._cloud.table())

    @cached_property
    def endpoints(self) -> DynamoEndpoints:
        return DynamoEndpoints(aws.dynamodb(), self._cloud.table())

    @cached_property
    def billing(self) -> DynamoBilling:
        return DynamoBilling(aws.dynamodb(), self._cloud.table())

    @cached_property
    def accounts(self) -> DynamoAccounts:
        return DynamoAccounts(aws.dynamodb(), self._cloud.table())


Stores = World | EmulatedStores


@pytest.fixture(params=["fake", pytest.param("emulator", marks=pytest.mark.emulator)])
def make_stores(request: pytest.FixtureRequest) -> Callable[[], Stores]:
    """Return what makes empty stores: a property test wants some for each example."""
    if request.param == "fake":
        return World
    cloud: Cloud = request.getfixturevalue("cloud")
    return lambda: EmulatedStores(cloud)


@pytest.fixture
def stores(make_stores: Callable[[], Stores]) -> Stores:
    """Return empty stores."""
    return make_stores()
