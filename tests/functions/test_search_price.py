"""A search costs 50 read units a page at most, whatever is looked for and whatever the index has not seen yet."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from infra.read_units import counted
from tests.builders import a_client, a_document, a_mention
from tests.functions import gateway
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.adapters import aws
from vigie.steps.mention_desk import TAIL

PRICE_LIMIT_UNITS = 50
QUESTIONS = ({"q": ["calendrier"]}, {"q": ["calendrier"], "tone": ["positive"]}, {"q": ["zibeline"]})
DAYS, A_DAY = 12, 8


@pytest.mark.emulator
def test_a_page_of_a_search_costs_fifty_read_units_at_most(stack: Stack) -> None:
    """Every page, key, client and stories included: of mentions near 4 KB that all hold the word, or none of them."""
    now = datetime.now(UTC)
    client = a_client(created_at=now - timedelta(days=60))
    wiring.accounts().put_client(client)
    headers = {"authorization": f"Bearer {wiring.desk().issue_key(client.client_id)}"}
    for day in range(DAYS):
        record(f"jour-{day}", now - timedelta(days=DAYS - day), A_DAY)
    stack.call("compact", {})
    record("frais", now - timedelta(minutes=2), TAIL + 5)
    for asked in QUESTIONS:
        prices, found, cursor = [], 0, ""
        while cursor is not None:
            query = {**asked, **({"cursor": [cursor]} if cursor else {})}
            with counted(aws.dynamodb()) as read:
                path = f"/clients/{client.client_id}/mentions"
                page = gateway.send("GET", path, headers=headers, query=query).json
            prices.append(read.units)
            found, cursor = found + len(page["mentions"]), page["cursor"]
        assert max(prices) <= PRICE_LIMIT_UNITS, prices
        assert found == (DAYS * A_DAY + TAIL + 5 if asked == QUESTIONS[0] else 0)
        print(asked, "read units a page:", prices)


def record(name: str, at: datetime, count: int) -> None:
    """Record mentions of words that cannot be made smaller, a second apart."""
    chance = random.Random(name)
    mentions = []
    for n in range(count):
        words = " ".join(f"{chance.getrandbits(40):x}" for _ in range(760))
        document = a_document(f"{name} {n}", document_id=f"{name}-{n}", body=f"Le calendrier {words}")
        mentions.append(a_mention(document, recorded_at=at + timedelta(seconds=n)))
    wiring.mentions().record(mentions)
