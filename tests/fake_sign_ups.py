# ruff: noqa: D102 - the port says what each method does
"""Sign-ups and a register of companies in memory."""

from vigie.domain.signing_up.companies import Company
from vigie.domain.signing_up.sign_ups import Consent, SignUp
from vigie.errors import Unanswered
from vigie.ports import CompanyRegister, SignUpStore


class FakeSignUps(SignUpStore):
    """Sign-ups, held to the contract of the real store."""

    def __init__(self) -> None:
        self.kept: dict[str, SignUp] = {}
        self.agreed: dict[str, dict[str, Consent]] = {}

    def put(self, signup: SignUp) -> None:
        self.kept[signup.signup_id] = signup

    def get(self, signup_id: str) -> SignUp | None:
        return self.kept.get(signup_id)

    def held(self) -> list[SignUp]:
        found = [each for each in self.kept.values() if each.state == "held"]
        return sorted(found, key=lambda each: each.asked_at)

    def keep_consent(self, client_id: str, consent: Consent) -> None:
        self.agreed.setdefault(client_id, {})[consent.at.isoformat()] = consent

    def consents(self, client_id: str) -> list[Consent]:
        return [self.agreed[client_id][at] for at in sorted(self.agreed.get(client_id, {}))]


class FakeRegister(CompanyRegister):
    """A register of a few companies, which may be down."""

    def __init__(self, *companies: Company) -> None:
        self.companies = companies
        self.is_down = False

    def search(self, text: str) -> list[Company]:
        self._answer()
        return [each for each in self.companies if each.is_called(text)]

    def company(self, siren: str) -> Company | None:
        self._answer()
        return next((each for each in self.companies if each.siren == siren), None)

    def _answer(self) -> None:
        if self.is_down:
            raise Unanswered("the company register did not answer")
