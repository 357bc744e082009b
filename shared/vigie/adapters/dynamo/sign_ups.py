"""Sign-ups, and what clients agreed to, in AccountsTable.

::

    SIGNUP#<id>       SIGNUP              what somebody asked for; goes by itself
    SIGNUPS           HELD#<asked_at>#<id>   which of them somebody must look at
    CLIENT#<client>   CONSENT#<at>        what a client agreed to
"""

from typing import TYPE_CHECKING

from vigie.adapters.dynamo.table import Item, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.signing_up.sign_ups import Consent, SignUp
from vigie.ports import SignUpStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_DONE_KEPT_DAYS = 2  # a link pressed twice is told that all is done


class DynamoSignUps(SignUpStore):
    """``SignUpStore`` on AccountsTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def put(self, signup: SignUp) -> None:
        """Keep a sign-up, and list it while it is held."""
        goes_at = expiry(signup.goes_at, _DONE_KEPT_DAYS)
        item: Item = {
            "pk": f"SIGNUP#{signup.signup_id}",
            "sk": "SIGNUP",
            "data": pack(signup),
            "expires_at": goes_at,
        }
        writes = [self._table.put_in(item)]
        pk, sk = "SIGNUPS", f"HELD#{stamp(signup.asked_at)}#{signup.signup_id}"
        if signup.state == "held":
            place: Item = {"pk": pk, "sk": sk, "signup_id": signup.signup_id, "expires_at": goes_at}
            writes.append(self._table.put_in(place))
        elif signup.held_name:
            writes.append(self._table.delete_in(pk, sk))
        self._table.transact(writes)

    def get(self, signup_id: str) -> SignUp | None:
        """Return a sign-up."""
        item = self._table.get(f"SIGNUP#{signup_id}", "SIGNUP")
        return unpack(item["data"], SignUp) if item else None

    def held(self) -> list[SignUp]:
        """Return those that are held, the oldest first."""
        ids = [item["signup_id"] for item in self._table.query_prefix("SIGNUPS", "HELD#")]
        return [found for signup_id in ids if (found := self.get(signup_id)) and found.state == "held"]

    def keep_consent(self, client_id: str, consent: Consent) -> None:
        """Keep what a client agreed to."""
        sk = f"CONSENT#{stamp(consent.at)}"
        self._table.put({"pk": f"CLIENT#{client_id}", "sk": sk, "data": pack(consent)})

    def consents(self, client_id: str) -> list[Consent]:
        """Return what a client agreed to, in order."""
        return [
            unpack(item["data"], Consent)
            for item in self._table.query_prefix(f"CLIENT#{client_id}", "CONSENT#")
        ]
